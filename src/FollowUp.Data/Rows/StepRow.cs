using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using FollowUp.Data.Ledger;
using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>One row of the message ledger: a text that a session has, had or will not have.</summary>
internal sealed class StepRow : IAttempt
{
    public required string ClinicId { get; init; }
    public required string SessionId { get; init; }
    public required string Step { get; init; }
    public required StepKind Kind { get; set; }
    public required string TextKey { get; set; }
    public required StepState State { get; set; }
    public string? Reason { get; set; }
    public required Instant DueAt { get; set; }
    public required Instant UsefulUntil { get; set; }
    public Instant? NotBefore { get; set; }
    public bool AwaitsCompletion { get; set; }

    /// <summary>What the text of the present attempt asks for; null when it was sent by a version that did not keep it.</summary>
    public AskedFor? Asks { get; set; }
    public int Attempt { get; set; }
    public Instant? ClaimedAt { get; set; }
    public string? Recipient { get; set; }
    public string? Text { get; set; }
    public string? MessageSid { get; set; }
    public Instant? SentAt { get; set; }
    public Instant? DeliveredAt { get; set; }
    public int? ErrorCode { get; set; }
    public string? Sender { get; set; }
    public Instant? SlotAt { get; set; }
    public int Resends { get; set; }
    public Instant? AskedAt { get; set; }
    public Instant? DoubtedAt { get; set; }

    /// <summary>Staff do not want it. It stays so through every recomputation, until they retry it.</summary>
    public Instant? StaffSkippedAt { get; set; }

    /// <summary>Staff want it at once. An order from before the present start was booked is void.</summary>
    public Instant? SendNowAt { get; set; }

    /// <summary>Staff have planned it again.</summary>
    public Instant? RetriedAt { get; set; }

    /// <summary>When a text that has left, or may have, did so.</summary>
    public Instant LeftAt => SentAt ?? ClaimedAt ?? DueAt;

    public SessionKey Session => new(ClinicId, SessionId);

    /// <summary>Whether a text may have left for this step: what is decided about it then follows Twilio and no longer the plan.</summary>
    public bool HasLeft => State is StepState.Sending or StepState.Unknown or StepState.Sent or StepState.Delivered or StepState.Undelivered;
}
