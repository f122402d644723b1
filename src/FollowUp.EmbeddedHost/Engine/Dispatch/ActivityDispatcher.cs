using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>
/// Runs activities, at least once each: an activity's row stands until the step that takes in its result is committed.
/// Memory holds the next few thousand; the rest waits in the table.
/// </summary>
internal sealed class ActivityDispatcher : IDisposable
{
    private const int MostQueued = 4096;
    private readonly Lock _lock = new();
    private readonly Queue<ActivityRow> _queue = new();
    private readonly EngineReader _reader;
    private readonly TaskRegistry _registry;
    private readonly HostClock _clock;
    private readonly Action<ActivityArrival> _deliver;
    private readonly ILogger _log;
    private readonly int _mostRunning;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Every activity up to this key was queued here once; those behind are in the table alone.
    private long _queuedUpTo;
    private bool _moreInTable = true;
    private int _running;
    private bool _isOpen;
    private bool _isStopping;

    /// <param name="reader">Reads the activities behind those in memory.</param>
    /// <param name="registry">Their code.</param>
    /// <param name="clock">Held while an activity is queued or running.</param>
    /// <param name="mostRunning">At once.</param>
    /// <param name="deliver">Takes a result.</param>
    /// <param name="loggers">For the engine's own log.</param>
    public ActivityDispatcher(
        EngineReader reader, TaskRegistry registry, HostClock clock, int mostRunning, Action<ActivityArrival> deliver, ILoggerFactory loggers)
    {
        _reader = reader;
        _registry = registry;
        _clock = clock;
        _mostRunning = mostRunning;
        _deliver = deliver;
        _log = loggers.CreateLogger("Microsoft.DurableTask.Worker.Activities");
    }

    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _running;
            }
        }
    }

    public void Start()
    {
        lock (_lock)
        {
            _isOpen = true;
        }

        Run();
    }

    /// <summary>
    /// Takes in activities that were just committed; <see cref="Run"/> begins them. Called in the order of the commits: that is what
    /// tells an activity that was meanwhile read from the table from one that was not, so that none runs twice.
    /// </summary>
    public void Add(IReadOnlyList<ActivityRow> activities)
    {
        lock (_lock)
        {
            if (_isStopping)
            {
                return;
            }

            foreach (ActivityRow activity in activities)
            {
                if (activity.Key <= _queuedUpTo)
                {
                    continue;
                }

                // Behind what the table still has to give, or with the queue full, it waits in the table.
                if (!_moreInTable && _queue.Count < MostQueued)
                {
                    Enqueue(activity);
                    _queuedUpTo = activity.Key;
                }
                else
                {
                    _moreInTable = true;
                }
            }
        }
    }

    /// <summary>Begins as many as may run.</summary>
    public void Run()
    {
        while (true)
        {
            ActivityRow? activity;
            lock (_lock)
            {
                if (!_isOpen || _running >= _mostRunning)
                {
                    return;
                }

                if (_queue.Count == 0 && _moreInTable)
                {
                    Load();
                }

                if (!_queue.TryDequeue(out activity))
                {
                    return;
                }

                _running++;
            }

            _ = Task.Run(() => RunAsync(activity));
        }
    }

    /// <summary>Begins no more, and waits for those that run; after <paramref name="timeout"/> of real time they are cancelled.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        lock (_lock)
        {
            _isOpen = false;
            _isStopping = true;
            while (_queue.TryDequeue(out _))
            {
                _clock.Exit();
            }

            if (_running == 0)
            {
                _drained.TrySetResult();
            }
        }

        Task first = await Task.WhenAny(_drained.Task, Task.Delay(timeout, TimeProvider.System)).ConfigureAwait(false);
        if (first != _drained.Task)
        {
            EngineLog.ActivitiesAbandoned(_log, Running);
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private void Enqueue(ActivityRow activity)
    {
        _clock.Enter();
        _queue.Enqueue(activity);
    }

    private void Load()
    {
        List<ActivityRow> page = _reader.ReadActivities(_queuedUpTo, MostQueued);
        page.ForEach(Enqueue);
        _moreInTable = page.Count == MostQueued;
        if (page.Count > 0)
        {
            _queuedUpTo = page[^1].Key;
        }
    }

    private async Task RunAsync(ActivityRow activity)
    {
        if (await InvokeAsync(activity).ConfigureAwait(false) is { } result)
        {
            _deliver(new ActivityArrival(activity, result));
        }

        lock (_lock)
        {
            if (--_running == 0 && _isStopping)
            {
                _drained.TrySetResult();
            }
        }

        // Before the hold ends: a simulated clock must not move on while more of them wait in the table.
        Run();
        _clock.Exit();
    }

    /// <summary>Null when the host stopped under it: it has no result and runs again.</summary>
    private async Task<HistoryEvent?> InvokeAsync(ActivityRow activity)
    {
        if (_registry.FindActivity(activity.Name) is not { } body)
        {
            return HistoryEvent.TaskFailed(
                activity.TaskId,
                FailureDetails.Named(RetryLoop.ActivityNotFound, $"No activity task named '{activity.Name}' was found."));
        }

        EngineLog.ActivityStarted(_log, activity.Name, activity.InstanceId);
        try
        {
            ActivityInvocation invocation = new(activity.Name, activity.InstanceId, activity.TaskId, activity.Input);
            string? output = await body(invocation, _stopping.Token).ConfigureAwait(false);
            EngineLog.ActivityCompleted(_log, activity.Name, activity.InstanceId);
            return HistoryEvent.TaskCompleted(activity.TaskId, output);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Any exception is the activity's result: the orchestrator decides what it means.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            EngineLog.ActivityFailed(_log, activity.Name, activity.InstanceId, failure.GetType().FullName);
            return HistoryEvent.TaskFailed(activity.TaskId, FailureDetails.Of(failure));
        }
    }
}
