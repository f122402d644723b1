namespace FollowUp.EmbeddedHost.Functions.Timers;

/// <summary>
/// A cron expression of six fields (second, minute, hour, day, month, day of the week with Sunday as 0), or of five, without
/// the seconds. A day has to match both the day and the day of the week, as with the real host's parser.
/// </summary>
internal sealed class CronExpression : TimerSchedule
{
    // The calendar repeats every 400 years; a day that has not come by then never comes.
    private const int CalendarYears = 400;

    private readonly CronField _second, _minute, _hour, _day, _month, _weekday;

    private CronExpression(string[] fields)
    {
        int i = 0;
        _second = CronField.Parse(fields.Length == 6 ? fields[i++] : "0", CronField.Second);
        _minute = CronField.Parse(fields[i++], CronField.Minute);
        _hour = CronField.Parse(fields[i++], CronField.Hour);
        _day = CronField.Parse(fields[i++], CronField.Day);
        _month = CronField.Parse(fields[i++], CronField.Month);
        _weekday = CronField.Parse(fields[i], CronField.Weekday);
    }

    /// <exception cref="FormatException">The expression is malformed, or no day ever matches it.</exception>
    public static new CronExpression Parse(string text)
    {
        string[] fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (5 or 6))
        {
            throw new FormatException($"it has {fields.Length} fields where there are six, or five without the seconds");
        }

        var expression = new CronExpression(fields);
        return expression.NextOrNull(new DateTime(2000, 1, 1)) is not null ? expression : throw new FormatException("no day ever matches it");
    }

    public override DateTimeOffset Next(DateTimeOffset after)
        => NextOrNull(after.UtcDateTime) is { } next
            ? new DateTimeOffset(next, TimeSpan.Zero)
            : DateTimeOffset.MaxValue;

    private DateTime? NextOrNull(DateTime after)
    {
        DateTime? start = Step(new DateTime(after.Ticks - after.Ticks % TimeSpan.TicksPerSecond), TimeSpan.FromSeconds(1));
        for (DateTime? time = start; time is { } t && t.Year - after.Year <= CalendarYears;)
        {
            if (!_month.Contains(t.Month))
            {
                time = Step(new DateTime(t.Year, t.Month, 1), TimeSpan.FromDays(DateTime.DaysInMonth(t.Year, t.Month)));
            }
            else if (!_day.Contains(t.Day) || !_weekday.Contains((int)t.DayOfWeek))
            {
                time = Step(t.Date, TimeSpan.FromDays(1));
            }
            else if (!_hour.Contains(t.Hour))
            {
                time = Step(t.Date.AddHours(t.Hour), TimeSpan.FromHours(1));
            }
            else if (!_minute.Contains(t.Minute))
            {
                time = Step(t.Date.AddHours(t.Hour).AddMinutes(t.Minute), TimeSpan.FromMinutes(1));
            }
            else if (!_second.Contains(t.Second))
            {
                time = Step(t, TimeSpan.FromSeconds(1));
            }
            else
            {
                return t;
            }
        }

        return null;
    }

    // Null at the end of time, where a step would leave the calendar.
    private static DateTime? Step(DateTime time, TimeSpan step) => DateTime.MaxValue - time < step ? null : time + step;
}
