using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>
/// Runs orchestrators against histories that were recorded with earlier code, and says where they would do something else. Nothing is carried
/// out: no activity runs, nothing is written.
/// </summary>
/// <param name="registry">The orchestrators as they are now.</param>
public sealed class HistoryReplay(TaskRegistry registry)
{
    /// <summary>
    /// Where the orchestrator leaves the recorded path; null when it follows it to its end. Stricter than the engine in one thing: an action that
    /// the history does not have, behind its last event, is a difference here, and only a new action to the engine.
    /// </summary>
    public string? FindDifference(RecordedHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (registry.FindOrchestrator(history.Orchestrator) is not { } body)
        {
            return $"No orchestrator is named '{history.Orchestrator}' any more.";
        }

        IEnumerable<HistoryEvent> past = history.Events.Where(e => e.Kind != HistoryEventKind.ExecutionCompleted);
        EpisodeResult result = OrchestrationExecutor.Run(history.InstanceId, body, past, [], NullLoggerFactory.Instance);
        return Outcome(history, result) ?? Unrecorded(result);
    }

    private static string? Outcome(RecordedHistory history, EpisodeResult result)
    {
        bool hasEnded = history.Status.HasEnded();
        return result.Outcome switch
        {
            { Failure: { } failure, Status: var status } when !hasEnded || status != history.Status => failure.ErrorMessage,
            { Next: not null } => "It begins a new generation where the history goes on.",
            { Status: var status } when !hasEnded => $"It ends as {status} where the history goes on.",
            { Status: var status } when status != history.Status => $"It ends as {status}; in the history it ended as {history.Status}.",
            null when hasEnded => $"It goes on where it ended as {history.Status} in the history.",
            _ => null,
        };
    }

    private static string? Unrecorded(EpisodeResult result) => (result.Actions is [var first, ..] ? first : null) switch
    {
        ScheduleTaskOrchestratorAction task => $"It calls the activity '{task.Name}' (sequence number {task.Id}), which the history does not have.",
        CreateTimerOrchestratorAction timer => $"It sets a timer for {timer.FireAt:O} (sequence number {timer.Id}), which the history does not have.",
        _ => null,
    };
}
