using DurableTask.Core.Exceptions;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>
/// Holds what the orchestrator does now against what its history says it did. The texts are the real engine's, because
/// people search for them.
/// </summary>
internal static class NonDeterminism
{
    private const string Question = "Was a change made to the orchestrator code after this instance had already started running?";

    /// <exception cref="NonDeterministicOrchestrationException">The history's activity was not asked for now.</exception>
    public static void CheckActivity(HistoryEvent past, OrchestratorAction? now)
    {
        if (now is ScheduleTaskOrchestratorAction task && string.Equals(task.Name, past.Name, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        throw new NonDeterministicOrchestrationException(now switch
        {
            null => $"A previous execution of this orchestration scheduled an activity task with sequence ID {past.Id} and name "
                + $"'{past.Name}' (version '{past.Version}'), but the current replay execution hasn't (yet?) scheduled this task. {Question}",
            ScheduleTaskOrchestratorAction other =>
                $"A previous execution of this orchestration scheduled an activity task with sequence number {past.Id} named "
                + $"'{past.Name}', but the current orchestration replay instead scheduled an activity task named '{other.Name}' "
                + $"with this sequence number.  {Question}",
            _ => $"A previous execution of this orchestration scheduled an activity task with sequence number {past.Id} named "
                + $"'{past.Name}', but the current orchestration replay instead produced a {now.GetType().Name} action with this "
                + $"sequence number. {Question}",
        });
    }

    /// <exception cref="NonDeterministicOrchestrationException">The history's timer was not asked for now.</exception>
    public static void CheckTimer(HistoryEvent past, OrchestratorAction? now)
    {
        if (now is CreateTimerOrchestratorAction)
        {
            return;
        }

        throw new NonDeterministicOrchestrationException(now is null
            ? $"A previous execution of this orchestration scheduled a timer task with sequence number {past.Id} but the current "
                + $"replay execution hasn't (yet?) scheduled this task. {Question}"
            : $"A previous execution of this orchestration scheduled a timer task with sequence number {past.Id} named but the "
                + $"current orchestration replay instead produced a {now.GetType().Name} action with this sequence number. {Question}");
    }
}
