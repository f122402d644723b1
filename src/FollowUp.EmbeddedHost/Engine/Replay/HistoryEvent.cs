using Microsoft.DurableTask;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>What an event is. The numbers are stored: never reuse or change one.</summary>
internal enum HistoryEventKind
{
    ExecutionStarted = 0,
    ExecutionCompleted = 1,
    ExecutionTerminated = 2,
    ExecutionSuspended = 3,
    ExecutionResumed = 4,
    TaskScheduled = 10,
    TaskCompleted = 11,
    TaskFailed = 12,
    TimerCreated = 20,
    TimerFired = 21,
    EventRaised = 30,
}

/// <summary>
/// One fact in an instance's history. All events of one step carry the instant at which that step began, which is what
/// CurrentUtcDateTime was: no separate event marks a step.
/// </summary>
internal sealed record HistoryEvent(HistoryEventKind Kind)
{
    public DateTime Timestamp { get; init; }

    /// <summary>The sequence number of the activity or timer; -1 where there is none.</summary>
    public int Id { get; init; } = -1;

    /// <summary>The orchestrator, activity or event by name.</summary>
    public string? Name { get; init; }

    /// <summary>The orchestration's version, of ExecutionStarted alone.</summary>
    public string? Version { get; init; }

    /// <summary>Input, result, event payload or reason: JSON, or raw text for a reason.</summary>
    public string? Data { get; init; }

    /// <summary>When a timer is due, UTC.</summary>
    public DateTime? FireAt { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public static HistoryEvent Started(string name, string version, string? input) =>
        new(HistoryEventKind.ExecutionStarted) { Name = name, Version = version, Data = input };

    public static HistoryEvent Raised(string name, string? payload) => new(HistoryEventKind.EventRaised) { Name = name, Data = payload };

    public static HistoryEvent TaskCompleted(int id, string? result) => new(HistoryEventKind.TaskCompleted) { Id = id, Data = result };

    public static HistoryEvent TaskFailed(int id, TaskFailureDetails failure) =>
        new(HistoryEventKind.TaskFailed) { Id = id, Failure = failure };

    public static HistoryEvent TimerFired(int id, DateTime fireAt) => new(HistoryEventKind.TimerFired) { Id = id, FireAt = fireAt };
}
