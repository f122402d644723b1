using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Moves;

/// <summary>
/// A store that was restored from a backup does not know what its lost successor did: which texts it sent, which patients said STOP to it. Nothing
/// leaves until their replies have been read again, and each text is looked for at Twilio before it leaves for the first time.
/// </summary>
public sealed class RestoreStore
{
    /// <summary>
    /// So long after the restore a text is looked for: what was due before has left or lapsed by then, texts that had to wait for a morning, a free day or a
    /// second try too. Longer would do harm: weeks later the same wording is a text about another session.
    /// </summary>
    private static readonly Duration LookedForAtLeast = Duration.FromDays(7);

    private readonly Store _store;
    private readonly IClock _clock;

    internal RestoreStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>Marks the store as one that is as it was at an instant in the past, and has every session looked at again.</summary>
    /// <param name="id">Of the backup.</param>
    /// <param name="from">What the store holds is of this instant.</param>
    /// <param name="held">Nothing is sent until <see cref="ReleaseAsync"/>.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellation">Gives up; nothing was marked.</param>
    public Task<RestoreView> MarkAsync(string id, Instant from, bool held, string actor, CancellationToken cancellation) => _store.WriteAsync(async db =>
    {
        var now = _clock.GetCurrentInstant();
        if (await db.Moves.FindAsync([id, MoveKind.Restored], cancellation) is { } earlier)
        {
            // A restore that was begun, and is made again.
            db.Moves.Remove(earlier);
            await db.SaveChangesAsync(cancellation);
        }

        var row = new MoveRow { Id = id, Kind = MoveKind.Restored, At = now, CopiedAt = from, Actor = actor, Held = held };
        db.Moves.Add(row);
        await MoveStore.AuditAsync(db, row, "store-restored", now, $"as of {StoreText.Instant.Format(from)}", cancellation);
        await UnseenSessions.MarkAsync(db, cancellation);
        return View(row);
    }, cancellation);

    /// <summary>The restore after which nothing may leave yet; null when there is none.</summary>
    public Task<RestoreView?> FindOpenAsync(CancellationToken cancellation) => _store.ReadAsync(
        async db => await OpenAsync(db, cancellation) is { } row ? View(row) : null, cancellation);

    /// <summary>The replies have been read again. Texts may leave now, unless the operator holds them.</summary>
    public Task CaughtUpAsync(string id, CancellationToken cancellation) => _store.WriteAsync(async db =>
    {
        if (await db.Moves.FindAsync([id, MoveKind.Restored], cancellation) is { } row)
        {
            row.CaughtUpAt ??= _clock.GetCurrentInstant();
            End(row);
        }

        return true;
    }, cancellation);

    /// <summary>The operator lets texts leave, as soon as the replies have been read again.</summary>
    /// <returns>False when nothing was held.</returns>
    public Task<bool> ReleaseAsync(string actor, CancellationToken cancellation) => _store.WriteAsync(async db =>
    {
        if (await OpenAsync(db, cancellation) is not { Held: true } row)
        {
            return false;
        }

        row.Held = false;
        End(row);
        await MoveStore.AuditAsync(db, row, "store-released", _clock.GetCurrentInstant(), null, cancellation, actor);
        return true;
    }, cancellation);

    /// <summary>The instant since which the lost copy may have sent a text that is claimed now; null when no text is in doubt.</summary>
    internal static async Task<(Instant From, Instant Until)?> DoubtAsync(FollowUpContext db, Instant now, CancellationToken cancellation)
    {
        (Instant From, Instant Until)? doubt = null;
        foreach (var row in await db.Moves.AsNoTracking().Where(row => row.Kind == MoveKind.Restored).ToListAsync(cancellation))
        {
            if (now < row.At + Duration.Max(LookedForAtLeast, row.At - row.CopiedAt))
            {
                doubt = doubt is { } other ? (Instant.Min(other.From, row.CopiedAt), Instant.Max(other.Until, row.At)) : (row.CopiedAt, row.At);
            }
        }

        return doubt;
    }

    private void End(MoveRow row)
    {
        if (row is { CaughtUpAt: not null, Held: false })
        {
            row.EndedAt ??= _clock.GetCurrentInstant();
        }
    }

    private static Task<MoveRow?> OpenAsync(FollowUpContext db, CancellationToken cancellation) => db.Moves
        .Where(row => row.Kind == MoveKind.Restored && row.EndedAt == null).OrderBy(row => row.CopiedAt).ThenBy(row => row.Id).FirstOrDefaultAsync(cancellation);

    private static RestoreView View(MoveRow row) => new(row.Id, row.CopiedAt, row.At, row.CaughtUpAt is not null, row.Held);
}

/// <summary>A restore after which nothing may leave yet.</summary>
/// <param name="Id">Of the backup.</param>
/// <param name="From">What the store holds is of this instant.</param>
/// <param name="At">When it was restored.</param>
/// <param name="CaughtUp">The replies that came in between have been read again.</param>
/// <param name="Held">The operator holds all texts.</param>
public sealed record RestoreView(string Id, Instant From, Instant At, bool CaughtUp, bool Held);
