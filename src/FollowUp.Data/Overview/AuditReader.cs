using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Overview;

/// <summary>Who did what.</summary>
public sealed class AuditReader
{
    private readonly Store _store;

    internal AuditReader(Store store) => _store = store;

    /// <summary>A page of a clinic's audit, newest first.</summary>
    /// <param name="subject">Only what was done to this id; null for all.</param>
    /// <param name="kinds">Only actions that begin so, such as <c>session-</c>; an id may be that of a session and of a patient. Empty for all.</param>
    /// <param name="before">Only what stands behind this entry; null for the first page.</param>
    public Task<IReadOnlyList<AuditLine>> ListAsync(
        string clinic, string? subject, IReadOnlyList<string> kinds, long? before, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<AuditLine>>(async db =>
        {
            var rows = await db.Audit
                .Where(row => row.ClinicId == clinic && (subject == null || row.Subject == subject) && (before == null || row.Id < before))
                .OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancellation);
            return
            [
                .. rows.Where(row => kinds.Count == 0 || kinds.Any(kind => row.Action.StartsWith(kind, StringComparison.Ordinal)))
                    .Select(row => new AuditLine(row.Id, row.At, row.Actor, row.Action, row.Subject, row.Detail)),
            ];
        }, cancellation);
}

/// <summary>A line of the audit.</summary>
public sealed record AuditLine(long Id, Instant At, string Actor, string Action, string Subject, string? Detail);
