using NodaTime;
using NodaTime.TimeZones;

namespace FollowUp.Core.Timelines;

/// <summary>
/// How a local time that a daylight-saving change skips or repeats becomes an instant. A skipped time means the first instant after the
/// gap, so nothing arrives before its time; a repeated time means its first occurrence, so nothing arrives an hour late.
/// </summary>
public static class LocalTimePolicy
{
    /// <summary>The two choices as a NodaTime resolver.</summary>
    public static ZoneLocalMappingResolver Resolver { get; } =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>The instant of a local time.</summary>
    public static Instant ToInstant(LocalDateTime local, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return zone.ResolveLocal(local, Resolver).ToInstant();
    }

    /// <summary>The instant of a local time; of a repeated one, the second occurrence if the first is before <paramref name="earliest"/>.</summary>
    public static Instant ToInstantNotBefore(LocalDateTime local, DateTimeZone zone, Instant earliest)
    {
        Instant first = ToInstant(local, zone);
        ZoneLocalMapping mapping = zone.MapLocal(local);
        return first < earliest && mapping.Count == 2 ? mapping.Last().ToInstant() : first;
    }

    /// <summary>
    /// <paramref name="from"/> plus a period: years to days on the calendar of the zone, keeping the time of day or taking
    /// <paramref name="at"/>; hours and smaller as elapsed time.
    /// </summary>
    public static Instant Add(Instant from, Period period, LocalTime? at, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(period);
        ArgumentNullException.ThrowIfNull(zone);
        Period calendar = DatePart(period);
        Instant day = from;

        // An instant within a repeated hour must not move to its other occurrence by adding nothing.
        if (at is not null || !calendar.Equals(Period.Zero))
        {
            LocalDateTime local = from.InZone(zone).LocalDateTime;
            day = ToInstant(local.Date.Plus(calendar) + (at ?? local.TimeOfDay), zone);
        }

        return day + TimePart(period).ToDuration();
    }

    private static Period DatePart(Period period) => new PeriodBuilder
    {
        Years = period.Years,
        Months = period.Months,
        Weeks = period.Weeks,
        Days = period.Days,
    }.Build();

    private static Period TimePart(Period period) => period - DatePart(period);
}
