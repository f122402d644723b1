using FollowUp.Data.Context;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Planning;

/// <summary>
/// Refreshes every session that a change may concern, in the transaction of that change: one booking makes the earlier session's prompts
/// needless, one STOP ends all sessions of a number, one START may open them again.
/// </summary>
internal sealed class PatientSessions(SessionPlanner planner, PlanVersions plans, SendRules rules)
{
    /// <returns>The sessions that came out differently: their orchestrations must look again.</returns>
    public async Task<IReadOnlyList<ChangedSession>> RefreshPatientAsync(
        FollowUpContext db, string clinic, string patient, Instant now, CancellationToken cancellation)
    {
        var sessions = await db.Sessions
            .Where(row => row.ClinicId == clinic && row.PatientId == patient && row.State != SessionState.Cancelled)
            .ToListAsync(cancellation);
        return await RefreshAsync(db, sessions, now, cancellation);
    }

    /// <inheritdoc cref="RefreshPatientAsync"/>
    public async Task<IReadOnlyList<ChangedSession>> RefreshClinicAsync(
        FollowUpContext db, string clinic, Instant now, CancellationToken cancellation)
    {
        var sessions = await db.Sessions
            .Where(row => row.ClinicId == clinic
                && (row.State == SessionState.Scheduled || row.State == SessionState.Waiting || row.State == SessionState.Paused))
            .ToListAsync(cancellation);
        return await RefreshAsync(db, sessions, now, cancellation);
    }

    /// <summary>Those of the clinic that wait for the end of a pause of its sender.</summary>
    /// <inheritdoc cref="RefreshPatientAsync"/>
    public async Task<IReadOnlyList<ChangedSession>> ResumeClinicAsync(
        FollowUpContext db, string clinic, Instant now, CancellationToken cancellation)
    {
        var waiting = await db.Steps
            .Where(step => step.ClinicId == clinic && step.State == StepState.Planned && step.SlotAt != null)
            .ToListAsync(cancellation);
        foreach (var step in waiting)
        {
            step.NotBefore = null;
            step.SlotAt = null;
        }

        await db.SaveChangesAsync(cancellation);
        var ids = waiting.Select(step => step.SessionId).ToHashSet(StringComparer.Ordinal);
        var sessions = await db.Sessions.Where(row => row.ClinicId == clinic && ids.Contains(row.Id)).ToListAsync(cancellation);
        return await RefreshAsync(db, sessions, now, cancellation);
    }

    /// <summary>Those that wait for a clinician's word on their version of the plan.</summary>
    /// <inheritdoc cref="RefreshPatientAsync"/>
    public async Task<IReadOnlyList<ChangedSession>> RefreshUnapprovedAsync(
        FollowUpContext db, string clinic, string plan, int version, Instant now, CancellationToken cancellation)
    {
        var sessions = await db.Sessions
            .Where(row => row.ClinicId == clinic && row.PlanId == plan && row.PlanVersion == version
                && db.Steps.Any(step => step.ClinicId == clinic && step.SessionId == row.Id && step.Reason == SessionPlanner.NotApproved))
            .ToListAsync(cancellation);
        return await RefreshAsync(db, sessions, now, cancellation);
    }

    private async Task<IReadOnlyList<ChangedSession>> RefreshAsync(
        FollowUpContext db, IReadOnlyList<SessionRow> sessions, Instant now, CancellationToken cancellation)
    {
        var affected = new List<ChangedSession>();
        foreach (var session in sessions)
        {
            await db.SaveChangesAsync(cancellation);
            var truth = (await SessionTruth.LoadAsync(db, session.Key, plans, rules, cancellation))!;
            await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
            if (db.ChangeTracker.HasChanges())
            {
                session.Touch(now);
                affected.Add(new ChangedSession(session.Key, session.State));
            }
        }

        await db.SaveChangesAsync(cancellation);
        return affected;
    }
}
