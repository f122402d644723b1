using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Security;

/// <summary>
/// Buckets of permits that refill steadily: one for each key, and one for each address that fails to show one. They run on the machine's own
/// clock, also where the app's is simulated, since it is the machine that they protect. Each process has its own.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    /// <summary>Who has this much of an IPv6 address has all of the rest.</summary>
    private const int Ipv6Prefix = 8;

    private readonly PartitionedRateLimiter<string> _calls;
    private readonly PartitionedRateLimiter<string> _failures;

    public RateLimits(RateLimitOptions options)
    {
        _calls = Buckets(options.PerMinute, options.Burst);
        _failures = Buckets(options.FailuresPerMinute, Math.Max(1, options.FailuresPerMinute / 2));
    }

    /// <summary>Takes one of a key's permits.</summary>
    /// <returns>How long until there is another, when there is none; null when it was taken.</returns>
    public TimeSpan? TakeCall(string key) => Take(_calls, key, 1);

    /// <summary>Counts a call from an address without a right key.</summary>
    /// <returns>How long until the next one is answered again, when this one was too many; null otherwise.</returns>
    public TimeSpan? TakeFailure(IPAddress? address) => Take(_failures, Name(address), 1);

    /// <summary>Whether the address has used up its failures.</summary>
    public bool HasFailedTooOften(IPAddress? address) => Take(_failures, Name(address), 0) is not null;

    /// <summary>429, with how long to wait.</summary>
    public static IResult Refuse(HttpContext http, TimeSpan wait, string reason)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(
            StatusCodes.Status429TooManyRequests, "Too many requests.", $"{reason} Try again in {seconds} {(seconds == 1 ? "second" : "seconds")}.");
    }

    public void Dispose()
    {
        _calls.Dispose();
        _failures.Dispose();
    }

    private static PartitionedRateLimiter<string> Buckets(int perMinute, int burst)
    {
        // A permit at a time, or as many as a second brings where that is more.
        var atOnce = Math.Max(1, perMinute / 60);
        return PartitionedRateLimiter.Create<string, string>(name => perMinute == 0
            ? RateLimitPartition.GetNoLimiter(name)
            : RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Math.Max(burst, atOnce),
                TokensPerPeriod = atOnce,
                ReplenishmentPeriod = TimeSpan.FromMinutes((double)atOnce / perMinute),
                QueueLimit = 0,
            }));
    }

    private static TimeSpan? Take(PartitionedRateLimiter<string> buckets, string name, int permits)
    {
        using var lease = buckets.AttemptAcquire(name, permits);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
    }

    private static string Name(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, Ipv6Prefix),
        _ => address.ToString(),
    };
}
