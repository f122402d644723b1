using System.Globalization;
using FollowUp.Core.Contacts;
using NodaTime;

namespace FollowUp.Dashboard.Words;

/// <summary>Times as a clinic's staff read them: on the clinic's own clock, with the zone's name. The day has the app's clock, which may be simulated.</summary>
public sealed class ClinicTime
{
    private readonly TimeProvider _clock;

    public ClinicTime(string zone, TimeProvider clock) => (Zone, _clock) = (Zones.Find(zone) ?? DateTimeZone.Utc, clock);

    private ClinicTime(DateTimeZone zone, TimeProvider clock) => (Zone, _clock) = (zone, clock);

    public DateTimeZone Zone { get; }

    public Instant Now => Instant.FromDateTimeOffset(_clock.GetUtcNow());

    public LocalDate Today => DateOf(Now);

    public static ClinicTime Utc(TimeProvider clock) => new(DateTimeZone.Utc, clock);

    public ClinicTime In(string zone) => new(zone, _clock);

    public LocalDate DateOf(Instant instant) => instant.InZone(Zone).Date;

    public int HourOf(Instant instant) => instant.InZone(Zone).Hour;

    public Instant StartOf(LocalDate date) => date.AtStartOfDayInZone(Zone).ToInstant();

    /// <summary>Such as <c>Tue, Dec 1, 10:00 AM PST</c>; the year is there when it is not this one.</summary>
    public string Full(Instant instant)
    {
        var local = instant.InZone(Zone);
        var year = local.Year == Today.Year ? "" : ", uuuu";
        return local.LocalDateTime.ToString($"ddd, MMM d{year}, h:mm tt", CultureInfo.InvariantCulture) + " " + ZoneName(instant);
    }

    /// <summary>Such as <c>10:00 AM</c>, for a list whose heading names day and zone.</summary>
    public string TimeOfDay(Instant instant) => instant.InZone(Zone).LocalDateTime.ToString("h:mm tt", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>Tue, Dec 1</c>.</summary>
    public static string Day(LocalDate date) => date.ToString("ddd, MMM d", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>PST</c>.</summary>
    public string ZoneName(Instant instant) => Zone.GetZoneInterval(instant).Name;

    /// <summary>Such as <c>in 3 days</c> or <c>2 hours ago</c>.</summary>
    public string FromNow(Instant instant)
    {
        var apart = instant - Now;
        var far = apart < Duration.Zero ? -apart : apart;
        var words = far.TotalMinutes < 1.5 ? "now"
            : far.TotalMinutes < 90 ? $"{far.TotalMinutes:0} minutes"
            : far.TotalHours < 36 ? $"{far.TotalHours:0} hours"
            : $"{far.TotalDays:0} days";
        return words == "now" ? "now" : apart < Duration.Zero ? $"{words} ago" : $"in {words}";
    }

    public static string Iso(Instant instant) => NodaTime.Text.InstantPattern.ExtendedIso.Format(instant);
}
