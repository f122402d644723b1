namespace FollowUp.EmbeddedHost.Engine;

/// <summary>How the engine runs.</summary>
public sealed record EngineOptions
{
    /// <summary>The SQLite file; made when it is not there. One host at a time may have it.</summary>
    public required string Path { get; init; }

    /// <summary>The task hub's name, as the client tells it. Default <c>followup</c>.</summary>
    public string HubName { get; init; } = "followup";

    /// <summary>Steps under way at once, 1 or more. Default 256: most of a step is waiting for the disk, and those that wait together are flushed together.</summary>
    public int MaxConcurrentOrchestrators { get; init; } = 256;

    /// <summary>Activities under way at once, 1 or more. Default 64.</summary>
    public int MaxConcurrentActivities { get; init; } = 64;

    /// <summary>The version of orchestrations started without one, and the engine's own in matching. Default none.</summary>
    public string DefaultVersion { get; init; } = string.Empty;

    /// <summary>Which versions run here. Default all.</summary>
    public VersionMatchStrategy VersionMatchStrategy { get; init; } = VersionMatchStrategy.None;

    /// <summary>What becomes of the others. Default: they wait.</summary>
    public VersionFailureStrategy VersionFailureStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <summary>How often a step that cannot be read or committed is tried before its instance is set aside. Default 5.</summary>
    public int MaxStepAttempts { get; init; } = 5;

    /// <summary>How long a graceful stop waits for running activities, in real time. Default 10 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How the engine is doing.</summary>
/// <param name="Instances">Stored instances by status.</param>
/// <param name="ActiveInstances">Instances with a step due or under way.</param>
/// <param name="RunningActivities">Activities under way.</param>
/// <param name="OldestDueTimer">The earliest timer that has not fired, UTC; null when there is none. Behind the clock it means the engine is late.</param>
/// <param name="SetAside">Instances that are no longer worked on, with the reason, at most 100.</param>
/// <param name="Commits">Transactions since the start.</param>
public sealed record EngineStatus(
    IReadOnlyDictionary<Microsoft.DurableTask.Client.OrchestrationRuntimeStatus, long> Instances,
    int ActiveInstances,
    int RunningActivities,
    DateTime? OldestDueTimer,
    IReadOnlyList<SetAsideInstance> SetAside,
    long Commits);

/// <summary>An instance that kept failing to be read or committed.</summary>
public sealed record SetAsideInstance(string InstanceId, string Reason);
