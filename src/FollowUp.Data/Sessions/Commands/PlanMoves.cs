using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>
/// Pins a session to another version of its plan, for what has not been sent yet. Refused when a step that is past would come out differently:
/// the patient has lived by it.
/// </summary>
internal sealed class PlanMoves(PlanVersions plans, SendRules rules)
{
    public async Task<Ruling> MoveAsync(FollowUpContext db, SessionTruth truth, int version, Instant now, CancellationToken cancellation)
    {
        var session = truth.Session;
        if (session.PlanVersion == version)
        {
            return Ruling.Unchanged;
        }

        if (await plans.FindAsync(db, session.ClinicId, session.PlanId, version, cancellation) is not { } target)
        {
            return new Ruling(CommandVerdict.UnknownVersion, "The session's plan has no such version at this clinic.");
        }

        if (SessionStore.HasEnded(session.State))
        {
            return Ruling.Ended(session.State);
        }

        if (!rules.UnapprovedPlans && !await db.PlanApprovals.AnyAsync(
            row => row.ClinicId == session.ClinicId && row.PlanId == session.PlanId && row.Version == version, cancellation))
        {
            return Ruling.Refused($"No clinician has approved version {version} for the clinic, so that nothing of it would be sent.");
        }

        if (WhyNot(truth, target, now) is { } reason)
        {
            return Ruling.Refused(reason);
        }

        var detail = $"version {session.PlanVersion} to {version}";
        session.PlanVersion = version;
        return Ruling.Done("session-moved-to-plan", detail) with { ConcernsOthers = true };
    }

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
