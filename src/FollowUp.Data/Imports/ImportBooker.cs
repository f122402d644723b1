using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Imports;

/// <summary>
/// Books the waiting lines of an import, in the order of the file. A booking and what the import says of it are one transaction, so that each
/// line is booked and counted once, however often a worker dies over it.
/// </summary>
public sealed class ImportBooker
{
    private readonly Store _store;
    private readonly SessionStore _sessions;
    private readonly IClock _clock;

    internal ImportBooker(Store store, SessionStore sessions, IClock clock) => (_store, _sessions, _clock) = (store, sessions, clock);

    /// <summary>Books the next lines in one transaction, and ends the import when none is left.</summary>
    /// <param name="clinic">Whose import it is.</param>
    /// <param name="import">Its id.</param>
    /// <param name="limit">
    /// How many lines: a few, because whoever wants to write waits for so long, and because all of them are undone when one cannot be booked.
    /// </param>
    /// <param name="cancellation">Gives up; nothing was changed.</param>
    public Task<ImportProgress> BookNextAsync(string clinic, string import, int limit, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.Imports.AsNoTracking().SingleOrDefaultAsync(row => row.ClinicId == clinic && row.Id == import, cancellation) is not { } before)
            {
                return ImportProgress.Nothing;
            }

            var lines = await Waiting(db, clinic, import).Take(limit).ToListAsync(cancellation);
            List<ChangedSession> affected = [];
            foreach (var line in lines)
            {
                // Each begins with an empty tracker, as a booking by itself does: what it finds changed is its own.
                var result = await _sessions.BookAsync(
                    db, StoredBooking.Read(new SessionKey(clinic, line.SessionId!), line.Booking!), before.Actor, cancellation);
                affected.AddRange(result.Affected);
                await EndLineAsync(db, line, StateOf(result.Verdict), RefusalOf(result.Verdict), cancellation);
            }

            return await ProgressAsync(db, clinic, import, affected, cancellation);
        }, cancellation);

    /// <summary>The next line cannot be booked, and must not keep the others from their turn.</summary>
    public Task<ImportProgress> RefuseNextAsync(string clinic, string import, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await Waiting(db, clinic, import).FirstOrDefaultAsync(cancellation) is { } line)
            {
                await EndLineAsync(db, line, ImportLineState.Failed, ImportRefusal.Trouble, cancellation);
            }

            return await ProgressAsync(db, clinic, import, [], cancellation);
        }, cancellation);

    private static IQueryable<ImportLineRow> Waiting(FollowUpContext db, string clinic, string import) =>
        db.ImportLines.AsNoTracking()
            .Where(row => row.ClinicId == clinic && row.ImportId == import && row.State == ImportLineState.Waiting)
            .OrderBy(row => row.Line);

    private static async Task EndLineAsync(
        FollowUpContext db, ImportLineRow line, ImportLineState state, ImportRefusal? refusal, CancellationToken cancellation)
    {
        var row = (await db.ImportLines.FindAsync([line.ClinicId, line.ImportId, line.Line], cancellation))!;
        row.End(state, refusal);
        (await db.Imports.FindAsync([line.ClinicId, line.ImportId], cancellation))!.Count(state);
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
    }

    private async Task<ImportProgress> ProgressAsync(
        FollowUpContext db, string clinic, string import, IReadOnlyList<ChangedSession> affected, CancellationToken cancellation)
    {
        if (await db.Imports.FindAsync([clinic, import], cancellation) is not { } row)
        {
            return ImportProgress.Nothing;
        }

        if (row.State == ImportState.Running && !await Waiting(db, clinic, import).AnyAsync(cancellation))
        {
            var now = _clock.GetCurrentInstant();
            row.State = ImportState.Completed;
            row.EndedAt = now;
            db.Audit.Add(new AuditRow
            {
                ClinicId = clinic,
                At = now,
                Actor = row.Actor,
                Action = "import-completed",
                Subject = import,
                Detail = $"{row.Created} created, {row.Changed} changed, {row.Unchanged} unchanged, {row.Failed} failed",
            });
        }

        return new ImportProgress(row.Done, row.Total, row.State == ImportState.Completed, affected);
    }

    private static ImportLineState StateOf(BookingVerdict verdict) => verdict switch
    {
        BookingVerdict.Created => ImportLineState.Created,
        BookingVerdict.Changed => ImportLineState.Changed,
        BookingVerdict.Unchanged => ImportLineState.Unchanged,
        _ => ImportLineState.Failed,
    };

    private static ImportRefusal? RefusalOf(BookingVerdict verdict) => verdict switch
    {
        BookingVerdict.Created or BookingVerdict.Changed or BookingVerdict.Unchanged => null,
        BookingVerdict.UnknownPlan => ImportRefusal.UnknownPlan,
        BookingVerdict.OtherPatient => ImportRefusal.OtherPatient,
        BookingVerdict.OtherPlan => ImportRefusal.OtherPlan,
        BookingVerdict.Ended => ImportRefusal.Ended,
        _ => ImportRefusal.Trouble,
    };
}

/// <summary>How far an import is.</summary>
/// <param name="Done">Lines that have come to their end.</param>
/// <param name="Total">All lines.</param>
/// <param name="IsOver">Nothing is left to book.</param>
/// <param name="Affected">Sessions whose orchestrations must be started or look again.</param>
public sealed record ImportProgress(int Done, int Total, bool IsOver, IReadOnlyList<ChangedSession> Affected)
{
    internal static ImportProgress Nothing { get; } = new(0, 0, IsOver: true, []);
}
