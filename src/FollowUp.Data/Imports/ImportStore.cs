using System.Globalization;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Imports;

/// <summary>Files of bookings that clinics have sent, and what became of each line. The booking itself is <see cref="ImportBooker"/>'s.</summary>
public sealed class ImportStore
{
    private const int HashInId = 16;

    private readonly Store _store;
    private readonly IClock _clock;

    internal ImportStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>
    /// Puts a file on record, in one transaction: from then on each of its lines is booked once or refused, whatever happens to the process.
    /// The same content again is the import that it was, unless that is wished for.
    /// </summary>
    /// <param name="again">Makes a new import even of content that has come before.</param>
    public Task<ImportStart> StartAsync(string clinic, NewImport import, bool again, string actor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(import);
        return _store.WriteAsync(async db =>
        {
            if (!await db.Clinics.AnyAsync(row => row.Id == clinic, cancellation))
            {
                return new ImportStart(ImportStartVerdict.UnknownClinic, null);
            }

            var before = await db.Imports.Where(row => row.ClinicId == clinic && row.ContentHash == import.ContentHash).ToListAsync(cancellation);
            if (!again && before.MaxBy(row => row.StartedAt) is { } known)
            {
                return new ImportStart(ImportStartVerdict.Known, ImportView.Of(known));
            }

            var now = _clock.GetCurrentInstant();
            var row = new ImportRow
            {
                ClinicId = clinic,
                Id = string.Create(CultureInfo.InvariantCulture, $"{import.ContentHash[..HashInId]}-{before.Count + 1}"),
                ContentHash = import.ContentHash,
                State = ImportState.Running,
                Total = import.Lines.Count,
                Failed = import.Lines.Count(line => line.Booking is null),
                Actor = actor,
                StartedAt = now,
            };
            db.Imports.Add(row);
            db.ImportLines.AddRange(import.Lines.Select(line => NewLine(row, line)));
            db.Audit.Add(new AuditRow { ClinicId = clinic, At = now, Actor = actor, Action = "import-started", Subject = row.Id, Detail = $"{row.Total} lines" });
            return new ImportStart(ImportStartVerdict.Started, ImportView.Of(row));
        }, cancellation);
    }

    /// <summary>Null when the clinic has no such import.</summary>
    public Task<ImportView?> FindAsync(string clinic, string import, CancellationToken cancellation) =>
        _store.ReadAsync(async db => await db.Imports.FindAsync([clinic, import], cancellation) is { } row ? ImportView.Of(row) : null, cancellation);

    /// <summary>A page of a clinic's imports, newest first.</summary>
    /// <param name="before">Only what stands behind this one; null for the first page.</param>
    public Task<IReadOnlyList<ImportView>> ListAsync(string clinic, (Instant At, string Id)? before, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<ImportView>>(async db =>
        {
            var query = db.Imports.Where(row => row.ClinicId == clinic);
            if (before is var (at, id))
            {
                query = query.Where(row => row.StartedAt < at || (row.StartedAt == at && string.Compare(row.Id, id) < 0));
            }

            var rows = await query.OrderByDescending(row => row.StartedAt).ThenByDescending(row => row.Id).Take(limit).ToListAsync(cancellation);
            return [.. rows.Select(ImportView.Of)];
        }, cancellation);

    /// <summary>A page of an import's lines, in the order of the file.</summary>
    /// <param name="failed">Only those that were not booked.</param>
    /// <param name="after">Only what comes after this line; 0 for the first page.</param>
    public Task<IReadOnlyList<ImportLineView>> LinesAsync(
        string clinic, string import, bool failed, int after, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<ImportLineView>>(async db =>
        {
            var query = db.ImportLines.Where(row => row.ClinicId == clinic && row.ImportId == import && row.Line > after);
            query = failed ? query.Where(row => row.State == ImportLineState.Failed) : query;
            var rows = await query.OrderBy(row => row.Line).Take(limit).ToListAsync(cancellation);
            return [.. rows.Select(ImportLineView.Of)];
        }, cancellation);

    /// <summary>Imports that have been running for at least <paramref name="age"/>: their orchestration may never have started.</summary>
    public Task<IReadOnlyList<(string Clinic, string Import)>> ForgottenAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<(string, string)>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            var rows = await db.Imports
                .Where(row => row.State == ImportState.Running && row.StartedAt <= before)
                .OrderBy(row => row.StartedAt).Take(limit)
                .ToListAsync(cancellation);
            return [.. rows.Select(row => (row.ClinicId, row.Id))];
        }, cancellation);

    /// <summary>A patient is erased: lines of theirs that wait would bring them back, and hold their name and number.</summary>
    internal static async Task ForgetPatientAsync(FollowUpContext db, string clinic, string patient, CancellationToken cancellation)
    {
        foreach (var line in await db.ImportLines.Where(row => row.ClinicId == clinic && row.PatientId == patient).ToListAsync(cancellation))
        {
            line.End(ImportLineState.Failed, ImportRefusal.PatientErased);
            (await db.Imports.FindAsync([clinic, line.ImportId], cancellation))!.Count(ImportLineState.Failed);
        }
    }

    private static ImportLineRow NewLine(ImportRow import, ImportLine line) => new()
    {
        ClinicId = import.ClinicId,
        ImportId = import.Id,
        Line = line.Number,
        SessionId = line.Booking?.Key.Session ?? line.Session,
        PatientId = line.Booking?.Patient.Id,
        Booking = line.Booking is { } booking ? StoredBooking.Write(booking) : null,
        State = line.Booking is null ? ImportLineState.Failed : ImportLineState.Waiting,
        Mistakes = LineMistake.Write(line.Mistakes),
    };
}

public enum ImportStartVerdict
{
    Started,

    /// <summary>The same content has come before: nothing was stored.</summary>
    Known,
    UnknownClinic,
}

/// <param name="Import">Null for an unknown clinic.</param>
public sealed record ImportStart(ImportStartVerdict Verdict, ImportView? Import);
