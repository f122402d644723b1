using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>One step of one instance: read its state, run an episode, commit what it decided, set off what follows.</summary>
internal sealed class InstanceStepper(
    EngineOptions options,
    TaskRegistry registry,
    HostClock clock,
    EngineReader reader,
    GroupCommitWriter writer,
    InstanceCache cache,
    CompletionWaiters waiters,
    TimerQueue timers,
    ActivityDispatcher activities,
    ILoggerFactory loggers)
{
    private const int LargeStatus = 16 * 1024;
    private readonly ILogger _log = loggers.CreateLogger("FollowUp.Engine");

    public async Task<StepVerdict> StepAsync(long key, StepInput input)
    {
        InstanceState? state = cache.Take(key) ?? Load(key);
        List<InboxRow> inbox = input.HasInbox ? reader.ReadInbox(key) : [];
        if (state?.Row.SetAside is not null)
        {
            return StepVerdict.Park;
        }

        if (state is null || state.Row.HasEnded)
        {
            // A start among them belongs to a new run of the id, begun after the row was read: look again.
            int starts = inbox.RemoveAll(IsStart);
            await DiscardAsync(inbox, input.Arrivals).ConfigureAwait(false);
            return starts > 0 ? StepVerdict.Again : StepVerdict.Done;
        }

        DateTime now = clock.GetUtcNow().UtcDateTime;
        List<HistoryEvent> fresh = InOrder(state, inbox, input.Arrivals, now);
        if (fresh.Count == 0)
        {
            await DiscardAsync(inbox, input.Arrivals).ConfigureAwait(false);
            cache.Put(key, state);
            return StepVerdict.Done;
        }

        string? mismatch = OrchestrationVersion.Mismatch(options.VersionMatchStrategy, state.Row.Version, options.DefaultVersion);
        if (mismatch is not null && options.VersionFailureStrategy == VersionFailureStrategy.Reject)
        {
            EngineLog.VersionRejected(_log, state.Row.Id, mismatch);
            return StepVerdict.Park;
        }

        Checkpoint checkpoint = new(state, inbox, input.Arrivals, fresh, RunEpisode(state, fresh, mismatch), now);
        await writer.RunAsync(checkpoint.Apply, activities.Add).ConfigureAwait(false);
        return Committed(state, checkpoint);
    }

    private EpisodeResult RunEpisode(InstanceState state, List<HistoryEvent> fresh, string? versionMismatch)
    {
        if (versionMismatch is not null)
        {
            return NotRun("VersionMismatch", versionMismatch);
        }

        return registry.FindOrchestrator(state.Row.Name) is { } body
            ? OrchestrationExecutor.Run(state.Row.Id, body, state.History, fresh, loggers)
            : NotRun("OrchestratorTaskNotFound", $"No orchestrator task named '{state.Row.Name}' was found.");
    }

    private StepVerdict Committed(InstanceState state, Checkpoint checkpoint)
    {
        InstanceRow row = checkpoint.Row;
        bool changed = row.Status != state.Row.Status;
        state.Row = row;
        if (row.CustomStatus?.Length > LargeStatus)
        {
            EngineLog.LargeCustomStatus(_log, row.Id, row.CustomStatus.Length);
        }

        timers.Remove(checkpoint.GoneTimers);
        if (checkpoint.ContinuesAsNew)
        {
            state.History.Clear();
        }
        else
        {
            state.History.AddRange(checkpoint.NewHistory);
        }

        if (!row.HasEnded)
        {
            cache.Put(row.Key, state);
        }

        timers.Add(checkpoint.NewTimers);
        activities.Run();
        if (changed)
        {
            waiters.Changed(row.Id);
        }

        return checkpoint.ContinuesAsNew ? StepVerdict.Again : StepVerdict.Done;
    }

    // An instance that was set aside is not read further: its history may be what could not be read.
    private InstanceState? Load(long key) => reader.FindInstance(key) is { } row
        ? new InstanceState(row, row.HasEnded || row.SetAside is not null ? [] : reader.ReadHistory(key))
        : null;

    // The start first, then what the instance itself asked for, then what others sent; each in the order of arrival.
    private static List<HistoryEvent> InOrder(InstanceState state, List<InboxRow> inbox, IReadOnlyList<Arrival> arrivals, DateTime now)
    {
        IEnumerable<HistoryEvent> starts = inbox.Where(IsStart).Select(message => message.Event);
        IEnumerable<HistoryEvent> results = arrivals.Where(arrival => IsAwaited(state, arrival)).Select(arrival => arrival.Event).Distinct();
        IEnumerable<HistoryEvent> messages = inbox.Where(message => !IsStart(message)).Select(message => message.Event);
        return [.. starts.Concat(results).Concat(messages).Select(e => e with { Timestamp = now })];
    }

    private static bool IsStart(InboxRow message) => message.Event.Kind == HistoryEventKind.ExecutionStarted;

    // Neither of an older generation nor told already: what runs at least once is taken in once.
    private static bool IsAwaited(InstanceState state, Arrival arrival)
    {
        List<HistoryEvent> told = state.History.FindAll(e => e.Id == arrival.Event.Id);
        return arrival.Generation == state.Row.Generation
            && told.Exists(e => e.Kind is HistoryEventKind.TaskScheduled or HistoryEventKind.TimerCreated)
            && !told.Exists(e => e.Kind is HistoryEventKind.TaskCompleted or HistoryEventKind.TaskFailed or HistoryEventKind.TimerFired);
    }

    private Task DiscardAsync(List<InboxRow> inbox, IReadOnlyList<Arrival> arrivals) => inbox.Count + arrivals.Count == 0
        ? Task.CompletedTask
        : writer.RunAsync(session =>
        {
            inbox.ForEach(message => session.DeleteInbox(message.Key));
            foreach (Arrival arrival in arrivals)
            {
                arrival.Settle(session);
            }

            return true;
        });

    private static EpisodeResult NotRun(string errorType, string message) => new(
        [], [], null, false, new OrchestrationOutcome(OrchestrationRuntimeStatus.Failed, null, FailureDetails.Named(errorType, message)));
}
