using NodaTime;

namespace FollowUp.Cli.Demo.Story;

/// <summary>Turns days before and after the one on which the clinic is handed over into instants.</summary>
/// <param name="today">That day: a Tuesday, so that yesterday and tomorrow are working days too.</param>
/// <param name="zone">The clinic's zone.</param>
internal sealed class StoryCalendar(LocalDate today, DateTimeZone zone)
{
    public LocalDate Today => today;

    public DateTimeZone Zone => zone;

    /// <summary>When the clinic is handed over: shortly before the texts of ten o'clock leave.</summary>
    public DateTimeOffset HandOver => At(0, 9, 40);

    /// <summary>The last Tuesday, or today if it is one.</summary>
    public static LocalDate LastTuesday(LocalDate date) => date.DayOfWeek == IsoDayOfWeek.Tuesday ? date : date.Previous(IsoDayOfWeek.Tuesday);

    /// <param name="day">From today; negative is before.</param>
    /// <param name="hour">On the clinic's clock.</param>
    /// <param name="minute">On the clinic's clock.</param>
    public DateTimeOffset At(int day, int hour, int minute = 0) => At(day, hour, minute, zone);

    /// <summary>The same on the clock of another place.</summary>
    public DateTimeOffset At(int day, int hour, int minute, DateTimeZone there) =>
        today.PlusDays(day).At(new LocalTime(hour, minute)).InZoneLeniently(there).ToDateTimeOffset();

    /// <summary>The day itself if the clinic is open on it, or else the next on which it is.</summary>
    public int WorkingDay(int day) => today.PlusDays(day).DayOfWeek switch
    {
        IsoDayOfWeek.Saturday => day + 2,
        IsoDayOfWeek.Sunday => day + 1,
        _ => day,
    };
}
