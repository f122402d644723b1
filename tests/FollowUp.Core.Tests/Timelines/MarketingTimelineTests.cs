using FollowUp.Core.CarePlans;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

/// <summary>What windows and budgets do to the prompts of a course: move them, or drop them with the reason, and leave care alone.</summary>
public class MarketingTimelineTests
{
    private static readonly SessionFacts Session = Some.Session(Some.FirstOfDecember);

    [Fact]
    public void A_prompt_on_a_holiday_moves_to_the_next_day_and_says_so()
    {
        TimelineStep prompt = Prompt(Session with { StartsAt = At(2026, 11, 27) }); // opens on Christmas Day

        Assert.Equal(("2026-12-26T09:00", true, Moved.IntoSendingHours), (Local(prompt), prompt.Planned, prompt.Moved));
    }

    [Fact]
    public void A_prompt_to_a_Texan_on_a_Sunday_waits_until_noon()
    {
        SessionFacts texan = Session with { StartsAt = At(2026, 12, 6), Phone = Some.Phone("+15125550123") };

        Assert.Equal("2027-01-03T12:00", Local(Prompt(texan)));
    }

    [Fact]
    public void A_prompt_moves_to_the_next_day_with_room_at_its_own_time_of_day()
    {
        TimelineStep prompt = Prompt(Session with { SentMarketing = [At(2026, 12, 29, 18), At(2026, 12, 30, 9)] });

        Assert.Equal(("2026-12-31T10:00", true, Moved.IntoBudget), (Local(prompt), prompt.Planned, prompt.Moved));
    }

    [Fact]
    public void A_prompt_that_finds_no_day_while_it_is_useful_is_dropped_with_the_reason()
    {
        SessionFacts busy = Session with { SentMarketing = [.. Enumerable.Range(0, 10).Select(week => At(2026, 10, 1) + Duration.FromDays(7 * week))] };

        Assert.Equal(
            [(false, NotPlanned.OverYearlyBudget), (false, NotPlanned.OverYearlyBudget), (false, NotPlanned.OverYearlyBudget)],
            Timeline.Compute(Some.Plan, busy).Where(step => step.Kind is StepKind.Rebooking).Select(step => (step.Planned, step.Reason)));
    }

    [Fact]
    public void Texts_about_care_have_no_budget()
    {
        SessionFacts busy = Session with { SentMarketing = [.. Enumerable.Range(0, 100).Select(day => At(2026, 10, 1) + Duration.FromDays(day))] };

        Assert.All(Timeline.Compute(Some.Plan, busy).Where(step => step.Kind is not StepKind.Rebooking), step => Assert.Null(step.Reason));
    }

    [Fact]
    public void The_prompts_of_one_plan_share_the_budget_in_the_order_in_which_they_are_due()
    {
        PlanStep[] prompts = [Daily("c", 3), Daily("a", 1), Daily("b", 2), Daily("d", 4)];

        Dictionary<string, string> due = Timeline.Compute(Some.Plan with { Steps = prompts }, Session).ToDictionary(step => step.Step, Local);

        Assert.Equal("2026-12-30T10:00", due["a"]);
        Assert.Equal("2026-12-31T10:00", due["b"]);
        Assert.Equal("2027-01-02T09:00", due["c"]); // after the holiday
        Assert.Equal("2027-01-06T10:00", due["d"]); // the fourth in a week waits until the week is over
    }

    [Fact]
    public void A_text_counts_once_though_it_is_named_twice()
    {
        Instant left = At(2026, 12, 29);
        SessionFacts facts = Session with
        {
            AlreadySent = new Dictionary<string, Instant> { ["rebook-opens"] = left },
            SentMarketing = [left, left],
            Rules = SendingRules.Default with { Budget = new MarketingBudget { PerYear = 2 } },
        };

        Assert.True(Timeline.Compute(Some.Plan, facts).Single(step => step.Step == "rebook-nudge").Planned);
    }

    [Fact]
    public void Hours_that_meet_no_lawful_time_drop_the_prompt_and_say_so()
    {
        SessionFacts facts = Session with { Phone = Some.Phone("+13055550123"), Rules = SendingRules.Default with { Marketing = new(new(20, 0), new(21, 0)) } };

        Assert.Equal((false, NotPlanned.NoSendingHours), (Prompt(facts).Planned, Prompt(facts).Reason));
    }

    [Fact]
    public void The_clinics_hours_hold_for_care_and_marketing_alike()
    {
        SessionFacts facts = Session with { Hours = new(new(11, 0), new(12, 0)) };

        Assert.Equal("2026-12-29T11:00", Local(Prompt(facts)));
        Assert.Equal("2026-12-04T11:00", Local(Timeline.Compute(Some.Plan, facts).Single(step => step.Step == "check-3d")));
    }

    private static PlanStep Daily(string id, int day) =>
        Some.Step(StepKind.Rebooking, StepAnchor.WindowOpens, Period.FromDays(day)) with { Id = id, At = new LocalTime(10, 0), UsefulFor = Period.FromDays(7) };

    private static TimelineStep Prompt(SessionFacts facts) => Timeline.Compute(Some.Plan, facts).Single(step => step.Step == "rebook-opens");

    private static Instant At(int year, int month, int day, int hour = 10) =>
        LocalTimePolicy.ToInstant(new LocalDateTime(year, month, day, hour, 0), Some.LosAngeles);

    private static string Local(TimelineStep step) => step.DueAt.InZone(Some.LosAngeles).ToString("uuuu-MM-ddTHH:mm", null);
}
