namespace FollowUp.TwilioEmulator.Tests.Support;

/// <summary>Counts the holds on the clock; when none is open, the emulator has nothing to do for now.</summary>
internal sealed class ClockHolds
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    public bool IsHeld
    {
        get
        {
            lock (_gate)
            {
                return _open > 0;
            }
        }
    }

    public IDisposable Take()
    {
        lock (_gate)
        {
            if (_open++ == 0)
            {
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return new Hold(this);
        }
    }

    public Task IdleAsync()
    {
        lock (_gate)
        {
            return _open == 0 ? Task.CompletedTask : _idle.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private sealed class Hold(ClockHolds holds) : IDisposable
    {
        private bool _released;

        public void Dispose()
        {
            lock (holds._gate)
            {
                if (!_released && --holds._open == 0)
                {
                    holds._idle.TrySetResult();
                }

                _released = true;
            }
        }
    }
}
