using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Sending;

/// <summary>For each day of the week, the hours in which texts may arrive, or none at all.</summary>
public sealed class WeeklyHours
{
    private readonly SendingHours?[] days;

    private WeeklyHours(SendingHours?[] days) => this.days = days;

    /// <summary>The same hours on all seven days.</summary>
    public static WeeklyHours EveryDay(SendingHours hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        SendingHours?[] days = new SendingHours?[7];
        Array.Fill(days, hours);
        return new WeeklyHours(days);
    }

    /// <summary>The hours of a day, or null when nothing may arrive on it.</summary>
    public SendingHours? this[IsoDayOfWeek day] => days[IndexOf(day)];

    /// <summary>The same week with other hours on one day; null closes it.</summary>
    public WeeklyHours With(IsoDayOfWeek day, SendingHours? hours)
    {
        SendingHours?[] changed = [.. days];
        changed[IndexOf(day)] = hours;
        return new WeeklyHours(changed);
    }

    /// <summary>The hours that both allow. A day that has none in common is closed.</summary>
    public WeeklyHours And(WeeklyHours other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new WeeklyHours([.. days.Zip(other.days, Common)]);
    }

    private static SendingHours? Common(SendingHours? one, SendingHours? other)
    {
        if (one is null || other is null)
        {
            return null;
        }

        LocalTime from = LocalTime.Max(one.From, other.From);
        LocalTime to = LocalTime.Min(one.To, other.To);
        return from < to ? new SendingHours(from, to) : null;
    }

    private static int IndexOf(IsoDayOfWeek day) =>
        day is >= IsoDayOfWeek.Monday and <= IsoDayOfWeek.Sunday ? (int)day - 1 : throw new ArgumentOutOfRangeException(nameof(day), day, null);
}
