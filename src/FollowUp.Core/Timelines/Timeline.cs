using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using NodaTime;

namespace FollowUp.Core.Timelines;

/// <summary>Turns a plan and the facts of one session into the texts to send.</summary>
public static class Timeline
{
    /// <summary>
    /// Computes the timeline of one session. A pure function: the same plan and facts give the same result, on any machine at any time.
    /// </summary>
    /// <returns>
    /// Every step that the plan has for this session of the course, sorted by due time and then by the plan's order. Steps that the facts
    /// rule out are there with their reason; steps that the plan has for other sessions only are not. A planned step is due within the
    /// sending hours, not before the booking, not before the time that the plan says, and before it ceases to be useful.
    /// </returns>
    /// <exception cref="ArgumentException">The session number is not within 1 and the planned sessions.</exception>
    public static IReadOnlyList<TimelineStep> Compute(CarePlan plan, SessionFacts facts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.SessionNumber < 1 || facts.SessionNumber > facts.PlannedSessions)
        {
            throw new ArgumentException($"Session {facts.SessionNumber} of {facts.PlannedSessions} does not exist.", nameof(facts));
        }

        List<TimelineStep> steps =
        [
            .. plan.Steps.Where(step => step.IsPartOf(facts.SessionNumber, facts.PlannedSessions)).Select(step => Place(plan, step, facts)).OrderBy(step => step.DueAt),
        ];
        AskForOptOutLines(steps);
        return steps;
    }

    private static TimelineStep Place(CarePlan plan, PlanStep step, SessionFacts facts)
    {
        Instant nominal = LocalTimePolicy.Add(Anchor(plan, step, facts), step.Offset, step.At, facts.Zone);
        Instant usefulUntil = UsefulUntil(step, nominal, facts);
        Instant dueAt = facts.Hours.NextAllowed(nominal, facts.Zone);
        bool late = IsBookedTooLate(step, dueAt, usefulUntil, facts);
        if (!late && dueAt < facts.BookedAt)
        {
            dueAt = facts.Hours.NextAllowed(facts.BookedAt, facts.Zone);
        }

        string? reason = WhyNot(step, facts)
            ?? (late ? NotPlanned.BookedTooLate : null)
            ?? (dueAt >= usefulUntil ? NotPlanned.OutsideSendingHours : null);
        return new TimelineStep
        {
            Step = step.Id,
            Kind = step.Kind,
            DueAt = dueAt,
            UsefulUntil = usefulUntil,
            TextKey = step.TextKey,
            Planned = reason is null,
            Reason = reason,
            NeedsCompletion = StepKinds.NeedsHeldSession(step.Kind),
        };
    }

    private static Instant Anchor(CarePlan plan, PlanStep step, SessionFacts facts) => step.Anchor switch
    {
        StepAnchor.Booked => facts.BookedAt,
        StepAnchor.SessionEnd => facts.StartsAt + plan.SessionDuration,
        StepAnchor.WindowOpens => LocalTimePolicy.Add(facts.StartsAt, plan.Series.SpacingMin!, null, facts.Zone),
        StepAnchor.WindowCloses => LocalTimePolicy.Add(facts.StartsAt, plan.Series.SpacingMax!, null, facts.Zone),
        _ => facts.StartsAt,
    };

    private static Instant UsefulUntil(PlanStep step, Instant nominal, SessionFacts facts)
    {
        Instant end = step.UsefulFor is null ? facts.StartsAt : LocalTimePolicy.Add(nominal, step.UsefulFor, null, facts.Zone);
        return StepKinds.IsBeforeSession(step.Kind) ? Instant.Min(end, facts.StartsAt) : end;
    }

    /// <summary>
    /// What a late booking has missed is caught up at once as long as it is still useful. A reminder is not: the booking itself has just
    /// told the patient the time.
    /// </summary>
    private static bool IsBookedTooLate(PlanStep step, Instant dueAt, Instant usefulUntil, SessionFacts facts) =>
        usefulUntil <= facts.BookedAt || (step.Kind is StepKind.Reminder && dueAt < facts.BookedAt);

    private static string? WhyNot(PlanStep step, SessionFacts facts)
    {
        bool marketing = StepKinds.IsMarketing(step.Kind);
        return facts switch
        {
            { Outcome: SessionOutcome.Cancelled } => NotPlanned.Cancelled,
            { Outcome: SessionOutcome.NoShow } when StepKinds.NeedsHeldSession(step.Kind) => NotPlanned.NotHeld,
            { Rebooked: true } when step.Until.HasFlag(StepUntil.Rebooked) => NotPlanned.Rebooked,
            { CareConsent: false } when !marketing => NotPlanned.NoCareConsent,
            { MarketingConsent: false } when marketing => NotPlanned.NoMarketingConsent,
            { EssentialsOnly: true } when !step.Essential => NotPlanned.EssentialsOnly,
            _ => null,
        };
    }

    /// <summary>
    /// US carriers want the way out told in the first text and again about monthly, which is every session; UK law wants it in each
    /// marketing text (PECR, regulation 22). Nowhere else: the line costs a patient's attention.
    /// </summary>
    private static void AskForOptOutLines(List<TimelineStep> steps)
    {
        int first = steps.FindIndex(step => step.Planned);
        for (int index = 0; index < steps.Count; index++)
        {
            if (index == first || StepKinds.IsMarketing(steps[index].Kind))
            {
                steps[index] = steps[index] with { TextKey = Texts.TextKey.WithOptOut(steps[index].TextKey) };
            }
        }
    }
}
