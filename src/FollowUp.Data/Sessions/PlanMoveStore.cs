using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Sessions;

/// <summary>Moves running sessions to another version of their plan.</summary>
public sealed class PlanMoveStore
{
    private readonly Store _store;
    private readonly PlanVersions _plans;
    private readonly PatientSessions _sessions;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal PlanMoveStore(Store store, PlanVersions plans, PatientSessions sessions, SendRules rules, IClock clock) =>
        (_store, _plans, _sessions, _rules, _clock) = (store, plans, sessions, rules, clock);

    /// <summary>
    /// Pins a session to another version, for what has not been sent yet. Refused when a step that is past would come out differently: the
    /// patient has lived by it.
    /// </summary>
    public Task<PlanMove> MoveAsync(SessionKey key, int version, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            if (await SessionTruth.LoadAsync(db, key, _plans, _rules, cancellation) is not { } truth)
            {
                return PlanMove.Nothing(
                    await db.Clinics.AnyAsync(row => row.Id == key.Clinic, cancellation) ? PlanMoveVerdict.UnknownSession : PlanMoveVerdict.UnknownClinic);
            }

            var session = truth.Session;
            if (session.PlanVersion == version)
            {
                return PlanMove.Nothing(PlanMoveVerdict.Unchanged, await SessionStore.ViewAsync(db, key, cancellation));
            }

            if (await _plans.FindAsync(db, key.Clinic, session.PlanId, version, cancellation) is not { } target)
            {
                return PlanMove.Nothing(PlanMoveVerdict.UnknownVersion);
            }

            if (SessionStore.HasEnded(session.State))
            {
                return PlanMove.Nothing(PlanMoveVerdict.Ended);
            }

            if (WhyNot(truth, target, now) is { } reason)
            {
                return PlanMove.Nothing(PlanMoveVerdict.PastWouldDiffer) with { Reason = reason };
            }

            db.Audit.Add(new AuditRow
            {
                ClinicId = key.Clinic,
                At = now,
                Actor = actor,
                Action = "session-moved-to-plan",
                Subject = key.Session,
                Detail = $"version {session.PlanVersion} to {version}",
            });
            session.PlanVersion = version;
            session.Touch(now);
            await db.SaveChangesAsync(cancellation);
            var affected = await _sessions.RefreshPatientAsync(db, key.Clinic, session.PatientId, now, cancellation);
            return new PlanMove(
                PlanMoveVerdict.Moved, await SessionStore.ViewAsync(db, key, cancellation), SessionStore.WithItself(session, affected));
        }, cancellation);

    /// <summary>The first step that is past and would differ, in words; null if the session may move.</summary>
    private static string? WhyNot(SessionTruth truth, PlanVersion target, Instant now)
    {
        var before = Timeline.Compute(truth.Plan, truth.FactsOfPlan);
        var after = Timeline.Compute(target.Plan, truth.FactsOfPlan);
        foreach (var id in before.Concat(after).OrderBy(step => step.DueAt).Select(step => step.Step).Distinct(StringComparer.Ordinal))
        {
            var old = before.FirstOrDefault(step => step.Step == id);
            var @new = after.FirstOrDefault(step => step.Step == id);
            var sent = truth.Steps.Exists(row => row.Step == id && row.HasLeft);
            if ((sent || old?.DueAt <= now || @new?.DueAt <= now) && Difference(truth, target, old, @new, sent) is { } difference)
            {
                return $"The step '{id}' {(sent ? "has been sent" : "is past")} and {difference} version {target.Plan.Version}.";
            }
        }

        return null;
    }

    private static string? Difference(SessionTruth truth, PlanVersion target, TimelineStep? old, TimelineStep? @new, bool sent) => (old, @new) switch
    {
        (_, null) => "is not there in",
        (null, _) => "is new in",
        _ when old.Kind != @new.Kind => "is of another kind in",
        _ when old.DueAt != @new.DueAt => "has another time in",
        _ when sent && SessionTexts.Render(truth, truth.Version, old.TextKey) != SessionTexts.Render(truth, target, @new.TextKey) => "has another text in",
        _ => null,
    };
}

/// <summary>What became of a move to another version.</summary>
public enum PlanMoveVerdict
{
    Moved,

    /// <summary>The session is on that version already.</summary>
    Unchanged,
    UnknownClinic,
    UnknownSession,
    UnknownVersion,
    Ended,

    /// <summary>A step that is past would differ.</summary>
    PastWouldDiffer,
}

/// <param name="Verdict">What happened. Nothing was stored unless it is Moved.</param>
/// <param name="Session">The session as it is now, if it is on the version.</param>
/// <param name="Affected">Sessions whose orchestrations must look again.</param>
public sealed record PlanMove(PlanMoveVerdict Verdict, SessionView? Session, IReadOnlyList<ChangedSession> Affected)
{
    /// <summary>Which step would differ and how, for <see cref="PlanMoveVerdict.PastWouldDiffer"/>.</summary>
    public string? Reason { get; init; }

    internal static PlanMove Nothing(PlanMoveVerdict verdict, SessionView? session = null) => new(verdict, session, []);
}
