using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

/// <summary>Anchors and conditions that the microneedling plan has no case of.</summary>
public class StepConditionTests
{
    private static readonly SessionFacts Session = Some.Session(Some.FirstOfDecember);

    [Fact]
    public void A_step_can_follow_the_one_before_it()
    {
        PlanStep first = Check("first", Period.FromDays(3)) with { At = new LocalTime(10, 0) };
        PlanStep second = Following("second", Period.FromHours(2));
        PlanStep third = Following("third", Period.FromDays(1)) with { At = new LocalTime(9, 30) };

        Assert.Equal(["2026-12-04T10:00", "2026-12-04T12:00", "2026-12-05T09:30"], Due([first, second, third]));
    }

    [Fact]
    public void A_step_follows_the_time_that_the_one_before_it_was_moved_to()
    {
        PlanStep late = Check("late", Period.FromDays(3)) with { At = new LocalTime(22, 0) };

        Assert.Equal(["2026-12-05T08:00", "2026-12-05T10:00"], Due([late, Following("next", Period.FromHours(2))]));
    }

    [Fact]
    public void A_step_never_comes_before_the_one_that_it_follows()
    {
        PlanStep afternoon = Check("afternoon", Period.FromDays(3)) with { At = new LocalTime(15, 0) };
        PlanStep sameDayAtTen = Following("same-day", Period.Zero) with { At = new LocalTime(10, 0) };

        Assert.Equal(["2026-12-04T15:00", "2026-12-04T15:00"], Due([afternoon, sameDayAtTen]));
    }

    [Fact]
    public void A_step_follows_the_time_at_which_the_one_before_it_left()
    {
        SessionFacts underWay = Session with { AlreadySent = new Dictionary<string, Instant> { ["first"] = Session.StartsAt + Duration.FromDays(5) } };

        Assert.Equal(
            ["2026-12-06T10:00", "2026-12-07T10:00"],
            Due([Check("first", Period.FromDays(3)), Following("second", Period.FromDays(1))], underWay));
    }

    [Fact]
    public void A_step_that_follows_nothing_is_refused() =>
        Assert.Throws<ArgumentException>(() => Due([Following("first", Period.FromDays(1))]));

    [Fact]
    public void A_step_of_the_next_sessions_time_needs_a_series_that_has_one()
    {
        CarePlan once = Some.PlanWith(Check("prompt", Period.FromDays(1)) with { Anchor = StepAnchor.WindowOpens }) with
        {
            Series = Some.Plan.Series with { SpacingMin = null, SpacingMax = null },
        };

        Assert.Throws<ArgumentException>(() => Timeline.Compute(once, Session));
    }

    [Fact]
    public void A_question_ends_when_the_patient_has_answered()
    {
        PlanStep asking = Check("asking", Period.FromDays(3)) with { Until = StepUntil.Reply | StepUntil.Rebooked };

        Assert.Null(Reason(asking, Session));
        Assert.Equal(NotPlanned.Replied, Reason(asking, Session with { Replied = true }));
        Assert.Equal(NotPlanned.Rebooked, Reason(asking, Session with { Rebooked = true }));
    }

    [Fact]
    public void A_text_for_patients_who_once_did_not_come_is_for_those_alone()
    {
        PlanStep extra = Some.Step(StepKind.Reminder, StepAnchor.SessionStart, Period.FromHours(-2)) with { OnlyAfterNoShow = true };

        Assert.Equal(NotPlanned.NoMissedSession, Reason(extra, Session));
        Assert.Null(Reason(extra, Session with { PastNoShow = true }));
    }

    private static PlanStep Check(string id, Period offset) => Some.Step(StepKind.CheckIn, StepAnchor.SessionStart, offset) with { Id = id };

    private static PlanStep Following(string id, Period offset) => Some.Step(StepKind.CheckIn, StepAnchor.PreviousStep, offset) with { Id = id };

    private static string? Reason(PlanStep step, SessionFacts facts) => Assert.Single(Timeline.Compute(Some.PlanWith(step), facts)).Reason;

    private static IEnumerable<string> Due(PlanStep[] steps, SessionFacts? facts = null) =>
        Timeline.Compute(Some.Plan with { Steps = steps }, facts ?? Session).Select(step => step.DueAt.InZone(Some.LosAngeles).ToString("uuuu-MM-ddTHH:mm", null));
}
