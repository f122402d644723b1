using FollowUp.Data.Delivery;
using FollowUp.Data.Planning;
using NodaTime;

namespace FollowUp.Data.Ledger;

/// <summary>
/// One text that is to be sent, as the worker that sends it sees it: claim, look a last time, call Twilio once, record. Each call is one
/// transaction and answers with what comes next.
/// </summary>
public interface IOutgoingText
{
    /// <summary>Names an attempt in a callback address and in logs: ids alone.</summary>
    SendReference Reference(int attempt);

    /// <summary>
    /// Checks all that could forbid the text and claims it, in one transaction. One that an earlier run of the same work has claimed and not
    /// recorded is of unknown outcome, and is not claimed again here.
    /// </summary>
    /// <param name="grace">How long after now an outcome that turns out unknown may be settled.</param>
    /// <param name="cancellation">Gives up; nothing was changed.</param>
    Task<Claim> ClaimAsync(Duration grace, CancellationToken cancellation);

    /// <summary>
    /// The last look before the call: whether the attempt still stands and nothing that was committed since its claim, such as a STOP,
    /// forbids it.
    /// </summary>
    Task<bool> MaySendAsync(int attempt, CancellationToken cancellation);

    /// <summary>Records what became of an attempt. If the text has gone on since (settled by a callback, claimed again), nothing changes.</summary>
    Task<NextAction> RecordAsync(int attempt, SendRecord record, CancellationToken cancellation);

    /// <summary>The text, if nobody knows whether Twilio has it.</summary>
    Task<ClaimedText?> FindUnknownAsync(CancellationToken cancellation);

    /// <summary>What comes next as things are.</summary>
    Task<NextAction> PlanAsync(CancellationToken cancellation);
}
