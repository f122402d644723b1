using FollowUp.Data.Health;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Health;

/// <summary>How late the latest text is: the one number that says whether FollowUp does what it is for.</summary>
public sealed class LateTexts(AttentionStore attention, TimeProvider clock, ILogger<LateTexts> log)
{
    /// <summary>Less is the ordinary way of a text.</summary>
    private static readonly Duration Unremarkable = Duration.FromMinutes(2);

    /// <summary>For how long the text that has waited longest has been due; zero when none is.</summary>
    public async Task<Duration> LongestAsync(CancellationToken cancellation) => await attention.OldestDueAsync(cancellation) is { } oldest
        ? Duration.Max(Duration.Zero, Instant.FromDateTimeOffset(clock.GetUtcNow()) - oldest)
        : Duration.Zero;

    /// <summary>Writes it to the log, where an alert reads it.</summary>
    public async Task LogAsync(CancellationToken cancellation)
    {
        var longest = await LongestAsync(cancellation);
        if (longest > Unremarkable)
        {
            log.LogWarning("The oldest text that is due has waited for {Minutes} minutes.", (long)longest.TotalMinutes);
        }
    }
}
