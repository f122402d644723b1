using System.Globalization;
using FollowUp.EmbeddedHost.Clock;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>The clock that the settings ask for.</summary>
internal static class ClockSettings
{
    public const string Start = "FollowUp:Clock:Start";
    public const string DaysPerSecond = "FollowUp:Clock:DaysPerSecond";

    /// <summary>The word for a clock that jumps to the next due work.</summary>
    public const string Jump = "jump";

    /// <returns>The clock, within a hold that the caller ends with <see cref="HostClock.Exit"/>: until then it stands still.</returns>
    /// <param name="settings">The settings.</param>
    /// <param name="reached">The instant that the data directory has reached, or null for a new one.</param>
    /// <param name="twilioIsLocal">Whether texts go to this machine only.</param>
    /// <exception cref="HostStartException">A setting is malformed, or a simulated clock could text real people.</exception>
    public static HostClock Create(IConfiguration settings, DateTimeOffset? reached, bool twilioIsLocal)
    {
        string? start = settings[Start];
        string? rate = settings[DaysPerSecond];
        if (string.IsNullOrEmpty(start) && string.IsNullOrEmpty(rate))
        {
            return Real(reached);
        }

        if (!twilioIsLocal)
        {
            throw new HostStartException(
                $"{DaysPerSecond} and {Start} make a simulated clock, which is refused with a Twilio:BaseAddress that is not a loopback address: "
                + "real people would be texted at simulated times.");
        }

        return SimulatedClock.Standing(reached ?? ParseStart(start), ParseRate(rate));
    }

    /// <summary>What the operator is told about the clock.</summary>
    public static string Describe(HostClock clock, IConfiguration settings)
    {
        if (!clock.IsSimulated)
        {
            return "real";
        }

        string pace = clock is SimulatedClock { Jumps: true }
            ? "jumps to the next due work"
            : settings[DaysPerSecond] is { Length: > 0 } rate ? $"{rate} days a second" : "at the pace of the real one";
        return $"simulated, {pace}, from {clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z";
    }

    private static HostClock Real(DateTimeOffset? reached)
    {
        // A clock that was merely set back a little is not a simulated one.
        if (reached > HostClock.Real.GetUtcNow().AddDays(1))
        {
            throw new HostStartException(
                $"The data directory has reached {reached:yyyy-MM-dd HH:mm:ss}Z on a simulated clock. Set {DaysPerSecond} to go on from there, "
                + "or another FollowUp:DataDirectory to begin anew.");
        }

        return HostClock.Real;
    }

    private static DateTimeOffset ParseStart(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return HostClock.Real.GetUtcNow();
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start)
            ? start
            : throw new HostStartException($"{Start} is '{text}'; it takes an instant such as 2026-12-01T08:00:00Z.");
    }

    private static double ParseRate(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return 1.0 / TimeSpan.SecondsPerDay;
        }

        if (string.Equals(text, Jump, StringComparison.OrdinalIgnoreCase))
        {
            return double.PositiveInfinity;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate > 0 && double.IsFinite(rate)
            ? rate
            : throw new HostStartException($"{DaysPerSecond} is '{text}'; it takes a number above 0, or '{Jump}'.");
    }
}
