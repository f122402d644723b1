using FollowUp.Data.Patients;
using NodaTime;

namespace FollowUp.Data.Rows;

internal sealed class PatientRow
{
    public required string ClinicId { get; init; }
    public required string Id { get; init; }
    public required string FirstName
    {
        get;
        set
        {
            field = value;
            NameKey = SearchKeys.OfName(value);
        }
    }

    public required string Phone
    {
        get;
        set
        {
            field = value;
            PhoneReversed = SearchKeys.Reverse(value);
        }
    }

    /// <summary>What the patient is found by.</summary>
    public string NameKey { get; private set; } = "";

    /// <summary>The number from its end, so that its last digits find it.</summary>
    public string PhoneReversed { get; private set; } = "";
    public required string Language { get; set; }
    public required string TimeZone { get; set; }
    public required bool EssentialsOnly { get; set; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; set; }
}
