using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>What the engine says. Instance ids appear, inputs and outputs never do.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(600, LogLevel.Debug, "'{Name}' orchestration with ID '{InstanceId}' started.")]
    public static partial void OrchestrationStarted(ILogger log, string name, string instanceId);

    [LoggerMessage(601, LogLevel.Debug, "'{Name}' orchestration with ID '{InstanceId}' completed.")]
    public static partial void OrchestrationCompleted(ILogger log, string name, string instanceId);

    [LoggerMessage(602, LogLevel.Warning, "'{Name}' orchestration with ID '{InstanceId}' failed: {ErrorType}.")]
    public static partial void OrchestrationFailed(ILogger log, string name, string instanceId, string? errorType);

    [LoggerMessage(603, LogLevel.Debug, "'{Name}' activity of orchestration ID '{InstanceId}' started.")]
    public static partial void ActivityStarted(ILogger log, string name, string instanceId);

    [LoggerMessage(604, LogLevel.Debug, "'{Name}' activity of orchestration ID '{InstanceId}' completed.")]
    public static partial void ActivityCompleted(ILogger log, string name, string instanceId);

    [LoggerMessage(605, LogLevel.Warning, "'{Name}' activity of orchestration ID '{InstanceId}' failed: {ErrorType}.")]
    public static partial void ActivityFailed(ILogger log, string name, string instanceId, string? errorType);

    [LoggerMessage(700, LogLevel.Information, "Engine started on {Path}: {Instances} instances, {Unfinished} unfinished.")]
    public static partial void Started(ILogger log, string path, long instances, long unfinished);

    [LoggerMessage(701, LogLevel.Information, "Engine stopped.")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(702, LogLevel.Warning, "Step of instance '{InstanceId}' could not be committed (attempt {Attempt}): {Error}")]
    public static partial void StepFailed(ILogger log, string instanceId, int attempt, string error);

    [LoggerMessage(703, LogLevel.Error, "Instance '{InstanceId}' is set aside: {Reason}")]
    public static partial void SetAside(ILogger log, string instanceId, string reason);

    [LoggerMessage(704, LogLevel.Warning, "Instance '{InstanceId}' waits for another version of this program: {Reason}")]
    public static partial void VersionRejected(ILogger log, string instanceId, string reason);

    [LoggerMessage(705, LogLevel.Warning, "{Running} activities did not end in time and will run again after the next start.")]
    public static partial void ActivitiesAbandoned(ILogger log, int running);

    [LoggerMessage(706, LogLevel.Warning, "The custom status of instance '{InstanceId}' has {Length} characters; keep it under 16 KB.")]
    public static partial void LargeCustomStatus(ILogger log, string instanceId, int length);
}
