using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.AuditTrail;

/// <summary>Who did what. Lines are added by what they are about, in its transaction, and never changed or removed: the database itself refuses it.</summary>
public sealed class AuditStore
{
    private readonly Store _store;
    private readonly IClock _clock;

    internal AuditStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>A page of a clinic's audit, newest first.</summary>
    /// <param name="clinic">Whose audit.</param>
    /// <param name="since">Only what was done at this moment or later.</param>
    /// <param name="subject">Only what was done to this id.</param>
    /// <param name="before">Only what stands behind this line; null for the first page.</param>
    /// <param name="limit">The most lines.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<AuditLine>> ListAsync(
        string clinic, Instant? since, string? subject, (Instant At, long Id)? before, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<AuditLine>>(async db =>
        {
            var rows = await Query(db, clinic, since, subject, before, limit).ToListAsync(cancellation);
            return [.. rows.Select(row => new AuditLine(row.Id, row.At, row.Actor, row.Action, row.Subject, row.Detail))];
        }, cancellation);

    /// <summary>Writes down what somebody did that changes nothing else, such as looking at a whole number.</summary>
    /// <param name="clinic">At which clinic.</param>
    /// <param name="actor">Who.</param>
    /// <param name="action">What, in kebab case.</param>
    /// <param name="subject">To which id; never a name or a number.</param>
    /// <param name="detail">More of it, without personal data.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task RecordAsync(string clinic, string actor, string action, string subject, string? detail, CancellationToken cancellation) =>
        _store.WriteAsync(db =>
        {
            db.Audit.Add(new AuditRow
            {
                ClinicId = clinic,
                At = _clock.GetCurrentInstant(),
                Actor = actor,
                Action = action,
                Subject = subject,
                Detail = detail,
            });
            return Task.FromResult(true);
        }, cancellation);

    internal static IQueryable<AuditRow> Query(
        FollowUpContext db, string clinic, Instant? since, string? subject, (Instant At, long Id)? before, int limit)
    {
        var query = db.Audit.Where(row => row.ClinicId == clinic);
        if (since is { } from)
        {
            query = query.Where(row => row.At >= from);
        }

        if (subject is not null)
        {
            query = query.Where(row => row.Subject == subject);
        }

        if (before is var (at, id))
        {
            query = query.Where(row => row.At <= at && (row.At < at || row.Id < id));
        }

        return query.OrderByDescending(row => row.At).ThenByDescending(row => row.Id).Take(limit);
    }
}

/// <summary>Who did what to which id, and when.</summary>
/// <param name="Id">Orders lines of one moment.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: a key, a user, the patient, FollowUp itself.</param>
/// <param name="Action">What, such as <c>session-paused</c>; its first word says what the subject is.</param>
/// <param name="Subject">An id.</param>
/// <param name="Detail">More of it; never a name, a number or a text.</param>
public sealed record AuditLine(long Id, Instant At, string Actor, string Action, string Subject, string? Detail);
