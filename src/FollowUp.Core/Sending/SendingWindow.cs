using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.Sending;

/// <summary>When texts of one sort may reach one patient: weekly hours less the days on which nothing may arrive.</summary>
public sealed class SendingWindow
{
    /// <summary>Weekly hours and yearly holidays leave no longer gap than this unless they leave nothing at all.</summary>
    private const int DaysToLookAhead = 400;

    private readonly WeeklyHours hours;
    private readonly Func<LocalDate, bool> isClosed;

    /// <summary>Makes a window.</summary>
    /// <param name="hours">Local hours.</param>
    /// <param name="isClosed">Whether nothing may arrive on a date, whatever the hours.</param>
    public SendingWindow(WeeklyHours hours, Func<LocalDate, bool> isClosed)
    {
        ArgumentNullException.ThrowIfNull(hours);
        ArgumentNullException.ThrowIfNull(isClosed);
        this.hours = hours;
        this.isClosed = isClosed;
    }

    /// <summary>Whether a text may arrive at this instant, by the clock of the zone.</summary>
    public bool Allows(Instant at, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        LocalDateTime local = at.InZone(zone).LocalDateTime;
        return HoursOf(local.Date) is { } open && open.Contains(local.TimeOfDay);
    }

    /// <summary>The earliest instant, not before <paramref name="earliest"/>, at which a text may arrive; null if there is none within 400 days.</summary>
    public Instant? NextAllowed(Instant earliest, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (Allows(earliest, zone))
        {
            return earliest;
        }

        LocalDate first = earliest.InZone(zone).Date;
        for (int days = 0; days <= DaysToLookAhead; days++)
        {
            LocalDate date = first.PlusDays(days);
            if (HoursOf(date) is { } open)
            {
                // A zone can skip the opening time, the whole of the hours, or, as Samoa did in 2011, the day: hence the second look.
                Instant opening = LocalTimePolicy.ToInstantNotBefore(date + open.From, zone, earliest);
                if (opening >= earliest && Allows(opening, zone))
                {
                    return opening;
                }
            }
        }

        return null;
    }

    private SendingHours? HoursOf(LocalDate date) => isClosed(date) ? null : hours[date.DayOfWeek];
}
