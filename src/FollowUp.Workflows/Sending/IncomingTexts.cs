namespace FollowUp.Workflows.Sending;

/// <summary>
/// Knows of texts as they arrive, by number, before anything of them is stored and until all of it is. A sender that has looked into the store
/// for the last time sees by it whether something is coming in or has come in since, in the instant before its call: so within this process no
/// STOP is overtaken by a text. Between machines the last look alone decides, a few microseconds before the call.
/// </summary>
public sealed class IncomingTexts
{
    /// <summary>Numbers share counters, so that memory is bounded: one that shares its counter with a busy one waits a moment in vain.</summary>
    private const int Counters = 4096;

    private readonly Lock _lock = new();
    private readonly int[] _arrived = new int[Counters];
    private readonly int[] _arriving = new int[Counters];

    /// <summary>A text has arrived, and is being taken in until the answer is disposed.</summary>
    /// <param name="phone">From whom, in E.164.</param>
    public IDisposable Begin(string phone)
    {
        var index = IndexOf(phone);
        lock (_lock)
        {
            _arrived[index]++;
            _arriving[index]++;
        }

        return new Arrival(this, index);
    }

    /// <summary>How many have arrived, for <see cref="IsQuietSince"/>.</summary>
    public int CountOf(string phone)
    {
        lock (_lock)
        {
            return _arrived[IndexOf(phone)];
        }
    }

    /// <summary>Whether nothing has arrived since the count was read, and nothing that arrived before is still being taken in.</summary>
    public bool IsQuietSince(string phone, int count)
    {
        var index = IndexOf(phone);
        lock (_lock)
        {
            return _arrived[index] == count && _arriving[index] == 0;
        }
    }

    private static int IndexOf(string phone) => (int)((uint)string.GetHashCode(phone, StringComparison.Ordinal) % Counters);

    private sealed class Arrival(IncomingTexts texts, int index) : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            lock (texts._lock)
            {
                texts._arriving[index] -= _ended ? 0 : 1;
                _ended = true;
            }
        }
    }
}
