using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;

namespace DurableTask.Core.Exceptions;

/// <summary>An instance of this id exists and may not be replaced.</summary>
public class OrchestrationAlreadyExistsException : InvalidOperationException
{
    public OrchestrationAlreadyExistsException()
    {
    }

    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }

    public OrchestrationAlreadyExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The orchestrator did not repeat what its history says it did.</summary>
#pragma warning disable CA1032, CA1064 // Made by the engine alone; only its name is seen, in failure details.
internal sealed class NonDeterministicOrchestrationException(string difference)
    : Exception($"Non-Deterministic workflow detected: {difference}");

/// <summary>Stands behind a Microsoft.DurableTask.TaskFailedException as its inner exception, as in the real SDK.</summary>
internal sealed class TaskFailedException(string taskName, int scheduleId, TaskFailureDetails details)
    : Exception(message: null), IFailureDetailsSource
{
    public TaskFailureDetails Details => details;

    /// <summary>The sequence number of the failed attempt.</summary>
    public int ScheduleId => scheduleId;

    /// <summary>What the real engine says when this exception is met deeper down than it expects.</summary>
    public string NestedMessage => $"Task '{taskName}' (#{scheduleId}) failed with an unhandled exception: {Message}";
}
#pragma warning restore CA1032, CA1064
