using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

/// <summary>What a change does to a course that is under way.</summary>
public class ChangedSessionTests
{
    private static readonly SessionFacts Session = Some.Session(Some.FirstOfDecember);

    [Fact]
    public void A_moved_session_moves_what_has_not_left_and_leaves_alone_what_has()
    {
        Instant left = At(new(2026, 11, 24, 10, 0), Some.LosAngeles);
        SessionFacts moved = Session with
        {
            StartsAt = At(new(2026, 12, 9, 15, 0), Some.LosAngeles),
            BookedAt = At(new(2026, 11, 25, 9, 0), Some.LosAngeles),
            AlreadySent = new Dictionary<string, Instant> { ["prep-7d"] = left },
        };

        IReadOnlyList<TimelineStep> steps = Timeline.Compute(Some.Plan, moved);

        Assert.Equal(("prep-7d", left, false, NotPlanned.AlreadySent), (steps[0].Step, steps[0].DueAt, steps[0].Planned, steps[0].Reason));
        Assert.Equal(["2026-12-06T15:00", "2026-12-08T15:00", "2026-12-09T20:00"], steps.Skip(1).Take(3).Select(step => Local(step, Some.LosAngeles)));
        Assert.Single(steps, step => step.Step == "prep-7d");
    }

    [Fact]
    public void The_way_out_that_the_first_text_told_is_not_told_again_by_the_next()
    {
        SessionFacts underWay = Session with { AlreadySent = new Dictionary<string, Instant> { ["prep-7d"] = Session.StartsAt - Duration.FromDays(7) } };

        IReadOnlyList<TimelineStep> before = Timeline.Compute(Some.Plan, Session);
        IReadOnlyList<TimelineStep> after = Timeline.Compute(Some.Plan, underWay);

        Assert.Equal(before.Select(step => step.TextKey), after.Select(step => step.TextKey));
    }

    [Fact]
    public void A_session_that_is_moved_close_drops_the_preparation_that_is_past_and_says_so()
    {
        SessionFacts tomorrow = Session with { BookedAt = Session.StartsAt - Duration.FromHours(26) };

        Assert.Equal(
            [("prep-7d", NotPlanned.BookedTooLate), ("remind-3d", NotPlanned.BookedTooLate)],
            Timeline.Compute(Some.Plan, tomorrow).Where(step => !step.Planned).Select(step => (step.Step, step.Reason)));
    }

    [Fact]
    public void A_step_that_the_session_lost_when_its_number_changed_is_still_shown_once_it_has_left()
    {
        Instant left = Session.StartsAt - Duration.FromDays(3);
        SessionFacts second = Session with { SessionNumber = 2, AlreadySent = new Dictionary<string, Instant> { ["remind-3d"] = left } };

        Assert.Equal(left, Timeline.Compute(Some.Plan, second).Single(step => step.Step == "remind-3d").DueAt);
    }

    [Fact]
    public void A_patient_who_moves_to_another_zone_gets_the_rest_by_the_new_clock()
    {
        // Booked in Los Angeles; the patient then moves to New York. The session stays where and when it is.
        SessionFacts moved = Session with { Zone = Some.NewYork, AlreadySent = new Dictionary<string, Instant> { ["prep-7d"] = Session.StartsAt - Duration.FromDays(7) } };

        Dictionary<string, TimelineStep> steps = Timeline.Compute(Some.Plan, moved).ToDictionary(step => step.Step);

        Assert.Equal(Session.StartsAt - Duration.FromDays(7), steps["prep-7d"].DueAt);
        Assert.Equal("2026-11-30T13:00", Local(steps["remind-1d"], Some.NewYork));
        Assert.Equal("2026-12-01T18:00", Local(steps["care-4h"], Some.NewYork)); // four hours after the end, wherever one is
        Assert.Equal("2026-12-04T10:00", Local(steps["check-3d"], Some.NewYork));
    }

    [Fact]
    public void A_patient_who_moves_across_the_date_line_gets_the_rest_by_the_new_calendar()
    {
        DateTimeZone auckland = DateTimeZoneProviders.Tzdb["Pacific/Auckland"];
        SessionFacts moved = Session with { Zone = auckland };

        // 10:00 on 1 December in Los Angeles is the 2nd in Auckland: day 3 is the 5th.
        Assert.Equal("2026-12-05T10:00", Local(Timeline.Compute(Some.Plan, moved).Single(step => step.Step == "check-3d"), auckland));
    }

    [Fact]
    public void A_later_booking_ends_the_prompts_that_are_left()
    {
        SessionFacts booked = Session with
        {
            Rebooked = true,
            AlreadySent = new Dictionary<string, Instant> { ["rebook-opens"] = Session.StartsAt + Duration.FromDays(28) },
        };

        Assert.Equal(
            [("rebook-opens", NotPlanned.AlreadySent), ("rebook-nudge", NotPlanned.Rebooked), ("rebook-last-call", NotPlanned.Rebooked)],
            Timeline.Compute(Some.Plan, booked).Where(step => step.Kind is StepKind.Rebooking).Select(step => (step.Step, step.Reason)));
    }

    private static Instant At(LocalDateTime local, DateTimeZone zone) => LocalTimePolicy.ToInstant(local, zone);

    private static string Local(TimelineStep step, DateTimeZone zone) => step.DueAt.InZone(zone).ToString("uuuu-MM-ddTHH:mm", null);
}
