using FollowUp.Data.Alerts;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Senders;

/// <summary>
/// Lets texts of one sender leave at its pace, and none while Twilio refuses all of them. It is asked inside the transaction that claims a
/// text, so that two workers never get the same place in the queue.
/// </summary>
internal sealed class SenderGate(SendRules rules)
{
    /// <summary>A place in the queue that was missed by more than this is given up: using it late would make a burst.</summary>
    private static readonly Duration PlaceIsGoodFor = Duration.FromSeconds(10);

    /// <summary>After a pause the one text that tries goes first; the others follow when its outcome is known.</summary>
    private static readonly Duration AfterProbe = Duration.FromSeconds(30);

    private static readonly Duration FirstPause = Duration.FromMinutes(5);
    private static readonly Duration LongestPause = Duration.FromMinutes(60);

    /// <summary>Asks whether a text may leave now.</summary>
    /// <param name="slot">The place in the queue that the text has been given before.</param>
    /// <param name="urgent">It goes first, and takes a place from those behind it.</param>
    /// <returns>Null for yes; else when to ask again, which is then the text's place.</returns>
    public async Task<Instant?> WaitAsync(
        FollowUpContext db, string sender, Instant? slot, bool urgent, Instant now, CancellationToken cancellation)
    {
        var row = await FindOrAddAsync(db, sender, cancellation);
        if (row.PausedAt is not null)
        {
            if (now < row.ProbeAt)
            {
                return TakePlace(row, row.ProbeAt.Value + AfterProbe);
            }

            // This one tries. The others ask again when its outcome is known; should that get lost, one of them tries.
            row.ProbeAt = now + AfterProbe;
            return null;
        }

        if (urgent)
        {
            TakePlace(row, now);
            return null;
        }

        if (slot is { } given && given <= now && now <= given + PlaceIsGoodFor)
        {
            return null;
        }

        var place = TakePlace(row, now);
        return place > now ? place : null;
    }

    /// <summary>Twilio refuses all texts of the sender.</summary>
    /// <param name="claimedAt">When the text that met it was claimed.</param>
    /// <returns>When a text may try again; and whether the pause is news.</returns>
    public static async Task<(Instant Probe, bool IsNew)> PauseAsync(
        FollowUpContext db, string sender, int code, Instant claimedAt, Instant now, CancellationToken cancellation)
    {
        var row = await FindOrAddAsync(db, sender, cancellation);
        var isNew = row.PausedAt is null;
        row.PausedAt ??= now;
        row.PauseCode = code;

        // Texts that were under way together meet the same trouble: it counts once. One that was claimed since has tried, in vain.
        if (isNew || claimedAt > row.PausedAt)
        {
            row.ProbeAt = now + PauseAfter(row.Pauses++);
        }

        return (row.ProbeAt ?? now, isNew);
    }

    /// <summary>
    /// When the text that met the trouble is tried again. The first time it goes before all others; then others have their turn first, and it
    /// waits longer each time: the trouble may be its own, such as a region that texts are switched off for, and must not keep the sender paused.
    /// </summary>
    /// <param name="attempt">Of the text, from 1.</param>
    public static Instant TryAgainAt(Instant probe, int attempt, Instant now) =>
        attempt <= 1 ? probe : Instant.Max(probe + (AfterProbe * 2), now + PauseAfter(attempt - 1));

    /// <summary>A text got through, or staff say so: sending goes on.</summary>
    /// <returns>Whether it had been paused.</returns>
    public static async Task<bool> ResumeAsync(FollowUpContext db, string sender, Instant now, CancellationToken cancellation)
    {
        if (await db.Senders.FindAsync([sender], cancellation) is not { PausedAt: not null } row)
        {
            return false;
        }

        row.PausedAt = null;
        row.PauseCode = null;
        row.ProbeAt = null;
        row.Pauses = 0;
        row.NextSlotAt = null;
        await AlertLog.SettlePauseAsync(db, sender, now, cancellation);
        return true;
    }

    private Instant TakePlace(SenderRow row, Instant earliest)
    {
        var place = row.NextSlotAt is { } next && next > earliest ? next : earliest;
        row.NextSlotAt = place + Duration.FromSeconds(1 / rules.MessagesPerSecondOf(row.Sender));
        return place;
    }

    private static Duration PauseAfter(int pauses) => pauses >= 4 ? LongestPause : FirstPause * (1 << pauses);

    private static async Task<SenderRow> FindOrAddAsync(FollowUpContext db, string sender, CancellationToken cancellation)
    {
        if (await db.Senders.FindAsync([sender], cancellation) is { } row)
        {
            return row;
        }

        row = new SenderRow { Sender = sender };
        db.Senders.Add(row);
        return row;
    }
}
