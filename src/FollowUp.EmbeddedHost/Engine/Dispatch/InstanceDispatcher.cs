using System.Threading.Channels;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>
/// Knows which instances have something to do, and has each of them worked on by one worker at a time. An instance with
/// nothing to do is not here at all.
/// </summary>
internal sealed class InstanceDispatcher
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, ActiveInstance> _active = [];
    private readonly Channel<ActiveInstance> _ready = Channel.CreateUnbounded<ActiveInstance>();
    private readonly HashSet<long> _parked = [];
    private readonly Func<long, StepInput, Task<StepVerdict>> _step;
    private readonly Func<long, string, Task> _setAside;
    private readonly HostClock _clock;
    private readonly int _mostAttempts;
    private readonly int _workerCount;
    private readonly ILogger _log;
    private Task[] _workers = [];
    private TaskCompletionSource? _idle;
    private bool _stopped;

    /// <param name="step">One step of an instance; an exception means that nothing of it was committed.</param>
    /// <param name="setAside">Records why an instance is given up.</param>
    /// <param name="clock">Held while an instance is here.</param>
    /// <param name="options">Workers and attempts.</param>
    /// <param name="log">The engine's log.</param>
    public InstanceDispatcher(
        Func<long, StepInput, Task<StepVerdict>> step, Func<long, string, Task> setAside, HostClock clock, EngineOptions options, ILogger log)
    {
        _step = step;
        _setAside = setAside;
        _clock = clock;
        _mostAttempts = options.MaxStepAttempts;
        _workerCount = options.MaxConcurrentOrchestrators;
        _log = log;
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _active.Count;
            }
        }
    }

    public void Start() => _workers = [.. Enumerable.Range(0, _workerCount).Select(_ => Task.Run(WorkAsync))];

    /// <summary>Something arrived for an instance.</summary>
    public void Signal(long key, Arrival arrival) => Signal(key, arrival, inbox: false);

    /// <summary>A message was committed to an instance's inbox.</summary>
    public void SignalInbox(long key) => Signal(key, null, inbox: true);

    /// <summary>Lets an instance run again that was set aside or waited for its version.</summary>
    public void Release(long key)
    {
        lock (_lock)
        {
            _parked.Remove(key);
        }

        SignalInbox(key);
    }

    /// <summary>Waits until no instance has anything to do, at most <paramref name="timeout"/> of real time; then the workers end.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        Task idle;
        lock (_lock)
        {
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_active.Count == 0)
            {
                _idle.SetResult();
            }

            idle = _idle.Task;
        }

        await Task.WhenAny(idle, Task.Delay(timeout, TimeProvider.System)).ConfigureAwait(false);
        lock (_lock)
        {
            _stopped = true;
        }

        _ready.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
    }

    private void Signal(long key, Arrival? arrival, bool inbox)
    {
        lock (_lock)
        {
            if (_stopped || _parked.Contains(key))
            {
                return;
            }

            if (!_active.TryGetValue(key, out ActiveInstance? instance))
            {
                _clock.Enter();
                _active[key] = instance = new ActiveInstance(key);
                _ready.Writer.TryWrite(instance);
            }

            instance.Take(arrival, inbox);
        }
    }

    private async Task WorkAsync()
    {
        await foreach (ActiveInstance instance in _ready.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            StepInput input;
            lock (_lock)
            {
                input = instance.Begin();
            }

            StepVerdict verdict = await TryStepAsync(instance, input).ConfigureAwait(false);
            lock (_lock)
            {
                if (verdict == StepVerdict.Park)
                {
                    _parked.Add(instance.Key);
                }

                if (verdict == StepVerdict.Again)
                {
                    instance.Take(null, inbox: true);
                }

                if (verdict != StepVerdict.Park && instance.HasMore && _ready.Writer.TryWrite(instance))
                {
                    continue;
                }

                _active.Remove(instance.Key);
                if (_active.Count == 0)
                {
                    _idle?.TrySetResult();
                }
            }

            _clock.Exit();
        }
    }

    private async Task<StepVerdict> TryStepAsync(ActiveInstance instance, StepInput input)
    {
        try
        {
            StepVerdict verdict = await _step(instance.Key, input).ConfigureAwait(false);
            instance.Attempts = 0;
            return verdict;
        }
        catch (ObjectDisposedException)
        {
            // The engine stopped under the step; what it took in is still in the tables.
            return StepVerdict.Park;
        }
#pragma warning disable CA1031 // Whatever keeps a step from being committed must not spin, and must not take other instances along.
        catch (Exception error)
#pragma warning restore CA1031
        {
            EngineLog.StepFailed(_log, $"#{instance.Key}", ++instance.Attempts, $"{error.GetType().Name}: {error.Message}");
            if (instance.Attempts >= _mostAttempts)
            {
                await GiveUpAsync(instance, $"{error.GetType().Name}: {error.Message}").ConfigureAwait(false);
                return StepVerdict.Park;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20 << instance.Attempts), TimeProvider.System).ConfigureAwait(false);
            lock (_lock)
            {
                instance.Return(input);
            }

            return StepVerdict.Done;
        }
    }

    private async Task GiveUpAsync(ActiveInstance instance, string reason)
    {
        try
        {
            await _setAside(instance.Key, reason).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Not even that can be written. It is parked in memory and tried again after a restart.
        catch (Exception error)
#pragma warning restore CA1031
        {
            EngineLog.SetAside(_log, $"#{instance.Key}", $"{reason} (which could not be recorded: {error.Message})");
        }
    }

    private sealed class ActiveInstance(long key)
    {
        private List<Arrival> _arrivals = [];
        private bool _inbox;

        public long Key => key;

        public int Attempts { get; set; }

        public bool HasMore => _inbox || _arrivals.Count > 0;

        public void Take(Arrival? arrival, bool inbox)
        {
            _inbox |= inbox;
            if (arrival is not null)
            {
                _arrivals.Add(arrival);
            }
        }

        public StepInput Begin()
        {
            StepInput input = new(_arrivals, _inbox);
            (_arrivals, _inbox) = ([], false);
            return input;
        }

        public void Return(StepInput input)
        {
            _arrivals.InsertRange(0, input.Arrivals);
            _inbox |= input.HasInbox;
        }
    }
}

/// <summary>What a step has to take in.</summary>
internal sealed record StepInput(IReadOnlyList<Arrival> Arrivals, bool HasInbox);

/// <summary>What is to become of an instance after a step.</summary>
internal enum StepVerdict
{
    /// <summary>Nothing more to do than what arrived meanwhile.</summary>
    Done,

    /// <summary>The step left messages in the instance's inbox.</summary>
    Again,

    /// <summary>It is not to be worked on until it is released or the host restarts.</summary>
    Park,
}
