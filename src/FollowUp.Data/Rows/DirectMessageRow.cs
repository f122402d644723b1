using FollowUp.Data.Ledger;
using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>A text outside of a plan: an answer to the patient's own message, or an alert to staff.</summary>
internal sealed class DirectMessageRow : IAttempt
{
    public required string ClinicId { get; init; }
    public required string Id { get; init; }
    public required DirectMessageKind Kind { get; init; }
    public string? PatientId { get; init; }
    public string? InboundSid { get; init; }

    /// <summary>The urgent alert that it tells of: who answers it has that one, and no other.</summary>
    public long? AlertId { get; init; }
    public required StepState State { get; set; }
    public string? Reason { get; set; }
    public required string Recipient { get; init; }
    public required string Text { get; init; }
    public string? Sender { get; set; }
    public required Instant DueAt { get; set; }
    public required Instant UsefulUntil { get; init; }
    public Instant? NotBefore { get; set; }
    public Instant? SlotAt { get; set; }
    public int Attempt { get; set; }
    public Instant? ClaimedAt { get; set; }
    public string? MessageSid { get; set; }
    public Instant? SentAt { get; set; }
    public Instant? DeliveredAt { get; set; }
    public int? ErrorCode { get; set; }
    public Instant? AskedAt { get; set; }
    public Instant? DoubtedAt { get; set; }
    public required Instant CreatedAt { get; init; }
}
