namespace FollowUp.EmbeddedHost.Functions.Http;

/// <summary>
/// Lets requests to the app wait until the engine is up, and turns them away once the host stops. The emulator's traffic does
/// not pass here: the engine's last activities still have to reach it.
/// </summary>
internal sealed class TrafficGate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _impatience = new();
    private int _inside;
    private bool _closed;

    /// <summary>Signalled when the host cannot wait any longer for the requests that it has.</summary>
    public CancellationToken Impatience => _impatience.Token;

    /// <summary>Lets the requests in.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>Waits to be let in; false when the host is stopping. What was let in must <see cref="Leave"/>.</summary>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellation)
    {
        if (!_open.Task.IsCompleted)
        {
            await _open.Task.WaitAsync(cancellation);
        }

        lock (_lock)
        {
            _inside += _closed ? 0 : 1;
            return !_closed;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            SignalWhenDrained();
        }
    }

    /// <summary>Lets nobody in any more, and waits for those inside; when <paramref name="patience"/> ends, they are told to stop.</summary>
    public async Task CloseAsync(CancellationToken patience)
    {
        lock (_lock)
        {
            _closed = true;
            SignalWhenDrained();
        }

        _open.TrySetResult();
        try
        {
            await _drained.Task.WaitAsync(patience);
        }
        catch (OperationCanceledException)
        {
            await _impatience.CancelAsync();
        }
    }

    public void Dispose() => _impatience.Dispose();

    private void SignalWhenDrained()
    {
        if (_closed && _inside == 0)
        {
            _drained.TrySetResult();
        }
    }
}
