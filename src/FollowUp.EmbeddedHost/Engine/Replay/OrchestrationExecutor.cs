using DurableTask.Core.Exceptions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>
/// Runs one episode: the orchestrator from its beginning through its recorded past, then through what is new. Pure: it reads
/// histories and gives decisions; storing and carrying them out is the dispatcher's.
/// </summary>
internal sealed class OrchestrationExecutor
{
    private readonly string _instanceId;
    private readonly OrchestratorBody _body;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly EpisodeThread _thread = new();
    private readonly Queue<HistoryEvent> _heldBack = new();
    private OrchestrationContext? _context;
    private Task<string?>? _result;
    private OrchestrationOutcome? _termination;
    private bool _suspended;

    private OrchestrationExecutor(string instanceId, OrchestratorBody body, ILoggerFactory loggers)
    {
        _instanceId = instanceId;
        _body = body;
        _loggers = loggers;
        _log = loggers.CreateLogger("Microsoft.DurableTask.Worker.Orchestrations");
    }

    /// <param name="instanceId">Whose episode it is.</param>
    /// <param name="body">The orchestrator's code.</param>
    /// <param name="past">The committed history, beginning with ExecutionStarted unless this is the first episode.</param>
    /// <param name="fresh">What is new, in the order to be applied.</param>
    /// <param name="loggers">For the orchestrator's own logs.</param>
    public static EpisodeResult Run(
        string instanceId, OrchestratorBody body, IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> fresh, ILoggerFactory loggers)
    {
        OrchestrationExecutor executor = new(instanceId, body, loggers);
        EpisodeResult? result = null;
        executor._thread.Run(() => result = executor.RunEpisode(past, fresh));
        return result!;
    }

    private EpisodeResult RunEpisode(IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> fresh)
    {
        try
        {
            Apply(past, isReplaying: true);
            Apply(fresh, isReplaying: false);
            OrchestrationOutcome? outcome = Outcome();
            OrchestrationContext context = _context!;
            bool goesOn = outcome is null;
            return new EpisodeResult(
                goesOn ? context.Actions : [],
                context.CancelledTimers,
                outcome?.Next is null ? context.SerializeCustomStatus() : null,
                _suspended,
                outcome);
        }
        catch (NonDeterministicOrchestrationException difference)
        {
            return Ended(Failed(difference.Message, difference));
        }
#pragma warning disable CA1031 // Whatever escapes an episode (a payload of the wrong shape, a status that is no JSON) fails the instance.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            return Ended(Failed(null, unexpected));
        }
    }

    private void Apply(IEnumerable<HistoryEvent> events, bool isReplaying)
    {
        _context?.SetReplaying(isReplaying);
        foreach (HistoryEvent e in events)
        {
            if (e.Kind == HistoryEventKind.ExecutionStarted)
            {
                Start(e, isReplaying);
                continue;
            }

            _context!.SetNow(e.Timestamp);
            Apply(e);
        }
    }

    private void Start(HistoryEvent started, bool isReplaying)
    {
        _context = new OrchestrationContext(_instanceId, started.Name!, started.Data, started.Version ?? string.Empty, _thread, _loggers);
        _context.SetNow(started.Timestamp);
        _context.SetReplaying(isReplaying);
        _result = RunBodyAsync(_context);
    }

    private async Task<string?> RunBodyAsync(OrchestrationContext context)
    {
        if (!context.IsReplaying)
        {
            EngineLog.OrchestrationStarted(_log, context.Name.Name, _instanceId);
        }

        object? output = await _body(context);
        if (!context.IsReplaying)
        {
            EngineLog.OrchestrationCompleted(_log, context.Name.Name, _instanceId);
        }

        return OrchestrationContext.Converter.Serialize(output);
    }

    private void Apply(HistoryEvent e)
    {
        if (_suspended && e.Kind is not (HistoryEventKind.ExecutionResumed or HistoryEventKind.ExecutionTerminated))
        {
            if (e.Kind != HistoryEventKind.ExecutionSuspended)
            {
                _heldBack.Enqueue(e);
            }

            return;
        }

        switch (e.Kind)
        {
            case HistoryEventKind.TaskScheduled or HistoryEventKind.TimerCreated:
                _context!.Confirm(e);
                break;
            case HistoryEventKind.TaskCompleted:
                _context!.Complete(e.Id, e.Data);
                break;
            case HistoryEventKind.TaskFailed:
                _context!.Fail(e.Id, e.Failure!);
                break;
            case HistoryEventKind.TimerFired:
                _context!.Complete(e.Id, null);
                break;
            case HistoryEventKind.EventRaised:
                _context!.Raise(e);
                break;
            case HistoryEventKind.ExecutionTerminated:
                _termination ??= new OrchestrationOutcome(OrchestrationRuntimeStatus.Terminated, e.Data);
                break;
            case HistoryEventKind.ExecutionSuspended:
                _suspended = true;
                _context!.Suspend();
                break;
            case HistoryEventKind.ExecutionResumed:
                Resume();
                break;
            default:
                throw new InvalidOperationException($"The history holds an event of the kind {e.Kind}, which cannot be replayed.");
        }
    }

    private void Resume()
    {
        _suspended = false;
        _context!.Resume();
        while (_heldBack.TryDequeue(out HistoryEvent? held))
        {
            Apply(held);
        }
    }

    private OrchestrationOutcome? Outcome()
    {
        if (_termination is not null)
        {
            return _termination;
        }

        OrchestrationContext context = _context!;
        bool isStuck = !_result!.IsCompleted && !context.HasOpenTasks && !context.HasWaiters;
        if (_thread.WasLeft || isStuck)
        {
            InvalidOperationException illegal = new(EpisodeThread.IllegalAwait);
            return Failed(illegal.Message, illegal);
        }

        if (!_result.IsCompleted || context.HasOpenTasks || _suspended)
        {
            return null;
        }

        if (_result.IsFaulted)
        {
            Exception thrown = _result.Exception.InnerExceptions[0];
            EngineLog.OrchestrationFailed(_log, context.Name.Name, _instanceId, thrown.GetType().FullName);
            return Failed(thrown.Message, thrown);
        }

        // A cancelled orchestrator fails with the AggregateException that reading its result throws, and without an output.
        return _result.IsCanceled
            ? Failed(null, new AggregateException(new TaskCanceledException(_result)))
            : new OrchestrationOutcome(OrchestrationRuntimeStatus.Completed, _result.Result) { Next = context.Next };
    }

    private static OrchestrationOutcome Failed(string? output, Exception exception) =>
        new(OrchestrationRuntimeStatus.Failed, output, FailureDetails.OfOrchestrator(exception));

    private EpisodeResult Ended(OrchestrationOutcome outcome) => new([], [], StatusOrNone(), false, outcome);

    // After a failure the status is shown as it was last set, unless it is itself what failed.
    private string? StatusOrNone()
    {
        try
        {
            return _context?.SerializeCustomStatus();
        }
#pragma warning disable CA1031 // The failure already has its reason; a status that cannot be written adds nothing.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
