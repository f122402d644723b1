using FollowUp.Core.CarePlans;
using FollowUp.Core.Sending;
using NodaTime;

namespace FollowUp.Core.Timelines;

/// <summary>Finds the time of each step of one timeline: from its anchor, through the sending window, to a day within the budget.</summary>
internal sealed class StepPlacement
{
    private readonly CarePlan plan;
    private readonly SessionFacts facts;
    private readonly SendingWindow care;
    private readonly SendingWindow marketing;
    private readonly List<Instant> marketingSent;

    public StepPlacement(CarePlan plan, SessionFacts facts)
    {
        this.plan = plan;
        this.facts = facts;
        care = facts.Rules.WindowFor(StepKind.Aftercare, facts.Phone, facts.Zone);
        marketing = facts.Rules.WindowFor(StepKind.Rebooking, facts.Phone, facts.Zone);

        // Callers may or may not count this session's own texts among the patient's: the same instant is the same text.
        marketingSent =
        [
            .. plan.Steps.Where(step => StepKinds.IsMarketing(step.Kind) && facts.AlreadySent.ContainsKey(step.Id))
                .Select(step => facts.AlreadySent[step.Id])
                .Concat(facts.SentMarketing)
                .Distinct(),
        ];
    }

    /// <summary>The step where its anchor and its window put it.</summary>
    /// <param name="step">A step of the plan.</param>
    /// <param name="previous">The step before it, if it is counted from that one.</param>
    public TimelineStep Place(PlanStep step, TimelineStep? previous)
    {
        if (facts.AlreadySent.TryGetValue(step.Id, out Instant left))
        {
            return Result(step, left, left, NotPlanned.AlreadySent, moved: null);
        }

        Instant nominal = Nominal(step, previous);
        Instant usefulUntil = UsefulUntil(step, nominal);
        SendingWindow window = WindowOf(step.Kind);
        Instant? allowed = window.NextAllowed(nominal, facts.Zone);
        bool late = IsBookedTooLate(step, allowed ?? nominal, usefulUntil);
        bool caughtUp = !late && allowed < facts.BookedAt;
        if (caughtUp)
        {
            allowed = window.NextAllowed(facts.BookedAt, facts.Zone);
        }

        Instant dueAt = allowed ?? nominal;
        string? reason = StepConditions.WhyNot(step, facts)
            ?? (late ? NotPlanned.BookedTooLate : null)
            ?? (allowed is null ? NotPlanned.NoSendingHours : null)
            ?? (dueAt >= usefulUntil ? NotPlanned.OutsideSendingHours : null);
        string? moved = caughtUp ? Moved.CaughtUp : dueAt > nominal ? Moved.IntoSendingHours : null;
        return Result(step, dueAt, usefulUntil, reason, moved);
    }

    /// <summary>
    /// Keeps marketing within its budget: on the day where it is, or else on the next day that has room, at the same time of day; or not at
    /// all, if none has for as long as the text is useful. Call it once for each step of the session, in the order in which they are due.
    /// </summary>
    public TimelineStep FitBudget(TimelineStep step)
    {
        if (!step.Planned || !StepKinds.IsMarketing(step.Kind))
        {
            return step;
        }

        LocalDateTime wanted = step.DueAt.InZone(facts.Zone).LocalDateTime;
        string? over = null;
        Instant? candidate = step.DueAt;
        while (candidate is { } at && at < step.UsefulUntil)
        {
            if (facts.Rules.Budget.Allows(marketingSent, at, facts.Zone, out string? reason))
            {
                marketingSent.Add(at);
                return at == step.DueAt ? step : step with { DueAt = at, Moved = Moved.IntoBudget };
            }

            over = reason;
            LocalDate tomorrow = at.InZone(facts.Zone).Date.PlusDays(1);
            candidate = marketing.NextAllowed(LocalTimePolicy.ToInstantNotBefore(tomorrow + wanted.TimeOfDay, facts.Zone, at), facts.Zone);
        }

        return step with { Planned = false, Reason = over };
    }

    private Instant Nominal(PlanStep step, TimelineStep? previous)
    {
        Instant anchor = step.Anchor switch
        {
            StepAnchor.Booked => facts.BookedAt,
            StepAnchor.SessionEnd => facts.StartsAt + plan.SessionDuration,
            StepAnchor.PreviousStep => previous?.DueAt ?? throw Impossible(step, "the step before it, and it is the first"),
            StepAnchor.WindowOpens => AfterSpacing(plan.Series.SpacingMin, step),
            StepAnchor.WindowCloses => AfterSpacing(plan.Series.SpacingMax, step),
            _ => facts.StartsAt,
        };
        Instant nominal = LocalTimePolicy.Add(anchor, step.Offset, step.At, facts.Zone);

        // "At ten" on the day of a step that came at noon: after it all the same.
        return step.Anchor is StepAnchor.PreviousStep ? Instant.Max(nominal, anchor) : nominal;
    }

    private Instant AfterSpacing(Period? spacing, PlanStep step) =>
        LocalTimePolicy.Add(facts.StartsAt, spacing ?? throw Impossible(step, "the time of the next session, and the series has no spacing"), null, facts.Zone);

    private ArgumentException Impossible(PlanStep step, string from) =>
        new($"The step '{step.Id}' of the plan '{plan.Id}' is counted from {from}.");

    private Instant UsefulUntil(PlanStep step, Instant nominal)
    {
        Instant end = step.UsefulFor is null ? facts.StartsAt : LocalTimePolicy.Add(nominal, step.UsefulFor, null, facts.Zone);
        return StepKinds.IsBeforeSession(step.Kind) ? Instant.Min(end, facts.StartsAt) : end;
    }

    /// <summary>
    /// What a late booking has missed is caught up at once as long as it is still useful. A reminder is not: the booking itself has just
    /// told the patient the time.
    /// </summary>
    private bool IsBookedTooLate(PlanStep step, Instant dueAt, Instant usefulUntil) =>
        usefulUntil <= facts.BookedAt || (step.Kind is StepKind.Reminder && dueAt < facts.BookedAt);

    private SendingWindow WindowOf(StepKind kind) => StepKinds.IsMarketing(kind) ? marketing : care;

    private static TimelineStep Result(PlanStep step, Instant dueAt, Instant usefulUntil, string? reason, string? moved) => new()
    {
        Step = step.Id,
        Kind = step.Kind,
        DueAt = dueAt,
        UsefulUntil = usefulUntil,
        TextKey = step.TextKey,
        Planned = reason is null,
        Reason = reason,
        Moved = moved,
        NeedsCompletion = StepKinds.NeedsHeldSession(step.Kind),
    };
}
