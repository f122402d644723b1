using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

public class SendingHoursTests
{
    [Theory]
    [InlineData("07:59", "2026-12-01T08:00")]
    [InlineData("08:00", "2026-12-01T08:00")]
    [InlineData("20:59", "2026-12-01T20:59")]
    [InlineData("21:00", "2026-12-02T08:00")]
    [InlineData("00:00", "2026-12-01T08:00")]
    public void A_time_outside_the_hours_moves_to_the_next_opening(string time, string expected)
    {
        LocalDateTime due = new LocalDate(2026, 12, 1) + LocalTime.FromTimeOnly(TimeOnly.Parse(time, null));

        Assert.Equal(expected, Next(SendingHours.Default, due, Some.LosAngeles));
    }

    [Fact]
    public void Aftercare_of_a_late_session_comes_the_next_morning_because_it_is_still_true()
    {
        TimelineStep care = Step("care-4h", Some.Session(new LocalDateTime(2026, 12, 1, 18, 0)));

        Assert.Equal((true, "2026-12-02T08:00"), (care.Planned, Local(care.DueAt, Some.LosAngeles)));
    }

    [Fact]
    public void A_reminder_that_could_only_arrive_after_the_session_has_begun_is_dropped_and_says_why()
    {
        PlanStep twoHoursBefore = Some.Step(StepKind.Reminder, StepAnchor.SessionStart, Period.FromHours(-2));
        SessionFacts early = Some.Session(new LocalDateTime(2026, 12, 1, 8, 0));

        TimelineStep step = Assert.Single(Timeline.Compute(Some.PlanWith(twoHoursBefore), early));

        Assert.Equal((false, "the sending hours would deliver it too late"), (step.Planned, step.Reason));
    }

    [Fact]
    public void A_reminder_is_never_useful_longer_than_until_the_session_starts()
    {
        PlanStep lasting = Some.Step(StepKind.Reminder, StepAnchor.SessionStart, Period.FromHours(-2)) with { UsefulFor = Period.FromDays(3) };
        SessionFacts session = Some.Session(Some.FirstOfDecember);

        Assert.Equal(session.StartsAt, Assert.Single(Timeline.Compute(Some.PlanWith(lasting), session)).UsefulUntil);
    }

    [Fact]
    public void A_reminder_that_can_still_arrive_before_the_session_is_moved()
    {
        PlanStep twoHoursBefore = Some.Step(StepKind.Reminder, StepAnchor.SessionStart, Period.FromHours(-2));
        SessionFacts early = Some.Session(new LocalDateTime(2026, 12, 1, 8, 30));

        TimelineStep step = Assert.Single(Timeline.Compute(Some.PlanWith(twoHoursBefore), early));

        Assert.Equal((true, "2026-12-01T08:00"), (step.Planned, Local(step.DueAt, Some.LosAngeles)));
    }

    [Fact]
    public void Steps_are_sorted_by_the_time_they_were_moved_to()
    {
        SessionFacts late = Some.Session(new LocalDateTime(2026, 12, 1, 18, 0)) with { Hours = new SendingHours(new(9, 0), new(9, 1)) };
        IReadOnlyList<TimelineStep> steps = Timeline.Compute(Some.Plan, late);

        Assert.Equal(steps.Select(step => step.DueAt).Order(), steps.Select(step => step.DueAt));
    }

    [Fact]
    public void An_opening_time_that_summer_time_skips_is_the_first_instant_after_the_gap() =>
        Assert.Equal("2027-03-14T03:00", Next(new SendingHours(new(2, 30), new(4, 0)), new LocalDateTime(2027, 3, 14, 1, 0), Some.NewYork));

    [Fact]
    public void Hours_that_a_gap_swallows_whole_open_the_next_day() =>
        Assert.Equal("2027-03-15T02:10", Next(new SendingHours(new(2, 10), new(2, 50)), new LocalDateTime(2027, 3, 14, 1, 0), Some.NewYork));

    [Fact]
    public void A_day_that_a_zone_skips_is_passed_over() =>
        Assert.Equal("2011-12-31T08:00", Next(SendingHours.Default, new LocalDateTime(2011, 12, 29, 22, 0), DateTimeZoneProviders.Tzdb["Pacific/Apia"]));

    [Fact]
    public void An_opening_within_a_repeated_hour_is_never_before_the_time_asked_for()
    {
        // 01:10 the second time it comes, after the clocks went back; the first 01:30 is already over.
        Instant secondTenPastOne = Instant.FromUtc(2026, 11, 1, 6, 10);

        Instant next = new SendingHours(new(1, 30), new(4, 0)).NextAllowed(secondTenPastOne, Some.NewYork);

        Assert.Equal(Instant.FromUtc(2026, 11, 1, 6, 30), next);
    }

    [Fact]
    public void Hours_that_do_not_end_after_they_begin_are_refused() =>
        Assert.Throws<ArgumentException>(() => new SendingHours(new(21, 0), new(8, 0)));

    private static string Next(SendingHours hours, LocalDateTime due, DateTimeZone zone) =>
        Local(hours.NextAllowed(LocalTimePolicy.ToInstant(due, zone), zone), zone);

    private static TimelineStep Step(string id, SessionFacts facts) => Timeline.Compute(Some.Plan, facts).Single(step => step.Step == id);

    private static string Local(Instant instant, DateTimeZone zone) => instant.InZone(zone).ToString("uuuu-MM-ddTHH:mm", null);
}
