using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions.Lists;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Overview;

/// <summary>Finds patients, and notes that somebody has looked at one.</summary>
public sealed class PatientDirectory
{
    /// <summary>From so many on the list is walked.</summary>
    private const int Many = 1000;

    private readonly Store _store;
    private readonly IClock _clock;

    internal PatientDirectory(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>A page of a clinic's patients, by id.</summary>
    /// <param name="search">The beginning of a first name or an id, or a number in any spelling or its last digits; null for all.</param>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    public Task<IReadOnlyList<PatientLine>> SearchAsync(string clinic, string? search, string? after, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<PatientLine>>(async db =>
        {
            var all = db.Patients.Where(row => row.ClinicId == clinic);
            var query = SearchTerm.Of(search) is not { } term ? all
                : await FindsManyAsync(all, term, cancellation) ? Walked(all, term)
                : Found(all, term);
            if (after is not null)
            {
                query = query.Where(row => string.Compare(row.Id, after) > 0);
            }

            var rows = await query.OrderBy(row => row.Id).Take(limit).ToListAsync(cancellation);
            var ids = rows.Select(row => row.Id).ToList();
            var sessions = await db.Sessions.Where(row => row.ClinicId == clinic && ids.Contains(row.PatientId))
                .Select(row => new { row.PatientId, row.State, row.NextDueAt }).ToListAsync(cancellation);
            var byPatient = sessions.ToLookup(row => row.PatientId);
            return
            [
                .. rows.Select(row => new PatientLine(
                    row.Id, row.FirstName, row.Phone,
                    byPatient[row.Id].Count(),
                    byPatient[row.Id].Count(session => session.State is SessionState.Waiting or SessionState.Scheduled or SessionState.Paused),
                    byPatient[row.Id].Min(session => session.NextDueAt))),
            ];
        }, cancellation);

    /// <summary>Names and numbers by id, of those ids that the clinic has.</summary>
    public Task<IReadOnlyDictionary<string, PatientName>> NamesAsync(string clinic, IEnumerable<string> ids, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyDictionary<string, PatientName>>(async db =>
        {
            var asked = ids.Distinct(StringComparer.Ordinal).ToList();
            return await db.Patients.Where(row => row.ClinicId == clinic && asked.Contains(row.Id))
                .Select(row => new PatientName(row.Id, row.FirstName, row.Phone)).ToDictionaryAsync(row => row.Id, cancellation);
        }, cancellation);

    /// <summary>A patient's sessions, newest first.</summary>
    public Task<IReadOnlyList<SessionLine>> SessionsAsync(string clinic, string patient, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<SessionLine>>(async db =>
        {
            var rows = await db.Sessions.Where(row => row.ClinicId == clinic && row.PatientId == patient)
                .OrderByDescending(row => row.StartsAt).ToListAsync(cancellation);
            return [.. rows.Select(row => SessionLine.Of(row, null))];
        }, cancellation);

    /// <summary>Notes in the audit that somebody has opened a patient's name and number.</summary>
    /// <returns>False when the clinic has no such patient.</returns>
    public Task<bool> OpenAsync(string clinic, string patient, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (!await db.Patients.AnyAsync(row => row.ClinicId == clinic && row.Id == patient, cancellation))
            {
                return false;
            }

            db.Audit.Add(new AuditRow
            {
                ClinicId = clinic,
                At = _clock.GetCurrentInstant(),
                Actor = actor,
                Action = "patient-opened",
                Subject = patient,
            });
            return true;
        }, cancellation);

    private static async Task<bool> FindsManyAsync(IQueryable<PatientRow> patients, SearchTerm term, CancellationToken cancellation)
    {
        foreach (var way in Ways(patients, term with { PhoneEnds = [] }))
        {
            if (await way.Take(Many + 1).CountAsync(cancellation) > Many)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>In the order of the list, whose first page meets enough of many soon; to find and sort them all would take longer.</summary>
    private static IQueryable<PatientRow> Walked(IQueryable<PatientRow> patients, SearchTerm term)
    {
        var (name, id) = (term.Name, term.Id);
        var (nameEnd, idEnd) = (SearchTerm.EndOf(name ?? ""), SearchTerm.EndOf(id ?? ""));

        // The empty text behind the name keeps SQLite from its index, whose order is not the list's.
        return patients.Where(row =>
            (name != null && string.Compare(row.NameKey + "", name) >= 0 && string.Compare(row.NameKey + "", nameEnd) < 0)
            || (id != null && string.Compare(row.Id, id) >= 0 && string.Compare(row.Id, idEnd) < 0));
    }

    /// <summary>Each way in which a search may be meant walks an index of its own.</summary>
    private static IQueryable<PatientRow> Found(IQueryable<PatientRow> patients, SearchTerm term) => Ways(patients, term) is { Count: > 0 } ways
        ? ways.Aggregate((found, way) => found.Union(way))
        : patients.Where(_ => false);

    private static List<IQueryable<PatientRow>> Ways(IQueryable<PatientRow> patients, SearchTerm term)
    {
        List<IQueryable<PatientRow>> ways = [];
        if (term.Name is { } name)
        {
            var end = SearchTerm.EndOf(name);
            ways.Add(patients.Where(row => string.Compare(row.NameKey, name) >= 0 && string.Compare(row.NameKey, end) < 0));
        }

        if (term.Id is { } id)
        {
            var end = SearchTerm.EndOf(id);
            ways.Add(patients.Where(row => string.Compare(row.Id, id) >= 0 && string.Compare(row.Id, end) < 0));
        }

        foreach (var digits in term.PhoneEnds)
        {
            var end = SearchTerm.EndOf(digits);
            ways.Add(patients.Where(row => string.Compare(row.PhoneReversed, digits) >= 0 && string.Compare(row.PhoneReversed, end) < 0));
        }

        return ways;
    }
}

/// <summary>A patient in a list.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="Open">Sessions that have not ended.</param>
/// <param name="NextDueAt">When their next text is due.</param>
public sealed record PatientLine(string Id, string FirstName, string Phone, int Sessions, int Open, Instant? NextDueAt)
{
    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}

/// <summary>What a patient is called, and their number.</summary>
public sealed record PatientName(string Id, string FirstName, string Phone)
{
    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}
