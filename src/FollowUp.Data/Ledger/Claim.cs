using FollowUp.Data.Planning;
using NodaTime;

namespace FollowUp.Data.Ledger;

/// <summary>What a worker that wants to send a step may do.</summary>
/// <param name="Next">What the session's orchestration does next, unless the step was claimed.</param>
/// <param name="Text">The text to send now; null when the step is not to be sent, or not now, or its outcome must be settled first.</param>
/// <param name="Timestamp">When the claim was made, on the system's monotonic clock.</param>
public sealed record Claim(NextAction Next, ClaimedText? Text, long Timestamp)
{
    /// <summary>How old the claim is. Real time on purpose: it is compared with a network's time-out, and a frozen process must notice.</summary>
    public TimeSpan Age => TimeProvider.System.GetElapsedTime(Timestamp);
}

/// <summary>A claimed text. The claim is committed: whatever happens from here on is on record as a possible send.</summary>
/// <param name="Attempt">Fences the record of the outcome: a later attempt makes it void.</param>
/// <param name="Recipient">E.164.</param>
/// <param name="Body">The exact text.</param>
/// <param name="ClaimedAt">When; no message of this attempt is older.</param>
public sealed record ClaimedText(int Attempt, string Recipient, string Body, Instant ClaimedAt)
{
    /// <summary>What to send it from.</summary>
    public string? Sender { get; init; }

    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => $"attempt {Attempt}";
}
