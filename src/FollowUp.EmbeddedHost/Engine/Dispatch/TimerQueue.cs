using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Storage;

namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>
/// Fires durable timers when they are due. The table holds them all; memory holds the next few thousand, so a million
/// waiting instances cost disk.
/// </summary>
internal sealed class TimerQueue : IDisposable
{
    private const int PageSize = 4096;
    private static readonly TimerRow s_beginning = new(long.MinValue, long.MinValue, int.MinValue, 0);
    private static readonly TimerRow s_end = new(long.MaxValue, long.MaxValue, int.MaxValue, 0);

    private readonly Lock _lock = new();
    private readonly SortedSet<TimerRow> _near = [];
    private readonly EngineReader _reader;
    private readonly HostClock _clock;
    private readonly Action<TimerRow> _fire;
    private readonly ITimer _timer;

    // Every timer up to here is in memory; those behind are in the table alone.
    private TimerRow _loadedUpTo = s_beginning;
    private long _armedFor = long.MaxValue;
    private bool _running;

    /// <param name="reader">Reads the timers behind those in memory.</param>
    /// <param name="clock">Says when one is due.</param>
    /// <param name="fire">Called for each due timer, once; must be quick.</param>
    public TimerQueue(EngineReader reader, HostClock clock, Action<TimerRow> fire)
    {
        _reader = reader;
        _clock = clock;
        _fire = fire;
        _timer = clock.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        _running = true;
        FireDue();
    }

    /// <summary>Stops firing; what is due stays in the table.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _running = false;
        }
    }

    /// <summary>Takes in timers that were just committed.</summary>
    public void Add(IEnumerable<TimerRow> timers)
    {
        bool sooner = false;
        lock (_lock)
        {
            foreach (TimerRow timer in timers)
            {
                if (timer.CompareTo(_loadedUpTo) <= 0)
                {
                    _near.Add(timer);
                    sooner |= timer.Due < _armedFor;
                }
            }

            Trim();
        }

        if (sooner)
        {
            FireDue();
        }
    }

    /// <summary>Forgets timers that were cancelled.</summary>
    public void Remove(IEnumerable<TimerRow> timers)
    {
        lock (_lock)
        {
            foreach (TimerRow timer in timers)
            {
                _near.Remove(timer);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void FireDue()
    {
        // Held until all that is due is handed over, so that a simulated clock sees no gap between due and running.
        using IDisposable hold = _clock.Hold();
        lock (_lock)
        {
            while (_running)
            {
                Load();
                if (_near.Count == 0)
                {
                    Arm(long.MaxValue);
                    return;
                }

                TimerRow next = _near.Min;
                if (next.Due > _clock.GetUtcNow().UtcTicks)
                {
                    Arm(next.Due);
                    return;
                }

                _near.Remove(next);
                _fire(next);
            }
        }
    }

    private void Load()
    {
        if (_near.Count > 0 || _loadedUpTo == s_end)
        {
            return;
        }

        List<TimerRow> page = _reader.ReadTimers(_loadedUpTo, PageSize);
        _near.UnionWith(page);
        _loadedUpTo = page.Count < PageSize ? s_end : page[^1];
    }

    // New timers that belong before the loaded ones pile up in memory; the farthest go back to the table alone.
    private void Trim()
    {
        if (_near.Count <= 2 * PageSize)
        {
            return;
        }

        while (_near.Count > PageSize)
        {
            _near.Remove(_near.Max);
        }

        _loadedUpTo = _near.Max;
    }

    private void Arm(long due)
    {
        _armedFor = due;
        if (due == long.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // A real timer waits some weeks at most; waking early does no harm.
        TimeSpan wait = TimeSpan.FromTicks(due - _clock.GetUtcNow().UtcTicks);
        TimeSpan longest = _clock.IsSimulated ? TimeSpan.MaxValue : TimeSpan.FromDays(20);
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > longest ? longest : wait, Timeout.InfiniteTimeSpan);
    }
}
