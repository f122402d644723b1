using FollowUp.Core.CarePlans;

namespace FollowUp.Core.Timelines;

/// <summary>What rules a step out, whatever its time.</summary>
internal static class StepConditions
{
    /// <summary>One of <see cref="NotPlanned"/>, or null.</summary>
    public static string? WhyNot(PlanStep step, SessionFacts facts)
    {
        bool marketing = StepKinds.IsMarketing(step.Kind);
        return facts switch
        {
            { SkippedByStaff: { Count: > 0 } skipped } when skipped.Contains(step.Id) => NotPlanned.SkippedByStaff,
            { Outcome: SessionOutcome.Cancelled } => NotPlanned.Cancelled,
            { Outcome: SessionOutcome.NoShow } when StepKinds.NeedsHeldSession(step.Kind) => NotPlanned.NotHeld,
            { Rebooked: true } when step.Until.HasFlag(StepUntil.Rebooked) => NotPlanned.Rebooked,
            { Replied: true } when step.Until.HasFlag(StepUntil.Reply) => NotPlanned.Replied,
            { PastNoShow: false } when step.OnlyAfterNoShow => NotPlanned.NoMissedSession,
            { CareConsent: false } when !marketing => NotPlanned.NoCareConsent,
            { MarketingConsent: false } when marketing => NotPlanned.NoMarketingConsent,
            { EssentialsOnly: true } when !step.Essential => NotPlanned.EssentialsOnly,
            _ => null,
        };
    }
}
