using NodaTime;

namespace FollowUp.Workflows.Contracts;

/// <summary>When an orchestration acts again.</summary>
/// <param name="At">UTC by kind; null when nothing is left to do.</param>
public sealed record NextLook(DateTime? At)
{
    internal static NextLook Of(Instant? at) => new(at?.ToDateTimeUtc());
}
