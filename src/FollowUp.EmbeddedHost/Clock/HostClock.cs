namespace FollowUp.EmbeddedHost.Clock;

/// <summary>
/// The one clock of the host: real, or simulated. Everything that waits, waits on it.
/// </summary>
public abstract class HostClock : TimeProvider
{
    /// <summary>The machine's own clock.</summary>
    public static HostClock Real { get; } = new RealClock();

    /// <summary>True when the clock's time is not the machine's.</summary>
    public abstract bool IsSimulated { get; }

    /// <summary>
    /// Says that work is due or running: a simulated clock stands still until every hold is disposed, so a fast clock never
    /// makes anything late. Does nothing on the real clock.
    /// </summary>
    public IDisposable Hold()
    {
        Enter();
        return new Held(this);
    }

    /// <summary>Begins a hold without an object to dispose; pair it with <see cref="Exit"/>.</summary>
    internal abstract void Enter();

    /// <summary>Ends a hold begun with <see cref="Enter"/>.</summary>
    internal abstract void Exit();

    private sealed class Held(HostClock clock) : IDisposable
    {
        private HostClock? _clock = clock;

        public void Dispose() => Interlocked.Exchange(ref _clock, null)?.Exit();
    }

    private sealed class RealClock : HostClock
    {
        public override bool IsSimulated => false;

        internal override void Enter()
        {
        }

        internal override void Exit()
        {
        }
    }
}
