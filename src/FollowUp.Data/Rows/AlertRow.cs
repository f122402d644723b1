using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>Something that staff of a clinic must learn. Ids only.</summary>
internal sealed class AlertRow
{
    public long Id { get; init; }
    public required string ClinicId { get; init; }
    public required AlertKind Kind { get; init; }
    public required bool Urgent { get; init; }
    public string? PatientId { get; init; }
    public string? SessionId { get; init; }
    public string? Step { get; init; }
    public string? InboundSid { get; init; }
    public string? Detail { get; init; }
    public required string Cause { get; init; }
    public required Instant RaisedAt { get; init; }
    public Instant? NotifyAt { get; set; }
    public Instant? NotifiedAt { get; set; }
    public int Notifications { get; set; }
    public Instant? AcknowledgedAt { get; set; }
    public string? AcknowledgedBy { get; set; }
}
