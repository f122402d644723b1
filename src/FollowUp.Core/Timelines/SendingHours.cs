using NodaTime;

namespace FollowUp.Core.Timelines;

/// <summary>The part of a day in which texts may arrive, in the patient's local time: from <see cref="From"/> until just before <see cref="To"/>.</summary>
public sealed record SendingHours
{
    /// <summary>08:00 to 21:00.</summary>
    public static SendingHours Default { get; } = new(new LocalTime(8, 0), new LocalTime(21, 0));

    /// <summary>Sets the hours.</summary>
    /// <exception cref="ArgumentException"><paramref name="to"/> is not after <paramref name="from"/>: hours over midnight would text people in their sleep.</exception>
    public SendingHours(LocalTime from, LocalTime to)
    {
        if (to <= from)
        {
            throw new ArgumentException("Sending hours must end later on the day than they begin.", nameof(to));
        }

        From = from;
        To = to;
    }

    /// <summary>First local time of day at which a text may arrive.</summary>
    public LocalTime From { get; }

    /// <summary>First local time of day at which none may any more.</summary>
    public LocalTime To { get; }

    /// <summary>Whether a text may arrive at this time of day.</summary>
    public bool Contains(LocalTime time) => time >= From && time < To;

    /// <summary>The earliest instant, not before <paramref name="earliest"/>, that lies within the hours.</summary>
    public Instant NextAllowed(Instant earliest, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        Instant candidate = earliest;
        LocalDateTime local = candidate.InZone(zone).LocalDateTime;

        // More than one round is needed only where a zone skips the opening time, as at a change to summer time or, in Samoa
        // in 2011, a whole day.
        while (!Contains(local.TimeOfDay))
        {
            LocalDate day = local.TimeOfDay < From ? local.Date : local.Date.PlusDays(1);
            candidate = LocalTimePolicy.ToInstantNotBefore(day + From, zone, earliest);
            local = candidate.InZone(zone).LocalDateTime;
        }

        return candidate;
    }
}
