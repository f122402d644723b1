namespace Microsoft.DurableTask;

/// <summary>How an orchestration starts.</summary>
/// <remarks><see cref="StartAt"/> is ignored, as both real engines ignore it: begin the orchestrator with a timer instead.</remarks>
public record StartOrchestrationOptions
{
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>At most 256 characters, none of / \ # ? or control characters; null for a new one of 32 hex digits.</summary>
    public string? InstanceId { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public TaskVersion? Version { get; init; }

    /// <summary>Statuses in which an existing instance is not replaced. One that is not finished never is.</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}

/// <summary>How an orchestration begins its next generation.</summary>
public class ContinueAsNewOptions
{
    public object? NewInput { get; set; }

    public bool PreserveUnprocessedEvents { get; set; } = true;

    public string? NewVersion { get; set; }
}
