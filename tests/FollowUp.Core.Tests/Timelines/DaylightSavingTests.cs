using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

public class DaylightSavingTests
{
    private static readonly SendingHours AllDay = new(LocalTime.Midnight, LocalTime.MaxValue);

    [Theory]
    [InlineData("America/New_York", 2027, 3, 10, -5, -4)] // clocks go forward on 14 March
    [InlineData("America/New_York", 2026, 10, 28, -4, -5)] // and back on 1 November
    [InlineData("Europe/London", 2027, 3, 24, 0, 1)] // forward on 28 March
    [InlineData("Europe/London", 2026, 10, 21, 1, 0)] // back on 25 October
    public void A_week_later_at_ten_is_at_ten_on_the_other_side_of_a_clock_change(string zoneId, int year, int month, int day, int offsetBefore, int offsetAfter)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb[zoneId];
        SessionFacts session = Some.Session(new LocalDateTime(year, month, day, 10, 0), zone);

        ZonedDateTime due = Timeline.Compute(Some.Plan, session).Single(step => step.Step == "care-7d").DueAt.InZone(zone);

        Assert.Equal(Offset.FromHours(offsetBefore), session.StartsAt.InZone(zone).Offset);
        Assert.Equal(Offset.FromHours(offsetAfter), due.Offset);
        Assert.Equal(new LocalDateTime(year, month, day, 10, 0).PlusDays(7), due.LocalDateTime);
    }

    [Fact]
    public void Hours_are_elapsed_time_across_a_clock_change()
    {
        // Ends at 16:00 on the day before New York loses an hour: 24 hours later it is 17:00 there.
        SessionFacts session = Some.Session(new LocalDateTime(2027, 3, 13, 15, 0), Some.NewYork);

        Instant due = Timeline.Compute(Some.Plan, session).Single(step => step.Step == "care-24h").DueAt;

        Assert.Equal(session.StartsAt + Duration.FromHours(25), due);
        Assert.Equal(new LocalTime(17, 0), due.InZone(Some.NewYork).TimeOfDay);
    }

    [Theory]
    [InlineData("America/New_York", "2027-03-14T02:30", "2027-03-14T07:00Z")]
    [InlineData("Europe/London", "2027-03-28T01:30", "2027-03-28T01:00Z")]
    public void A_local_time_that_is_skipped_means_the_first_instant_after_the_gap(string zone, string local, string expected) =>
        Assert.Equal(Parse(expected), StepAt(zone, local));

    [Theory]
    [InlineData("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z")]
    [InlineData("Europe/London", "2026-10-25T01:30", "2026-10-25T00:30Z")]
    public void A_local_time_that_comes_twice_means_the_first(string zone, string local, string expected) =>
        Assert.Equal(Parse(expected), StepAt(zone, local));

    [Fact]
    public void Adding_nothing_to_the_second_of_two_equal_local_times_stays_there()
    {
        Instant second = Instant.FromUtc(2026, 11, 1, 6, 30);

        Assert.Equal(second, LocalTimePolicy.Add(second, Period.Zero, null, Some.NewYork));
    }

    /// <summary>When a step is due that the plan puts at this local time, the day after the session.</summary>
    private static Instant StepAt(string zoneId, string local)
    {
        LocalDateTime due = LocalDateTime.FromDateTime(DateTime.Parse(local, null));
        PlanStep step = Some.Step(StepKind.CheckIn, StepAnchor.SessionStart, Period.FromDays(1)) with { At = due.TimeOfDay };
        SessionFacts session = Some.Session(due.Date.PlusDays(-1) + new LocalTime(10, 0), DateTimeZoneProviders.Tzdb[zoneId]) with { Hours = AllDay };
        return Assert.Single(Timeline.Compute(Some.PlanWith(step), session)).DueAt;
    }

    private static Instant Parse(string text) => Instant.FromDateTimeOffset(DateTimeOffset.Parse(text, null));
}
