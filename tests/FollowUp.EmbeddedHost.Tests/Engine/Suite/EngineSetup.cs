using FollowUp.EmbeddedHost.Engine;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>What a test wants of its engine.</summary>
public sealed record EngineSetup
{
    /// <summary>Monday noon, so that a whole day either side is in the same month.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Registers the orchestrators and activities.</summary>
    public required Action<TaskRegistry> Code { get; init; }

    /// <summary>What the simulated clock shows first.</summary>
    public DateTimeOffset StartsAt { get; init; } = Monday;

    /// <summary>The version that a start without one gets; null for none.</summary>
    public string? DefaultVersion { get; init; }

    /// <summary>Which versions run here.</summary>
    public VersionMatchStrategy MatchStrategy { get; init; } = VersionMatchStrategy.None;

    /// <summary>What becomes of instances of other versions.</summary>
    public VersionFailureStrategy MismatchStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <summary>How many orchestrators may run at once; null for the engine's own choice.</summary>
    public int? MaxConcurrentOrchestrators { get; init; }

    /// <summary>How many activities may run at once; null for the engine's own choice.</summary>
    public int? MaxConcurrentActivities { get; init; }
}
