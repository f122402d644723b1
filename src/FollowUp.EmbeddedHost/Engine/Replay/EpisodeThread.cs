namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>
/// Keeps an orchestrator on one thread and in one order: a continuation runs at once, on the thread that completed the
/// awaited task. Whatever arrives from another thread awaited something that is not durable; it is refused and remembered.
/// </summary>
internal sealed class EpisodeThread : SynchronizationContext
{
    public const string IllegalAwait =
        "An invalid asynchronous invocation was detected. This can be caused by awaiting non-durable tasks in an orchestrator "
        + "function's implementation or by middleware that invokes asynchronous code.";

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _wasLeft;
    private volatile bool _over;

    /// <summary>True when the orchestrator's code was seen on another thread.</summary>
    public bool WasLeft => _wasLeft;

    /// <exception cref="InvalidOperationException">Called from elsewhere than the orchestrator's own thread and time.</exception>
    public void Require()
    {
        if (_over || Environment.CurrentManagedThreadId != _thread)
        {
            _wasLeft = true;
            throw new InvalidOperationException(IllegalAwait);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (_over || Environment.CurrentManagedThreadId != _thread)
        {
            _wasLeft = true;
            return;
        }

        d(state);
    }

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs one episode's code as the orchestrator's thread.</summary>
    public void Run(Action episode)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            episode();
        }
        finally
        {
            _over = true;
            SetSynchronizationContext(before);
        }
    }
}
