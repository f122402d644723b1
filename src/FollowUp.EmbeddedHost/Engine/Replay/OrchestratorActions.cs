using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Engine.Replay;

// The names of these types are part of the non-determinism messages, so they are those of the real engine.

/// <summary>Something an orchestrator asked for, numbered in the order of asking.</summary>
internal abstract record OrchestratorAction(int Id);

internal sealed record ScheduleTaskOrchestratorAction(int Id, string Name, string? Input) : OrchestratorAction(Id);

internal sealed record CreateTimerOrchestratorAction(int Id, DateTime FireAt) : OrchestratorAction(Id);

/// <summary>How an episode ended the execution, if it did.</summary>
internal sealed record OrchestrationOutcome(OrchestrationRuntimeStatus Status, string? Output, TaskFailureDetails? Failure = null)
{
    /// <summary>Set when the execution goes on as a new generation.</summary>
    public NextGeneration? Next { get; init; }
}

/// <summary>The first events of the next generation: its start, then what was not read.</summary>
internal sealed record NextGeneration(string? Input, string? Version, IReadOnlyList<HistoryEvent> CarriedEvents);

/// <summary>What one episode decided; nothing of it has happened until it is committed.</summary>
internal sealed record EpisodeResult(
    IReadOnlyList<OrchestratorAction> Actions,
    IReadOnlyList<int> CancelledTimers,
    string? CustomStatus,
    bool Suspended,
    OrchestrationOutcome? Outcome);
