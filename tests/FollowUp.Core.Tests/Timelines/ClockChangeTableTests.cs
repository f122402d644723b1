using FollowUp.Core.CarePlans;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

/// <summary>Both clock changes of four zones, one of which moves by half an hour, and a place without any.</summary>
public class ClockChangeTableTests
{
    private static readonly SendingRules AnyTime = new() { Care = new(LocalTime.Midnight, LocalTime.MaxValue) };

    [Theory]
    [InlineData("America/New_York", "2027-03-13", "-05", "-04")]
    [InlineData("America/New_York", "2026-10-31", "-04", "-05")]
    [InlineData("Europe/London", "2027-03-27", "+00", "+01")]
    [InlineData("Europe/London", "2026-10-24", "+01", "+00")]
    [InlineData("Australia/Sydney", "2026-10-03", "+10", "+11")]
    [InlineData("Australia/Sydney", "2027-04-03", "+11", "+10")]
    [InlineData("Australia/Lord_Howe", "2026-10-03", "+10:30", "+11")]
    [InlineData("Australia/Lord_Howe", "2027-04-03", "+11", "+10:30")]
    [InlineData("America/Phoenix", "2027-03-13", "-07", "-07")]
    [InlineData("America/Phoenix", "2026-10-31", "-07", "-07")]
    public void Days_keep_the_time_of_day_and_hours_are_elapsed_time(string zoneId, string dayBefore, string offsetBefore, string offsetAfter)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb[zoneId];
        LocalDateTime noon = LocalDate.FromDateOnly(DateOnly.Parse(dayBefore, null)) + new LocalTime(12, 0);
        SessionFacts session = Some.Session(noon, zone) with { Rules = AnyTime };

        Instant nextDay = Due(session, Period.FromDays(1), at: null);
        Instant nextDayAtTen = Due(session, Period.FromDays(1), at: new LocalTime(10, 0));
        Instant in24Hours = Due(session, Period.FromHours(24), at: null);

        Assert.Equal((offsetBefore, offsetAfter), (Offset(session.StartsAt, zone), Offset(nextDay, zone)));
        Assert.Equal(noon.PlusDays(1), nextDay.InZone(zone).LocalDateTime);
        Assert.Equal(noon.Date.PlusDays(1) + new LocalTime(10, 0), nextDayAtTen.InZone(zone).LocalDateTime);
        Assert.Equal(session.StartsAt + Duration.FromHours(24), in24Hours);
    }

    /// <summary>A reminder of the day before crosses the change backwards.</summary>
    [Theory]
    [InlineData("America/New_York", "2027-03-14T10:00", 23)]
    [InlineData("America/New_York", "2026-11-01T10:00", 25)]
    [InlineData("Europe/London", "2027-03-28T10:00", 23)]
    [InlineData("Europe/London", "2026-10-25T10:00", 25)]
    [InlineData("Australia/Sydney", "2026-10-04T10:00", 23)]
    [InlineData("Australia/Sydney", "2027-04-04T10:00", 25)]
    [InlineData("Australia/Lord_Howe", "2026-10-04T10:00", 23.5)]
    [InlineData("Australia/Lord_Howe", "2027-04-04T10:00", 24.5)]
    [InlineData("America/Phoenix", "2027-03-14T10:00", 24)]
    public void The_reminder_of_the_day_before_is_at_the_same_time_of_day(string zoneId, string startsAt, double hoursBefore)
    {
        SessionFacts session = Some.Session(LocalDateTime.FromDateTime(DateTime.Parse(startsAt, null)), DateTimeZoneProviders.Tzdb[zoneId]);

        Instant reminder = Timeline.Compute(Some.Plan, session).Single(step => step.Step == "remind-1d").DueAt;

        Assert.Equal(Duration.FromHours(hoursBefore), session.StartsAt - reminder);
    }

    [Theory]
    [InlineData("America/New_York", "2027-03-14T02:30", "2027-03-14T03:00-04")]
    [InlineData("Europe/London", "2027-03-28T01:30", "2027-03-28T02:00+01")]
    [InlineData("Australia/Sydney", "2026-10-04T02:30", "2026-10-04T03:00+11")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-04T02:30+11")]
    [InlineData("America/Phoenix", "2027-03-14T02:30", "2027-03-14T02:30-07")]
    public void A_skipped_time_of_day_is_the_first_that_exists(string zoneId, string local, string expected) => Assert.Equal(expected, AtTimeOfDay(zoneId, local));

    [Theory]
    [InlineData("America/New_York", "2026-11-01T01:30", "2026-11-01T01:30-04")]
    [InlineData("Europe/London", "2026-10-25T01:30", "2026-10-25T01:30+01")]
    [InlineData("Australia/Sydney", "2027-04-04T02:30", "2027-04-04T02:30+11")]
    [InlineData("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-04T01:45+11")]
    [InlineData("America/Phoenix", "2026-11-01T01:30", "2026-11-01T01:30-07")]
    public void A_repeated_time_of_day_is_the_first_of_the_two(string zoneId, string local, string expected) => Assert.Equal(expected, AtTimeOfDay(zoneId, local));

    private static string AtTimeOfDay(string zoneId, string local)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb[zoneId];
        LocalDateTime time = LocalDateTime.FromDateTime(DateTime.Parse(local, null));
        SessionFacts session = Some.Session(time.Date.PlusDays(-1) + new LocalTime(12, 0), zone) with { Rules = AnyTime };
        return Due(session, Period.FromDays(1), time.TimeOfDay).InZone(zone).ToString("uuuu-MM-ddTHH:mmo<g>", null);
    }

    private static Instant Due(SessionFacts session, Period offset, LocalTime? at) =>
        Assert.Single(Timeline.Compute(Some.PlanWith(Some.Step(StepKind.CheckIn, StepAnchor.SessionStart, offset) with { At = at }), session)).DueAt;

    private static string Offset(Instant instant, DateTimeZone zone) => zone.GetUtcOffset(instant).ToString("g", null);
}
