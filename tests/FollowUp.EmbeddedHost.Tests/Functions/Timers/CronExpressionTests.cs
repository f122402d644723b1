using System.Globalization;
using FollowUp.EmbeddedHost.Functions.Timers;

namespace FollowUp.EmbeddedHost.Tests.Functions.Timers;

/// <summary>Schedules as the real host's parser reads them.</summary>
public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-22T10:00:00", "2026-11-22T10:05:00")]
    [InlineData("0 */5 * * * *", "2026-11-22T10:04:59.9999999", "2026-11-22T10:05:00")]
    [InlineData("* * * * * *", "2026-11-22T10:00:00.5", "2026-11-22T10:00:01")]
    [InlineData("*/5 * * * *", "2026-11-22T10:02:00", "2026-11-22T10:05:00")]
    [InlineData("30 0 9 * * *", "2026-11-22T09:00:30", "2026-11-23T09:00:30")]
    [InlineData("0 0 9-17 * * MON-FRI", "2026-11-20T17:00:00", "2026-11-23T09:00:00")]
    [InlineData("0 0 9-17 * * 1-5", "2026-11-20T17:00:00", "2026-11-23T09:00:00")]
    [InlineData("0 0 0 * * 0", "2026-11-22T00:00:00", "2026-11-29T00:00:00")]
    [InlineData("0 0 0 * * Sunday", "2026-11-21T00:00:00", "2026-11-22T00:00:00")]
    [InlineData("0 0 0 1 jan *", "2026-11-22T00:00:00", "2027-01-01T00:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-11-22T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 0 0 31 * *", "2026-11-22T00:00:00", "2026-12-31T00:00:00")]
    [InlineData("0 59 23 31 12 *", "2026-12-31T23:59:00", "2027-12-31T23:59:00")]
    [InlineData("0 0,30 8,20 * * *", "2026-11-22T08:00:00", "2026-11-22T08:30:00")]
    [InlineData("0 0,30 8,20 * * *", "2026-11-22T08:30:00", "2026-11-22T20:00:00")]
    [InlineData("0 10/20 * * * *", "2026-11-22T08:10:00", "2026-11-22T08:30:00")]
    [InlineData("0 10-40/15 * * * *", "2026-11-22T08:40:00", "2026-11-22T09:10:00")]
    [InlineData("00:30:00", "2026-11-22T08:40:10", "2026-11-22T09:10:10")]
    public void The_next_occurrence_is_strictly_later(string schedule, string after, string next)
        => Assert.Equal(Utc(next), TimerSchedule.Parse(schedule).Next(Utc(after)));

    [Fact]
    public void A_day_has_to_match_both_day_and_day_of_the_week()
        => Assert.Equal(Utc("2027-08-13T00:00:00"), TimerSchedule.Parse("0 0 0 13 * FRI").Next(Utc("2026-11-22T00:00:00")));

    [Fact]
    public void Summer_time_does_not_matter_as_times_are_UTC()
    {
        TimerSchedule hourly = TimerSchedule.Parse("0 30 * * * *");
        DateTimeOffset time = Utc("2026-03-28T22:30:00");
        for (int hour = 1; hour <= 48; hour++)
        {
            DateTimeOffset next = hourly.Next(time);
            Assert.Equal(TimeSpan.FromHours(1), next - time);
            time = next;
        }
    }

    [Fact]
    public void Every_occurrence_of_a_year_is_found_and_no_other()
    {
        TimerSchedule schedule = TimerSchedule.Parse("0 15 */7 1,15,31 * TUE-THU");
        DateTimeOffset time = Utc("2026-01-01T00:00:00").AddTicks(-1);
        DateTimeOffset found = schedule.Next(time);
        for (DateTimeOffset minute = Utc("2026-01-01T00:00:00"); minute.Year == 2026; minute = minute.AddMinutes(1))
        {
            bool day = (minute.Day is 1 or 15 or 31) && (minute.DayOfWeek is DayOfWeek.Tuesday or DayOfWeek.Wednesday or DayOfWeek.Thursday);
            bool matches = day && minute.Minute == 15 && minute.Hour % 7 == 0;
            Assert.Equal(matches, found == minute);
            found = found == minute ? schedule.Next(minute) : found;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("* 60 * * * *")]
    [InlineData("* * 24 * * *")]
    [InlineData("* * * 0 * *")]
    [InlineData("* * * 32 * *")]
    [InlineData("* * * * 13 *")]
    [InlineData("* * * * * 7")]
    [InlineData("*/0 * * * * *")]
    [InlineData("5-1 * * * * *")]
    [InlineData("-5 * * * * *")]
    [InlineData("1,, * * * * *")]
    [InlineData("* * * ? * *")]
    [InlineData("* * * * FOO *")]
    [InlineData("* * * * J *")]
    [InlineData("0 0 0 30 2 *")]
    [InlineData("00:00:00")]
    [InlineData("-00:10:00")]
    [InlineData("5")]
    public void What_is_no_schedule_is_refused(string schedule)
        => Assert.Throws<FormatException>(() => TimerSchedule.Parse(schedule));

    [Theory]
    [InlineData("*/30 * * * * *", false)]
    [InlineData("0 * * * * *", true)]
    [InlineData("0,1 0 9 * * *", false)]
    [InlineData("00:00:59", false)]
    [InlineData("00:01:00", true)]
    [InlineData("0 0 0 29 2 *", true)]
    public void Schedules_with_less_than_a_minute_between_occurrences_are_not_monitored(string schedule, bool monitored)
        => Assert.Equal(monitored, TimerSchedule.Parse(schedule).CanBeMonitored(Utc("2026-11-22T10:00:00")));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
