using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Health;

/// <summary>What has been left lying: sessions whose orchestration has not started or not seen a change, and texts that are overdue.</summary>
public sealed class AttentionStore
{
    private readonly Store _store;
    private readonly IClock _clock;

    internal AttentionStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>
    /// Sessions that changed at least <paramref name="age"/> ago and whose orchestration has not looked since. Those whose next text is due soonest come
    /// first: after an import or a restore all sessions are among these.
    /// </summary>
    public Task<IReadOnlyList<SessionAttention>> UnseenAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<SessionAttention>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            var rows = await db.Sessions
                .Where(row => row.PlannedRevision < row.Revision && row.ChangedAt <= before)
                .OrderBy(row => row.NextDueAt == null).ThenBy(row => row.NextDueAt).ThenBy(row => row.ChangedAt).Take(limit)
                .Select(row => new
                {
                    row.ClinicId,
                    row.Id,
                    row.State,
                    row.Revision,
                    InFlight = db.Steps.Any(step => step.ClinicId == row.ClinicId && step.SessionId == row.Id
                        && (step.State == StepState.Sending || step.State == StepState.Unknown)),
                })
                .ToListAsync(cancellation);
            return [.. rows.Select(row => new SessionAttention(new SessionKey(row.ClinicId, row.Id), row.State, row.Revision) { InFlight = row.InFlight })];
        }, cancellation);

    /// <summary>Sessions whose next text has been due for at least <paramref name="age"/> although their orchestration should be waiting for it.</summary>
    public Task<IReadOnlyList<SessionAttention>> StalledAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<SessionAttention>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            var rows = await db.Sessions
                .Where(row => row.State == SessionState.Waiting && row.NextDueAt <= before)
                .OrderBy(row => row.NextDueAt).Take(limit)
                .ToListAsync(cancellation);
            return [.. rows.Select(row => new SessionAttention(row.Key, row.State, row.Revision))];
        }, cancellation);

    /// <summary>Notes that nothing is left to look at for a change, if there was no newer one.</summary>
    public Task MarkSeenAsync(SessionAttention session, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            await db.Sessions
                .Where(row => row.ClinicId == session.Key.Clinic && row.Id == session.Key.Session && row.Revision == session.Revision)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.PlannedRevision, row => row.Revision), cancellation);
            return true;
        }, cancellation);

    /// <summary>The session's orchestration has ended with an error: it shows as failed until somebody changes it.</summary>
    public Task MarkFailedAsync(SessionKey key, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.Sessions.FindAsync([key.Clinic, key.Session], cancellation) is { State: SessionState.Waiting or SessionState.Scheduled } session)
            {
                var now = _clock.GetCurrentInstant();
                session.State = SessionState.Failed;
                session.Touch(now);
                session.PlannedRevision = session.Revision;
                db.Audit.Add(new AuditRow { ClinicId = key.Clinic, At = now, Actor = "followup", Action = "session-failed", Subject = key.Session });
            }

            return true;
        }, cancellation);

    /// <summary>The due time of the text that has waited longest; null when nothing is due.</summary>
    public Task<Instant?> OldestDueAsync(CancellationToken cancellation) =>
        _store.ReadAsync<Instant?>(async db =>
        {
            var now = _clock.GetCurrentInstant();
            var step = await db.Steps
                .Where(row => row.State == StepState.Planned && !row.AwaitsCompletion && row.DueAt <= now)
                .Join(
                    db.Sessions.Where(session => session.State == SessionState.Waiting || session.State == SessionState.Scheduled),
                    row => new { Clinic = row.ClinicId, Session = row.SessionId },
                    session => new { Clinic = session.ClinicId, Session = session.Id },
                    (row, _) => row)
                .OrderBy(row => row.DueAt)
                .FirstOrDefaultAsync(cancellation);
            return step?.DueAt;
        }, cancellation);
}

/// <param name="Key">The session.</param>
/// <param name="State">Its state in the store.</param>
/// <param name="Revision">The newest change of it.</param>
public sealed record SessionAttention(SessionKey Key, SessionState State, int Revision)
{
    /// <summary>Nobody knows yet what became of a text of it.</summary>
    public bool InFlight { get; init; }
}
