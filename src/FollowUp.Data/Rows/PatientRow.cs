using NodaTime;

namespace FollowUp.Data.Rows;

internal sealed class PatientRow
{
    public required string ClinicId { get; init; }
    public required string Id { get; init; }
    public required string FirstName { get; set; }
    public required string Phone { get; set; }
    public required string Language { get; set; }
    public required string TimeZone { get; set; }
    public required bool EssentialsOnly { get; set; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; set; }
}
