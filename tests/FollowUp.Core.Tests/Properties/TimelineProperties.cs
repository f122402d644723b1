using FollowUp.Core.CarePlans;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace FollowUp.Tests.Properties;

/// <summary>What must hold of every timeline.</summary>
public class TimelineProperties
{
    [Fact]
    public void A_text_never_arrives_outside_of_its_window()
    {
        int care = 0, marketing = 0, moved = 0;
        ForAll(nameof(A_text_never_arrives_outside_of_its_window), course =>
        {
            foreach (TimelineStep step in course.Timeline.Where(step => step.Planned))
            {
                if (WhyForbidden(step, course.Facts) is string why)
                {
                    return $"{step} is {why}";
                }

                _ = StepKinds.IsMarketing(step.Kind) ? marketing++ : care++;
                moved += step.Moved is null ? 0 : 1;
            }

            return null;
        });

        // Random facts rule out most marketing: enough must be left for the property to mean something.
        Assert.True(care > 1000 && marketing > 300 && moved > 500, $"tried {care} care, {marketing} marketing, {moved} moved");
    }

    [Fact]
    public void A_text_never_comes_before_what_it_is_counted_from() =>
        ForAll(nameof(A_text_never_comes_before_what_it_is_counted_from), course =>
        {
            IReadOnlyList<TimelineStep> steps = course.Timeline;
            return steps.Where(step => step.Planned).Select(step => EarlierThan(step, steps, course) is string what ? $"{step} is before {what}" : null)
                .FirstOrDefault(wrong => wrong is not null);
        });

    [Fact]
    public void A_text_arrives_while_it_is_true() =>
        ForAll(nameof(A_text_arrives_while_it_is_true), course => course.Timeline
            .Where(step => step.Planned && (step.DueAt >= step.UsefulUntil || (StepKinds.IsBeforeSession(step.Kind) && step.UsefulUntil > course.Facts.StartsAt)))
            .Select(step => $"{step} is too late").FirstOrDefault());

    [Fact]
    public void A_timeline_is_in_order() =>
        ForAll(nameof(A_timeline_is_in_order), course =>
        {
            IReadOnlyList<TimelineStep> steps = course.Timeline;
            return steps.Zip(steps.Skip(1)).Where(pair => pair.First.DueAt > pair.Second.DueAt).Select(pair => $"{pair.First} is before {pair.Second}").FirstOrDefault();
        });

    [Fact]
    public void The_same_input_gives_the_same_output() =>
        ForAll(nameof(The_same_input_gives_the_same_output), course =>
            course.Timeline.SequenceEqual(Timeline.Compute(course.Plan with { Steps = [.. course.Plan.Steps] }, course.Facts with { })) ? null : "they differ");

    [Fact]
    public void Every_step_of_the_session_is_planned_or_says_why_not() =>
        ForAll(nameof(Every_step_of_the_session_is_planned_or_says_why_not), course =>
        {
            IReadOnlyList<TimelineStep> steps = course.Timeline;
            IEnumerable<string> expected = course.Plan.Steps.Where(step => Belongs(step, course.Facts)).Select(step => step.Id);
            return !expected.Order().SequenceEqual(steps.Select(step => step.Step).Order()) ? $"expected {string.Join(' ', expected)}"
                : steps.FirstOrDefault(step => step.Planned == (step.Reason?.Length > 0)) is { } silent ? $"{silent} does not say"
                : null;
        });

    [Fact]
    public void A_reschedule_never_moves_or_repeats_what_has_left()
    {
        int left = 0;
        ForAll(nameof(A_reschedule_never_moves_or_repeats_what_has_left), course =>
        {
            Instant now = course.Moved.BookedAt;
            Dictionary<string, Instant> sent = course.Timeline.Where(step => step.Planned && step.DueAt <= now)
                .Select(step => KeyValuePair.Create(step.Step, step.DueAt)).Concat(course.Facts.AlreadySent).ToDictionary();
            left += sent.Count;

            IReadOnlyList<TimelineStep> after = Timeline.Compute(course.Plan, course.Moved with { AlreadySent = sent });

            return after.FirstOrDefault(step => step.Planned && sent.ContainsKey(step.Step)) is { } again ? $"{again} is repeated"
                : after.FirstOrDefault(step => step.Planned && step.DueAt < now) is { } past ? $"{past} is in the past"
                : sent.FirstOrDefault(step => after.SingleOrDefault(other => other.Step == step.Key)?.DueAt != step.Value) is { Key: { } moved } ? $"{moved} has moved"
                : null;
        });

        Assert.True(left > 1000, $"only {left} steps had left");
    }

    [Fact]
    public void Sending_what_is_due_changes_nothing_of_the_rest()
    {
        ForAll(nameof(Sending_what_is_due_changes_nothing_of_the_rest), course =>
        {
            IReadOnlyList<TimelineStep> before = course.Timeline;
            if (before.FirstOrDefault(step => step.Planned) is not { } due)
            {
                return null;
            }

            SessionFacts sent = course.Facts with { AlreadySent = course.Facts.AlreadySent.Append(KeyValuePair.Create(due.Step, due.DueAt)).ToDictionary() };
            IEnumerable<TimelineStep> rest = Timeline.Compute(course.Plan, sent).Where(step => step.Step != due.Step).Select(WithAnyBudget);
            return before.Where(step => step.Step != due.Step).Select(WithAnyBudget).SequenceEqual(rest) ? null : $"before:{Environment.NewLine}{string.Join(Environment.NewLine, before)}{Environment.NewLine}after {due} came:{Environment.NewLine}{string.Join(Environment.NewLine, rest)}";
        });
    }

    /// <summary>Of several budgets that leave no room any may be named, and what has left since can use up one more of them. The text stays unplanned.</summary>
    private static TimelineStep WithAnyBudget(TimelineStep step) =>
        step.Reason is NotPlanned.OverDailyBudget or NotPlanned.OverWeeklyBudget or NotPlanned.OverYearlyBudget ? step with { Reason = NotPlanned.OverYearlyBudget } : step;

    [Fact]
    public void Budgets_hold_and_only_marketing_gives_way_to_them()
    {
        int dropped = 0, moved = 0;
        ForAll(nameof(Budgets_hold_and_only_marketing_gives_way_to_them), course =>
        {
            IReadOnlyList<TimelineStep> steps = course.Timeline;
            List<Instant> sent =
            [
                .. course.Facts.SentMarketing
                    .Concat(steps.Where(step => step.Reason == NotPlanned.AlreadySent && StepKinds.IsMarketing(step.Kind)).Select(step => step.DueAt)).Distinct(),
                .. steps.Where(step => step.Planned && StepKinds.IsMarketing(step.Kind)).Select(step => step.DueAt),
            ];
            foreach (TimelineStep step in steps)
            {
                bool over = step.Reason is NotPlanned.OverDailyBudget or NotPlanned.OverWeeklyBudget or NotPlanned.OverYearlyBudget;
                dropped += over ? 1 : 0;
                moved += step.Moved == Moved.IntoBudget ? 1 : 0;
                bool marketing = StepKinds.IsMarketing(step.Kind);
                if ((over || step.Moved == Moved.IntoBudget) && !marketing)
                {
                    return $"{step} is care";
                }

                if (step.Planned && marketing && IsOverBudget(sent, step.DueAt, course.Facts))
                {
                    return $"{step} is too much";
                }

                if (over && !IsOverBudget([.. sent, step.DueAt], step.DueAt, course.Facts))
                {
                    return $"{step} would have been within the budget";
                }
            }

            return null;
        });

        Assert.True(dropped > 50 && moved > 20, $"only {dropped} were dropped and {moved} moved");
    }

    [Fact]
    public void The_next_allowed_time_is_allowed_and_no_earlier_one_is()
    {
        Arbitrary<(SendingWindow Window, DateTimeZone Zone, Instant From)> windows = Arb.From(
            from zone in CourseGenerator.Zone
            from phone in CourseGenerator.Phone
            from rules in CourseGenerator.Rules
            from kind in Gen.Elements(StepKind.Aftercare, StepKind.Rebooking)
            from start in CourseGenerator.Start(zone)
            select (rules.WindowFor(kind, phone, zone), zone, start));

        Always.Holds(nameof(The_next_allowed_time_is_allowed_and_no_earlier_one_is), windows, value =>
        {
            Instant? next = value.Window.NextAllowed(value.From, value.Zone);
            if (next is { } at && (at < value.From || !value.Window.Allows(at, value.Zone)))
            {
                return $"{at} is not allowed";
            }

            // A narrow window could hide between samples, but only one that opens: so each minute of the last day is tried too.
            Instant end = next ?? value.From + Duration.FromDays(30);
            IEnumerable<Instant> hourly = Enumerable.Range(0, (int)(end - value.From).TotalHours).Select(hour => value.From + Duration.FromHours(hour));
            IEnumerable<Instant> last = Enumerable.Range(1, 24 * 60).Select(minute => end - Duration.FromMinutes(minute)).TakeWhile(at => at >= value.From);
            Instant? earlier = hourly.Concat(last).Where(at => at < end && value.Window.Allows(at, value.Zone)).Select(at => (Instant?)at).FirstOrDefault();
            return earlier is null ? null : $"{earlier} is earlier than {next} and allowed";
        });
    }

    private static void ForAll(string name, Func<Course, string?> whatIsWrong) => Always.Holds(name, CourseGenerator.Courses, whatIsWrong);

    /// <summary>The rules read row by row, not through the windows that the timeline uses.</summary>
    private static string? WhyForbidden(TimelineStep step, SessionFacts facts)
    {
        LocalDateTime local = step.DueAt.InZone(facts.Zone).LocalDateTime;
        if (!StepKinds.IsMarketing(step.Kind))
        {
            return facts.Rules.Care.Contains(local.TimeOfDay) ? null : "outside of the clinic's hours";
        }

        MarketingLaw law = MarketingHours.For(facts.Phone, facts.Zone);
        MarketingRule? broken = law.Rules.FirstOrDefault(rule => rule.Weekdays.Contains(local.DayOfWeek) && rule.Hours?.Contains(local.TimeOfDay) != true);
        return broken is not null ? $"against {broken}"
            : !facts.Rules.Marketing.Contains(local.TimeOfDay) ? "outside of the clinic's hours"
            : facts.Rules.NoMarketingDays.Contains(local.DayOfWeek) ? "on a closed day"
            : facts.Rules.NoMarketingHolidays.Count > 0 && law.Jurisdictions.Contains("US") && Holiday.UsFederal.Any(holiday => holiday.IsOn(local.Date)) ? "on a holiday"
            : null;
    }

    /// <summary>What the step comes before though it may not; null if there is nothing.</summary>
    private static string? EarlierThan(TimelineStep timed, IReadOnlyList<TimelineStep> steps, Course course)
    {
        SessionFacts facts = course.Facts;
        PlanStep step = course.Step(timed.Step);
        int index = course.Plan.Steps.ToList().IndexOf(step);
        bool negative = step.Offset.ToString().Contains('-', StringComparison.Ordinal);
        Period? spacing = step.Anchor is StepAnchor.WindowOpens ? course.Plan.Series.SpacingMin : course.Plan.Series.SpacingMax;
        LocalDate window = facts.StartsAt.InZone(facts.Zone).Date + (spacing ?? Period.Zero);
        return timed.DueAt < facts.BookedAt ? "the booking"
            : step.Anchor is StepAnchor.SessionStart or StepAnchor.LastSession && !negative && timed.DueAt <= facts.StartsAt ? "the session"
            : step.Anchor is StepAnchor.SessionEnd && timed.DueAt <= facts.StartsAt + course.Plan.SessionDuration ? "the end of the session"
            : step.Anchor is StepAnchor.WindowOpens or StepAnchor.WindowCloses && !negative && timed.DueAt < facts.Zone.AtStartOfDay(window).ToInstant() ? "the day of the window"
            : step.Anchor is StepAnchor.PreviousStep && steps.Any(other => other.Step == course.Plan.Steps[index - 1].Id && other.DueAt > timed.DueAt) ? "the step that it follows"
            : null;
    }

    private static bool Belongs(PlanStep step, SessionFacts facts)
    {
        SessionCondition[] conditions =
        [
            SessionCondition.All,
            facts.SessionNumber == 1 ? SessionCondition.First : SessionCondition.Later,
            facts.SessionNumber == facts.PlannedSessions ? SessionCondition.Last : SessionCondition.NotLast,
        ];
        return facts.AlreadySent.ContainsKey(step.Id)
            || (conditions.Contains(step.Sessions) && (step.Anchor is not StepAnchor.LastSession || conditions.Contains(SessionCondition.Last)));
    }

    /// <summary>Whether any stretch of days around one of the texts has too many: counted day by day.</summary>
    private static bool IsOverBudget(List<Instant> sent, Instant at, SessionFacts facts)
    {
        MarketingBudget budget = facts.Rules.Budget;
        LocalDate day = at.InZone(facts.Zone).Date;
        List<int> offsets = [.. sent.Select(other => Period.DaysBetween(day, other.InZone(facts.Zone).Date))];
        return ((int Length, int Limit)[])[(1, budget.PerDay), (7, budget.PerWeek), (365, budget.PerYear)] is var limits
            && limits.Any(limit => Enumerable.Range(1 - limit.Length, limit.Length)
                .Any(first => offsets.Count(offset => offset >= first && offset < first + limit.Length) > limit.Limit));
    }
}
