using System.Text.Json;
using FollowUp.Data.Context;
using FollowUp.Data.Sessions;

namespace FollowUp.Data.Imports;

/// <summary>A booking that waits in the store for its turn, as JSON.</summary>
internal sealed record StoredBooking(
    string Patient, string FirstName, string Phone, string? Language, string? TimeZone, IReadOnlyList<string>? Consents, string? ConsentMethod,
    string? ConsentWording, bool EssentialsOnly, string Plan, string StartsAt, int SessionNumber, int PlannedSessions)
{
    public static string Write(Booking booking) => JsonSerializer.Serialize(
        new StoredBooking(
            booking.Patient.Id, booking.Patient.FirstName, booking.Patient.Phone, booking.Patient.Language, booking.Patient.TimeZone,
            booking.Patient.Consents?.Select(EnumText.Of).ToList(), booking.Patient.ConsentMethod, booking.Patient.ConsentWording,
            booking.Patient.EssentialsOnly, booking.PlanId, StoreText.Instant.Format(booking.StartsAt), booking.SessionNumber, booking.PlannedSessions),
        JsonSerializerOptions.Web);

    public static Booking Read(SessionKey key, string text)
    {
        var stored = JsonSerializer.Deserialize<StoredBooking>(text, JsonSerializerOptions.Web)!;
        return new Booking
        {
            Key = key,
            Patient = new BookedPatient
            {
                Id = stored.Patient,
                FirstName = stored.FirstName,
                Phone = stored.Phone,
                Language = stored.Language,
                TimeZone = stored.TimeZone,
                Consents = stored.Consents?.Select(EnumText.Parse<ConsentKind>).ToHashSet(),
                ConsentMethod = stored.ConsentMethod,
                ConsentWording = stored.ConsentWording,
                EssentialsOnly = stored.EssentialsOnly,
            },
            PlanId = stored.Plan,
            StartsAt = StoreText.Instant.Parse(stored.StartsAt).Value,
            SessionNumber = stored.SessionNumber,
            PlannedSessions = stored.PlannedSessions,
        };
    }

    /// <summary>The patient's id alone.</summary>
    public override string ToString() => Patient;
}
