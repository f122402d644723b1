using System.Diagnostics;

namespace FollowUp.EmbeddedHost.Clock;

/// <summary>
/// A clock that runs at a chosen number of days a second, or jumps from one due timer to the next.
/// </summary>
/// <remarks>
/// It stands still while a hold is open and never passes a timer that has not been called, so what is due at an instant happens
/// at that instant whatever the rate. A timer's callback runs under a hold of its own. With nothing to wait for, a jumping
/// clock stands still; a scaled one goes on.
/// </remarks>
public sealed class SimulatedClock : HostClock, IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<ClockTimer, (long Due, long Order)> _timers = new();
    private double _rate;
    private readonly Timer _wake;
    private long _now;
    private long _runningSince = Stopwatch.GetTimestamp();
    private long _order;
    private int _holds;
    private bool _disposed;

    /// <param name="start">The instant at which the clock begins.</param>
    /// <param name="daysPerSecond">Above 0; <see cref="double.PositiveInfinity"/> to jump.</param>
    public SimulatedClock(DateTimeOffset start, double daysPerSecond)
        : this(start, daysPerSecond, holds: 0)
    {
    }

    private SimulatedClock(DateTimeOffset start, double daysPerSecond, int holds)
    {
        _now = start.UtcTicks;
        _rate = Rate(daysPerSecond);
        _holds = holds;
        _wake = new Timer(_ => Pump(), null, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>
    /// A clock that is held from its first instant on; <see cref="HostClock.Exit"/> ends that. Between making a clock and holding it
    /// a thousandth of a second may pass, which at a fast pace is half an hour.
    /// </summary>
    internal static SimulatedClock Standing(DateTimeOffset start, double daysPerSecond) => new(start, daysPerSecond, holds: 1);

    public override bool IsSimulated => true;

    /// <summary>True when the clock jumps rather than runs.</summary>
    public bool Jumps => double.IsPositiveInfinity(Volatile.Read(ref _rate));

    /// <summary>Goes on at another pace from this instant: a clock that has jumped to where somebody wants to look can run from there.</summary>
    /// <param name="daysPerSecond">Above 0; <see cref="double.PositiveInfinity"/> to jump.</param>
    public void ChangePace(double daysPerSecond)
    {
        double rate = Rate(daysPerSecond);
        lock (_lock)
        {
            if (_holds == 0)
            {
                _now = Flowing();
                _runningSince = Stopwatch.GetTimestamp();
            }

            _rate = rate;
        }

        Pump();
    }

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return new DateTimeOffset(Now(), TimeSpan.Zero);
        }
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ClockTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timers.Clear();
        }

        _wake.Dispose();
    }

    internal override void Enter()
    {
        lock (_lock)
        {
            if (_holds++ == 0)
            {
                _now = Flowing();
            }
        }
    }

    internal override void Exit()
    {
        lock (_lock)
        {
            if (--_holds == 0)
            {
                _runningSince = Stopwatch.GetTimestamp();
            }
        }

        Pump();
    }

    private static double Rate(double daysPerSecond) => daysPerSecond > 0
        ? daysPerSecond * TimeSpan.SecondsPerDay
        : throw new ArgumentOutOfRangeException(nameof(daysPerSecond), daysPerSecond, "A simulated clock runs at more than 0 days a second.");

    private long Now() => _holds > 0 ? _now : Flowing();

    // Where time would be by now, had nothing stopped it; but never past a timer that is still to be called.
    private long Flowing()
    {
        if (double.IsPositiveInfinity(_rate))
        {
            return _now;
        }

        double passed = Stopwatch.GetElapsedTime(_runningSince).Ticks * _rate;
        long now = passed < DateTime.MaxValue.Ticks - _now ? _now + (long)passed : DateTime.MaxValue.Ticks;
        return _timers.TryPeek(out _, out (long Due, long Order) next) ? Math.Max(_now, Math.Min(now, next.Due)) : now;
    }

    // Calls every timer that is due, moving a jumping clock to it; then arranges to be called for the next one.
    private void Pump()
    {
        while (true)
        {
            ClockTimer timer;
            lock (_lock)
            {
                if (_disposed || _holds > 0 || !NextTimer(out timer, out long due))
                {
                    return;
                }

                long now = Flowing();
                if (due > now && !Jumps)
                {
                    double milliseconds = (due - now) / _rate / TimeSpan.TicksPerMillisecond;
                    _wake.Change((long)Math.Clamp(Math.Ceiling(milliseconds), 0, int.MaxValue), Timeout.Infinite);
                    return;
                }

                _timers.Dequeue();
                _now = Math.Max(now, due);
                _holds++;
                timer.Rearm(_now);
            }

            ThreadPool.UnsafeQueueUserWorkItem(static called => called.Call(), timer, preferLocal: false);
        }
    }

    private bool NextTimer(out ClockTimer timer, out long due)
    {
        while (_timers.TryPeek(out ClockTimer? next, out (long Due, long Order) key))
        {
            if (next.IsArmedFor(key.Order))
            {
                (timer, due) = (next, key.Due);
                return true;
            }

            _timers.Dequeue();
        }

        (timer, due) = (null!, 0);
        return false;
    }

    private sealed class ClockTimer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private const long NotArmed = -1;
        private long _armed = NotArmed;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                _armed = NotArmed;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    long now = clock.Now();
                    Arm(dueTime.Ticks < DateTime.MaxValue.Ticks - now ? now + Math.Max(0, dueTime.Ticks) : DateTime.MaxValue.Ticks);
                }
            }

            // Asynchronously, so that whoever sets several timers has set them all before the clock moves on.
            ThreadPool.UnsafeQueueUserWorkItem(static moved => moved.Pump(), clock, preferLocal: false);
            return true;
        }

        public bool IsArmedFor(long order) => _armed == order;

        public void Rearm(long now)
        {
            _armed = NotArmed;
            if (_period > TimeSpan.Zero)
            {
                Arm(now + _period.Ticks);
            }
        }

        public void Call()
        {
            try
            {
                callback(state);
            }
            finally
            {
                clock.Exit();
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _armed = NotArmed;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(long due)
        {
            _armed = clock._order++;
            clock._timers.Enqueue(this, (due, _armed));
        }
    }
}
