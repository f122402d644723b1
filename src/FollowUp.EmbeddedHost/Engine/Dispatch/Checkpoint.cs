using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>What one step writes, all in one transaction: history, timers, activities, the instance's row, and what the step took in.</summary>
internal sealed class Checkpoint
{
    private readonly InstanceState _before;
    private readonly IReadOnlyList<InboxRow> _inbox;
    private readonly IReadOnlyList<Arrival> _arrivals;
    private readonly IReadOnlyList<ScheduleTaskOrchestratorAction> _tasks;
    private readonly OrchestrationOutcome? _outcome;

    public Checkpoint(
        InstanceState before, IReadOnlyList<InboxRow> inbox, IReadOnlyList<Arrival> arrivals, IReadOnlyList<HistoryEvent> fresh, EpisodeResult result, DateTime now)
    {
        _before = before;
        _inbox = inbox;
        _arrivals = arrivals;
        _outcome = result.Outcome;
        _tasks = [.. result.Actions.OfType<ScheduleTaskOrchestratorAction>()];
        NewHistory = [.. fresh, .. result.Actions.Select(action => ToHistory(action, now))];
        if (_outcome is { Next: null } ended)
        {
            NewHistory.Add(new HistoryEvent(HistoryEventKind.ExecutionCompleted) { Timestamp = now, Data = ended.Output, Failure = ended.Failure });
        }

        List<HistoryEvent> timers = [.. before.History.Concat(NewHistory).Where(e => e.Kind == HistoryEventKind.TimerCreated)];
        GoneTimers = [.. timers.Where(e => _outcome is not null || result.CancelledTimers.Contains(e.Id)).Select(ToRow)];
        NewTimers = [.. NewHistory.Where(e => e.Kind == HistoryEventKind.TimerCreated).Select(ToRow).Except(GoneTimers)];
        Row = NextRow(fresh, result, now);
    }

    public List<HistoryEvent> NewHistory { get; }

    public IReadOnlyList<TimerRow> NewTimers { get; }

    /// <summary>Timers that were cancelled, or whose instance ended.</summary>
    public IReadOnlyList<TimerRow> GoneTimers { get; }

    public InstanceRow Row { get; }

    /// <summary>True when the instance begins a new generation, whose first messages lie in its inbox.</summary>
    public bool ContinuesAsNew => _outcome?.Next is not null;

    /// <summary>Writes it and gives the activities that now wait to run.</summary>
    public List<ActivityRow> Apply(WriteSession session)
    {
        foreach (InboxRow message in _inbox)
        {
            session.DeleteInbox(message.Key);
        }

        foreach (Arrival arrival in _arrivals)
        {
            arrival.Settle(session);
        }

        foreach (TimerRow timer in GoneTimers)
        {
            session.DeleteTimer(timer);
        }

        if (_outcome?.Next is { } next)
        {
            ApplyNextGeneration(session, next);
            return [];
        }

        int seq = _before.History.Count;
        foreach (HistoryEvent e in NewHistory)
        {
            session.AppendHistory(Row.Key, seq++, e);
        }

        foreach (TimerRow timer in NewTimers)
        {
            session.InsertTimer(timer);
        }

        session.UpdateInstance(Row);
        return [.. _tasks.Select(task => new ActivityRow(
            session.InsertActivity(Row.Key, Row.Generation, task.Id, task.Name, task.Input),
            Row.Key, Row.Id, Row.Generation, task.Id, task.Name, task.Input))];
    }

    private void ApplyNextGeneration(WriteSession session, NextGeneration next)
    {
        session.DeleteHistory(Row.Key);
        session.ContinueInstance(Row);
        session.InsertInbox(Row.Key, InboxPriority.Start, HistoryEvent.Started(Row.Name, Row.Version, Row.Input));
        foreach (HistoryEvent carried in next.CarriedEvents)
        {
            session.InsertInbox(Row.Key, InboxPriority.CarriedOver, carried);
        }
    }

    private InstanceRow NextRow(IReadOnlyList<HistoryEvent> fresh, EpisodeResult result, DateTime now)
    {
        InstanceRow row = _before.Row with { UpdatedAt = now, CustomStatus = result.CustomStatus };
        if (_outcome?.Next is { } next)
        {
            return row with
            {
                Generation = row.Generation + 1,
                Status = OrchestrationRuntimeStatus.Running,
                Input = next.Input,
                Version = next.Version ?? row.Version,
                CustomStatus = null,
                Output = null,
            };
        }

        if (_outcome is { } ended)
        {
            return row with { Status = ended.Status, Output = ended.Output, Failure = ended.Failure };
        }

        // A suspended instance shows why, as the real engine does.
        string? reason = fresh.LastOrDefault(e => e.Kind == HistoryEventKind.ExecutionSuspended)?.Data ?? row.Output;
        return result.Suspended
            ? row with { Status = OrchestrationRuntimeStatus.Suspended, Output = reason }
            : row with { Status = OrchestrationRuntimeStatus.Running, Output = null };
    }

    private TimerRow ToRow(HistoryEvent timer) => new(timer.FireAt!.Value.Ticks, _before.Row.Key, timer.Id, _before.Row.Generation);

    private static HistoryEvent ToHistory(OrchestratorAction action, DateTime now) => action switch
    {
        ScheduleTaskOrchestratorAction task =>
            new HistoryEvent(HistoryEventKind.TaskScheduled) { Timestamp = now, Id = task.Id, Name = task.Name },
        CreateTimerOrchestratorAction timer =>
            new HistoryEvent(HistoryEventKind.TimerCreated) { Timestamp = now, Id = timer.Id, FireAt = timer.FireAt },
        _ => throw new InvalidOperationException($"No history event stands for {action}."),
    };
}
