using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using CoreTaskFailedException = DurableTask.Core.Exceptions.TaskFailedException;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>
/// The context of one episode: what the orchestrator asks for becomes numbered actions, what the history tells completes them.
/// </summary>
internal sealed class OrchestrationContext(string instanceId, TaskName name, string? input, string version, EpisodeThread thread, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private readonly ExternalEvents _events = new(Converter);
    private readonly Dictionary<int, TaskCompletionSource<string?>> _open = [];
    private readonly SortedDictionary<int, OrchestratorAction> _actions = [];
    private readonly List<OrchestratorAction> _actionsOfSuspension = [];
    private readonly List<int> _cancelledTimers = [];
    private readonly List<HistoryEvent> _carried = [];
    private object? _customStatus;
    private NextGeneration? _next;
    private bool _isReplaying;
    private DateTime _now;
    private int _sequence;
    private int _guids;

    public static DataConverter Converter => JsonDataConverter.Default;

    public override TaskName Name => name;

    public override string InstanceId => instanceId;

    public override string Version => version;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _isReplaying;

    /// <summary>A returned orchestrator is not done while an activity or timer that it began is open.</summary>
    public bool HasOpenTasks => _open.Count > 0;

    public bool HasWaiters => _events.HasWaiters;

    public IReadOnlyList<OrchestratorAction> Actions => [.. _actions.Values];

    public IReadOnlyList<int> CancelledTimers => _cancelledTimers;

    /// <summary>Set once ContinueAsNew was called; with every event that the next generation is owed.</summary>
    public NextGeneration? Next => _next is null ? null : _next with { CarriedEvents = _carried };

    protected override ILoggerFactory LoggerFactory => loggers;

    public override T? GetInput<T>()
        where T : default => Converter.Deserialize<T>(input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        thread.Require();
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} value was provided for the activity input but no value was provided for {nameof(options)}. "
                + $"Did you actually mean to provide a {nameof(TaskOptions)} value for the {nameof(options)} parameter?",
                nameof(input));
        }

        Task<TResult> Attempt() => ScheduleAsync<TResult>(name.Name, Converter.Serialize(input));
        try
        {
            return await (options?.Retry switch
            {
                { Policy: { } policy } => RetryLoop.RunAsync(this, policy, Attempt),
                { Handler: { } handler } => RetryLoop.RunAsync(this, handler, Attempt),
                _ => Attempt(),
            });
        }
        catch (CoreTaskFailedException failed)
        {
            throw new TaskFailedException(name.Name, failed.ScheduleId, failed);
        }
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        thread.Require();
        int id = _sequence++;
        _actions.Add(id, new CreateTimerOrchestratorAction(id, fireAt.ToUniversalTime()));
        TaskCompletionSource<string?> source = Open(id);
        using CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            if (source.TrySetCanceled(cancellationToken))
            {
                _open.Remove(id);
                _cancelledTimers.Add(id);
            }
        });
        await source.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        thread.Require();
        return _events.Wait<T>(eventName, cancellationToken);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        thread.Require();
        _customStatus = customStatus;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        thread.Require();
        string? newVersion = string.IsNullOrWhiteSpace(options.NewVersion) ? null : options.NewVersion;
        _next = new NextGeneration(Converter.Serialize(options.NewInput), newVersion, []);
        List<HistoryEvent> unread = _events.TakeUnread();
        if (options.PreserveUnprocessedEvents)
        {
            _carried.AddRange(unread);
        }
    }

    public override Guid NewGuid()
    {
        thread.Require();
        return DeterministicGuid.Create(instanceId, _now, _guids++);
    }

    public string? SerializeCustomStatus() => Converter.Serialize(_customStatus);

    public void SetReplaying(bool isReplaying) => _isReplaying = isReplaying;

    public void SetNow(DateTime now) => _now = now;

    /// <summary>Matches an action that the history knows against the one asked for now.</summary>
    public void Confirm(HistoryEvent scheduled)
    {
        OrchestratorAction? action = _actions.GetValueOrDefault(scheduled.Id);
        if (scheduled.Kind == HistoryEventKind.TaskScheduled)
        {
            NonDeterminism.CheckActivity(scheduled, action);
        }
        else
        {
            NonDeterminism.CheckTimer(scheduled, action);
        }

        _actions.Remove(scheduled.Id);
    }

    /// <summary>Completes an open activity or timer. One that is not open was cancelled, or is told twice.</summary>
    public void Complete(int id, string? result)
    {
        if (_open.TryGetValue(id, out TaskCompletionSource<string?>? source))
        {
            source.TrySetResult(result);
            _open.Remove(id);
        }
    }

    public void Fail(int id, TaskFailureDetails failure)
    {
        if (_open.TryGetValue(id, out TaskCompletionSource<string?>? source))
        {
            source.TrySetException(new ActivityFailure(failure));
            _open.Remove(id);
        }
    }

    public void Raise(HistoryEvent raised)
    {
        // Once the orchestrator has asked for a new generation, what arrives belongs to that one.
        if (_next is null)
        {
            _events.Raise(raised.Name!, raised.Data);
        }
        else
        {
            _carried.Add(HistoryEvent.Raised(raised.Name!, raised.Data));
        }
    }

    /// <summary>Puts the actions asked for in this episode aside until the instance is resumed.</summary>
    public void Suspend()
    {
        _actionsOfSuspension.AddRange(_actions.Values);
        _actions.Clear();
    }

    public void Resume()
    {
        foreach (OrchestratorAction action in _actionsOfSuspension)
        {
            _actions.Add(action.Id, action);
        }

        _actionsOfSuspension.Clear();
    }

    private async Task<TResult> ScheduleAsync<TResult>(string activity, string? payload)
    {
        int id = _sequence++;
        _actions.Add(id, new ScheduleTaskOrchestratorAction(id, activity, payload));
        string? result;
        try
        {
            result = await Open(id).Task;
        }
        catch (ActivityFailure failure)
        {
            throw new CoreTaskFailedException(activity, id, failure.Details);
        }

        return Converter.Deserialize<TResult>(result)!;
    }

    private TaskCompletionSource<string?> Open(int id)
    {
        // Without RunContinuationsAsynchronously on purpose: the orchestrator goes on at once, on its own thread.
        TaskCompletionSource<string?> source = new();
        _open.Add(id, source);
        return source;
    }

#pragma warning disable CA1032, CA1064 // Never leaves this class.
    private sealed class ActivityFailure(TaskFailureDetails details) : Exception
    {
        public TaskFailureDetails Details => details;
    }
#pragma warning restore CA1032, CA1064
}
