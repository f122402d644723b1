using FollowUp.Data.Alerts;
using FollowUp.Data.Context;
using FollowUp.Data.Ledger;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Senders;

/// <summary>
/// The pause of a sender whose texts are all refused: by Twilio at once, or by the carriers in reports afterwards. One text at a time tries
/// whether it works again, after longer and longer waits.
/// </summary>
internal static class SenderPause
{
    /// <summary>After a pause the one text that tries goes first; the others follow when its outcome is known.</summary>
    public static readonly Duration AfterProbe = Duration.FromSeconds(30);

    private static readonly Duration FirstPause = Duration.FromMinutes(5);
    private static readonly Duration LongestPause = Duration.FromMinutes(60);

    /// <summary>Carriers refuse within seconds. One of which nothing bad is heard for this long has got through, reported or not.</summary>
    private static readonly Duration NoNewsIsGoodNewsAfter = Duration.FromMinutes(10);

    /// <summary>A text of the sender was refused as all are.</summary>
    /// <param name="claimedAt">When that text was claimed.</param>
    /// <param name="reported">Twilio had taken it, and reports so.</param>
    /// <returns>When a text may try again; and whether the pause is news.</returns>
    public static async Task<(Instant Probe, bool IsNew)> BeginAsync(
        FollowUpContext db, string sender, int code, Instant claimedAt, bool reported, Instant now, CancellationToken cancellation)
    {
        var row = await FindOrAddAsync(db, sender, cancellation);
        var isNew = row.PausedAt is null;

        // Texts that were under way together meet the same trouble: it counts once. One that was claimed since has tried, in vain.
        if (isNew || claimedAt > row.PausedAt)
        {
            row.ProbeAt = now + PauseAfter(row.Pauses++);
            row.ProbeTaken = false;
        }

        row.PausedAt ??= now;
        row.PauseCode = code;
        row.PauseReported |= reported;
        return (row.ProbeAt ?? now, isNew);
    }

    /// <summary>
    /// When the text that met the trouble is tried again. The first time it goes before all others; then others have their turn first, and it
    /// waits longer each time: the trouble may be its own, such as a region that texts are switched off for, and must not keep the sender paused.
    /// </summary>
    /// <param name="attempt">Of the text, from 1.</param>
    public static Instant TryAgainAt(Instant probe, int attempt, Instant now) =>
        attempt <= 1 ? probe : Instant.Max(probe + (AfterProbe * 2), now + PauseAfter(attempt - 1));

    /// <summary>
    /// Twilio took a text, or refused it for a reason of its own: the sender works, as far as Twilio is concerned. What was claimed before the
    /// pause says nothing, and where carriers refuse, their silence or a delivery has to say it.
    /// </summary>
    public static async Task TakenAsync(FollowUpContext db, IAttempt text, Instant now, CancellationToken cancellation)
    {
        if (text.Sender is not { } sender || await FindAsync(db, sender, cancellation) is not { PausedAt: { } pausedAt } row
            || text.ClaimedAt <= pausedAt)
        {
            return;
        }

        if (row.PauseReported)
        {
            row.ProbeTaken = true;
            row.ProbeAt = now + NoNewsIsGoodNewsAfter;
        }
        else
        {
            await EndAsync(db, row, now, cancellation);
            row.Pauses = 0;
        }
    }

    /// <summary>A text has reached its phone: if it left since the pause began, that is over.</summary>
    public static async Task DeliveredAsync(FollowUpContext db, IAttempt text, Instant now, CancellationToken cancellation)
    {
        if (text.Sender is not { } sender || await FindAsync(db, sender, cancellation) is not { Pauses: > 0 } row || text.ClaimedAt <= row.PausedAt)
        {
            return;
        }

        await EndAsync(db, row, now, cancellation);
        row.Pauses = 0;
    }

    /// <summary>Staff say that what made Twilio refuse the texts has been mended.</summary>
    /// <returns>Whether the sender had been paused.</returns>
    public static async Task<bool> EndByStaffAsync(FollowUpContext db, string sender, Instant now, CancellationToken cancellation)
    {
        if (await FindAsync(db, sender, cancellation) is not { PausedAt: not null } row)
        {
            return false;
        }

        await EndAsync(db, row, now, cancellation);
        row.Pauses = 0;

        // Those that wait are given new places, from now on.
        row.NextSlotAt = null;
        return true;
    }

    /// <summary>Whether nothing bad was heard of the text that tried for long enough.</summary>
    public static bool HasPassed(SenderRow row, Instant now) => row is { PausedAt: not null, ProbeTaken: true } && now >= row.ProbeAt;

    /// <summary>The places that were given out while it lasted stay good, and its alert is settled.</summary>
    public static async Task EndAsync(FollowUpContext db, SenderRow row, Instant now, CancellationToken cancellation)
    {
        if (row.PausedAt is not null)
        {
            await AlertLog.SettlePauseAsync(db, row.Sender, now, cancellation);
        }

        row.PausedAt = null;
        row.PauseCode = null;
        row.PauseReported = false;
        row.ProbeAt = null;
        row.ProbeTaken = false;
    }

    public static async Task<SenderRow> FindOrAddAsync(FollowUpContext db, string sender, CancellationToken cancellation)
    {
        if (await FindAsync(db, sender, cancellation) is { } row)
        {
            return row;
        }

        row = new SenderRow { Sender = sender };
        db.Senders.Add(row);
        return row;
    }

    private static async Task<SenderRow?> FindAsync(FollowUpContext db, string sender, CancellationToken cancellation) =>
        await db.Senders.FindAsync([sender], cancellation);

    private static Duration PauseAfter(int pauses) => pauses >= 4 ? LongestPause : FirstPause * (1 << pauses);
}
