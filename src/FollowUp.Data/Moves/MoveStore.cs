using System.Security.Cryptography;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Data.Moves;

/// <summary>Marks the store as moved on, and takes that back.</summary>
public sealed class MoveStore
{
    private static readonly InstantPattern s_name = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");

    private readonly Store _store;
    private readonly IClock _clock;

    internal MoveStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>
    /// Marks the store as moved on. It comes before the first row is read: whatever fails afterwards, there are never two living copies. A store that is
    /// marked already keeps its mark, so that an export which failed can be made again.
    /// </summary>
    /// <param name="note">Where to, in the operator's words.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellation">Gives up; nothing was marked.</param>
    public Task<MoveView> RetireAsync(string? note, string actor, CancellationToken cancellation) => _store.WriteEvenIfMovedAsync(async db =>
    {
        if (await MovedStore.FindAsync(db, cancellation) is { } earlier)
        {
            return View(earlier, again: true);
        }

        var now = _clock.GetCurrentInstant();
        var row = new MoveRow { Id = NewId(now), Kind = MoveKind.MovedOut, At = now, CopiedAt = now, Actor = actor, Note = note };
        db.Moves.Add(row);
        await AuditAsync(db, row, "store-moved-out", now, note, cancellation);
        return View(row, again: false);
    }, cancellation);

    /// <summary>Makes the store live again.</summary>
    /// <returns>Null when it was not marked as moved on.</returns>
    public Task<MoveView?> TakeBackAsync(string actor, CancellationToken cancellation) => _store.WriteEvenIfMovedAsync(async db =>
    {
        if (await MovedStore.FindAsync(db, cancellation) is not { } row)
        {
            return null;
        }

        row.EndedAt = _clock.GetCurrentInstant();
        await AuditAsync(db, row, "store-taken-back", row.EndedAt.Value, null, cancellation, actor);
        return View(row, again: false);
    }, cancellation);

    /// <summary>An id for a copy: when it was made, and something that no other has.</summary>
    public static string NewId(Instant at) => $"{s_name.Format(at)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>One entry for each clinic, which reads its own audit alone.</summary>
    internal static async Task AuditAsync(
        FollowUpContext db, MoveRow move, string action, Instant now, string? detail, CancellationToken cancellation, string? actor = null)
    {
        foreach (var clinic in await db.Clinics.Select(row => row.Id).ToListAsync(cancellation))
        {
            db.Audit.Add(new AuditRow { ClinicId = clinic, At = now, Actor = actor ?? move.Actor, Action = action, Subject = move.Id, Detail = detail });
        }
    }

    private static MoveView View(MoveRow row, bool again) => new(row.Id, row.At, row.Note, again);
}

/// <summary>That the store has been moved on.</summary>
/// <param name="Id">Of the export; its file and the copies made of it carry the same.</param>
/// <param name="At">When.</param>
/// <param name="Note">Where to, in the operator's words.</param>
/// <param name="Again">It had been marked before.</param>
public sealed record MoveView(string Id, Instant At, string? Note, bool Again);
