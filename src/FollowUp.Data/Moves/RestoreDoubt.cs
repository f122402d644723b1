using FollowUp.Data.Context;
using FollowUp.Data.Ledger;
using NodaTime;

namespace FollowUp.Data.Moves;

/// <summary>
/// In a restored store the first claim of a text is a question: it becomes of unknown outcome, as if this very copy had called Twilio and died, and is
/// settled by Twilio's list like any other. Only what the list does not have is claimed again, and sent.
/// </summary>
internal static class RestoreDoubt
{
    /// <returns>Whether the text is in doubt: it is of unknown outcome now, and is not to be sent.</returns>
    public static async Task<bool> TakeAsync(FollowUpContext db, IAttempt row, Instant now, Duration grace, CancellationToken cancellation)
    {
        if (await RestoreStore.DoubtAsync(db, now, cancellation) is not { } doubt || row.DoubtedAt >= doubt.Until)
        {
            return false;
        }

        row.State = StepState.Unknown;
        row.Attempt++;

        // The list is asked for messages since then.
        row.ClaimedAt = doubt.From;
        row.DoubtedAt = now;
        row.NotBefore = now + grace;
        row.SlotAt = null;
        return true;
    }
}
