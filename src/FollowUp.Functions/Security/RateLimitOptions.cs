using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Functions.Security;

/// <summary>How often a key may be used.</summary>
/// <param name="PerMinute">Calls a minute with one key, over time; 0 for no limit at all. Setting <c>FollowUp:RateLimit:PerMinute</c>, default 600.</param>
/// <param name="Burst">How many may come at once after a rest. Setting <c>FollowUp:RateLimit:Burst</c>, default a fifth of a minute's.</param>
/// <param name="FailuresPerMinute">
/// Calls a minute from one address without a right key; 0 for no limit. Setting <c>FollowUp:RateLimit:FailuresPerMinute</c>, default 60.
/// </param>
internal sealed record RateLimitOptions(int PerMinute, int Burst, int FailuresPerMinute)
{
    private const string Section = "FollowUp:RateLimit:";
    private const int Most = 10_000_000;

    /// <exception cref="InvalidOperationException">A setting is no number that it can be; the message names it.</exception>
    public static RateLimitOptions From(IConfiguration configuration)
    {
        var perMinute = Read(configuration, nameof(PerMinute), 600, least: 0);
        return new RateLimitOptions(
            perMinute,
            Read(configuration, nameof(Burst), Math.Max(1, perMinute / 5), least: 1),
            Read(configuration, nameof(FailuresPerMinute), 60, least: 0));
    }

    private static int Read(IConfiguration configuration, string name, int otherwise, int least) => configuration[Section + name] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= Most => number,
        var text => throw new InvalidOperationException($"The setting {Section}{name} is '{text}'; it must be a whole number from {least} to {Most}."),
    };
}
