using System.Diagnostics.CodeAnalysis;
using FollowUp.Core.Contacts;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Sessions.Lists;

/// <summary>Lists of a clinic's sessions, for the API and the dashboard. A page costs the same however many sessions there are.</summary>
public sealed class SessionListStore
{
    private readonly Store _store;

    internal SessionListStore(Store store) => _store = store;

    /// <summary>A page of the list.</summary>
    /// <param name="clinic">Whose sessions. One that does not exist has none.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="order">In which order.</param>
    /// <param name="after">Only what comes behind this, see <see cref="SessionListItem.Position"/>; null for the first page.</param>
    /// <param name="limit">The most rows. Ask for one more than are shown to learn whether there are more.</param>
    /// <param name="masked">Whether numbers are masked. Whoever shows a whole one to somebody writes that into the audit.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<SessionListItem>> ListAsync(
        string clinic, SessionFilter filter, SessionOrder order, SessionPosition? after, int limit, bool masked, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _store.ReadAsync<IReadOnlyList<SessionListItem>>(async db =>
        {
            var rows = await RowsAsync(db, clinic, filter, order, after, limit, cancellation);
            var ids = rows.Select(row => row.PatientId).Distinct().ToList();
            var patients = await db.Patients.Where(row => row.ClinicId == clinic && ids.Contains(row.Id))
                .ToDictionaryAsync(row => row.Id, StringComparer.Ordinal, cancellation);
            return [.. rows.Select(row => Item(row, patients[row.PatientId], masked))];
        }, cancellation);
    }

    /// <summary>How many sessions of a clinic there are in each state. States without any are not there.</summary>
    public Task<IReadOnlyDictionary<SessionState, int>> CountAsync(string clinic, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyDictionary<SessionState, int>>(async db =>
            await db.Sessions.Where(row => row.ClinicId == clinic).GroupBy(row => row.State).Select(group => new { group.Key, Count = group.Count() })
                .ToDictionaryAsync(group => group.Key, group => group.Count, cancellation), cancellation);

    private async Task<List<SessionRow>> RowsAsync(
        FollowUpContext db, string clinic, SessionFilter filter, SessionOrder order, SessionPosition? after, int limit, CancellationToken cancellation)
    {
        var sql = new SessionListSql(clinic, filter);
        var findsMany = await FindsManyAsync(db, sql, cancellation);
        if ((findsMany ? new SessionListSql(clinic, filter, findsMany) : sql).IsOnePart(order))
        {
            return await PartAsync(db, clinic, filter, findsMany, order, withDue: null, after, limit, cancellation);
        }

        // First what has a next step, then what has none.
        List<SessionRow> rows = after is { DueAt: null }
            ? []
            : await PartAsync(db, clinic, filter, findsMany, order, withDue: true, after, limit, cancellation);
        if (rows.Count < limit && filter.Step is null && filter.DueBefore is null)
        {
            rows.AddRange(await PartAsync(
                db, clinic, filter, findsMany, order, withDue: false, after is { DueAt: null } ? after : null, limit - rows.Count, cancellation));
        }

        return rows;
    }

    [SuppressMessage("Security", "EF1002", Justification = "The text holds numbers of parameters alone, never a value.")]
    private static async Task<bool> FindsManyAsync(FollowUpContext db, SessionListSql sql, CancellationToken cancellation)
    {
        if (!sql.IsSearch || sql.IsHopeless)
        {
            return false;
        }

        var text = sql.Breadth();
        return (await db.Database.SqlQueryRaw<int>(text, sql.Values).ToListAsync(cancellation)).Single() != 0;
    }

    [SuppressMessage("Security", "EF1002", Justification = "The text holds numbers of parameters alone, never a value.")]
    private async Task<List<SessionRow>> PartAsync(
        FollowUpContext db, string clinic, SessionFilter filter, bool findsMany, SessionOrder order, bool? withDue, SessionPosition? after, int limit,
        CancellationToken cancellation)
    {
        var sql = new SessionListSql(clinic, filter, findsMany, _store.By("patients_by_id"));
        if (sql.IsHopeless)
        {
            return [];
        }

        var text = sql.Page(order, withDue, after, limit);
        var rows = await db.Sessions.FromSqlRaw(text, sql.Values).ToListAsync(cancellation);
        return [.. Sorted(rows, order).Take(limit)];
    }

    /// <summary>Each state came by itself.</summary>
    private static IOrderedEnumerable<SessionRow> Sorted(List<SessionRow> rows, SessionOrder order) => order switch
    {
        SessionOrder.DueLastFirst => rows.OrderByDescending(row => row.NextDueAt).ThenByDescending(row => row.StartsAt).ThenByDescending(row => row.Id, StringComparer.Ordinal),
        SessionOrder.DueSoonestFirst => rows.OrderBy(row => row.NextDueAt is null).ThenBy(row => row.NextDueAt).ThenBy(row => row.StartsAt).ThenBy(row => row.Id, StringComparer.Ordinal),
        SessionOrder.StartsLastFirst => rows.OrderByDescending(row => row.StartsAt).ThenByDescending(row => row.Id, StringComparer.Ordinal),
        _ => rows.OrderBy(row => row.StartsAt).ThenBy(row => row.Id, StringComparer.Ordinal),
    };

    private static SessionListItem Item(SessionRow row, PatientRow patient, bool masked) => new()
    {
        Key = row.Key,
        State = row.State,
        Plan = row.PlanId,
        PlanVersion = row.PlanVersion,
        StartsAt = row.StartsAt,
        SessionNumber = row.SessionNumber,
        PlannedSessions = row.PlannedSessions,
        Next = row is { NextStep: { } step, NextDueAt: { } dueAt } ? new NextStepView(step, dueAt) : null,
        PatientId = patient.Id,
        FirstName = patient.FirstName,
        Phone = masked ? PhoneNumber.Mask(patient.Phone) : patient.Phone,
        TimeZone = patient.TimeZone,
    };
}
