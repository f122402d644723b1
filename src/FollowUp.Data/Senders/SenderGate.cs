using FollowUp.Data.Context;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Senders;

/// <summary>
/// Lets texts of one sender leave at its pace, and none while they are refused. It is asked inside the transaction that claims a text, so that
/// two workers never get the same place in the queue. When a pause begins and ends is <see cref="SenderPause"/>'s.
/// </summary>
internal sealed class SenderGate(SendRules rules)
{
    /// <summary>A place in the queue that was missed by more than this is given up: using it late would make a burst.</summary>
    private static readonly Duration PlaceIsGoodFor = Duration.FromSeconds(10);

    /// <summary>Asks whether a text may leave now.</summary>
    /// <param name="slot">The place in the queue that the text has been given before.</param>
    /// <param name="first">It goes before all that wait, and takes a place from those behind it.</param>
    /// <returns>Null for yes; else when to ask again, which is then the text's place.</returns>
    public async Task<Instant?> WaitAsync(
        FollowUpContext db, string sender, Instant? slot, bool first, Instant now, CancellationToken cancellation)
    {
        var row = await SenderPause.FindOrAddAsync(db, sender, cancellation);
        if (SenderPause.HasPassed(row, now))
        {
            await SenderPause.EndAsync(db, row, now, cancellation);
        }

        if (row.PausedAt is not null)
        {
            if (now < row.ProbeAt)
            {
                return TakePlace(row, row.ProbeAt.Value + SenderPause.AfterProbe);
            }

            // This one tries. The others ask again when its outcome is known; should that get lost, one of them tries.
            row.ProbeAt = now + SenderPause.AfterProbe;
            return null;
        }

        if (first)
        {
            TakePlace(row, now);
            return null;
        }

        // A text that is claimed a little early, by a machine whose clock is behind, keeps its place.
        if (slot is { } given && given <= now + LedgerStore.ClockSkew && now <= given + PlaceIsGoodFor)
        {
            return null;
        }

        var place = TakePlace(row, now);
        return place > now ? place : null;
    }

    private Instant TakePlace(SenderRow row, Instant earliest)
    {
        var place = row.NextSlotAt is { } next && next > earliest ? next : earliest;
        row.NextSlotAt = place + Duration.FromSeconds(1 / rules.MessagesPerSecondOf(row.Sender));
        return place;
    }
}
