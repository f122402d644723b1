using NodaTime;

namespace FollowUp.Data.Ledger;

/// <summary>What a row says of the sending of its text: the same for a step of a session and for a text outside of a plan.</summary>
internal interface IAttempt
{
    string ClinicId { get; }
    StepState State { get; set; }
    string? Reason { get; set; }

    /// <summary>Fences a late worker of an earlier attempt.</summary>
    int Attempt { get; set; }

    /// <summary>A retry, the settling of an unknown outcome or the sender's pace waits for this.</summary>
    Instant? NotBefore { get; set; }

    /// <summary>When the sender's pace lets the text leave.</summary>
    Instant? SlotAt { get; set; }
    Instant? ClaimedAt { get; set; }
    string? Sender { get; set; }
    string? MessageSid { get; set; }
    Instant? SentAt { get; set; }
    Instant? DeliveredAt { get; set; }
    int? ErrorCode { get; set; }

    /// <summary>When Twilio was last asked what became of it.</summary>
    Instant? AskedAt { get; set; }

    /// <summary>When the text was last taken for one that a copy of the store which is lost may have sent.</summary>
    Instant? DoubtedAt { get; set; }
}
