using NodaTime;

namespace FollowUp.Data.Rows;

internal sealed class ClinicRow
{
    public required string Id { get; init; }
    public required string Name { get; set; }
    public required string TimeZone { get; set; }
    public required string Phone { get; set; }
    public string? EmergencyNumber { get; set; }
    public string? BookingUrl { get; set; }
    public required List<string> Languages { get; set; }
    public required Completion Completion { get; set; }
    public required LocalTime SendingFrom { get; set; }
    public required LocalTime SendingTo { get; set; }
    public required List<string> StaffAlerts { get; set; }
    public string? Sender { get; set; }
    public required string PlanSettings { get; set; }

    /// <summary>Counts its changes.</summary>
    public int Revision { get; set; } = 1;
    public required string Fhir { get; set; }
    public required string Webhooks { get; set; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; set; }
}
