using NodaTime;
using NodaTime.Text;

namespace FollowUp.Data.Context;

/// <summary>How moments are spelled in the store.</summary>
internal static class StoreText
{
    /// <summary>UTC, seven digits of fraction, always the same width: text order is time order.</summary>
    public static readonly InstantPattern Instant = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss'.'fffffff'Z'");

    public static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");
}
