using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;

namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>An instance's row and history as last committed.</summary>
internal sealed class InstanceState(InstanceRow row, List<HistoryEvent> history)
{
    public InstanceRow Row { get; set; } = row;

    public List<HistoryEvent> History { get; } = history;
}

/// <summary>
/// The states of the instances that ran last, so that one with much to do is not read again at every step. Small on purpose:
/// an instance that waits for weeks costs disk, not memory.
/// </summary>
internal sealed class InstanceCache(int capacity)
{
    private readonly Dictionary<long, LinkedListNode<(long Key, InstanceState State)>> _byKey = [];
    private readonly LinkedList<(long Key, InstanceState State)> _byAge = new();

    public InstanceState? Take(long key)
    {
        lock (_byAge)
        {
            if (!_byKey.Remove(key, out LinkedListNode<(long Key, InstanceState State)>? node))
            {
                return null;
            }

            _byAge.Remove(node);
            return node.Value.State;
        }
    }

    public void Put(long key, InstanceState state)
    {
        lock (_byAge)
        {
            Remove(key);
            _byKey[key] = _byAge.AddFirst((key, state));
            if (_byKey.Count > capacity)
            {
                Remove(_byAge.Last!.Value.Key);
            }
        }
    }

    /// <summary>After something was written past the cache.</summary>
    public void Forget(long key)
    {
        lock (_byAge)
        {
            Remove(key);
        }
    }

    private void Remove(long key)
    {
        if (_byKey.Remove(key, out LinkedListNode<(long Key, InstanceState State)>? node))
        {
            _byAge.Remove(node);
        }
    }
}
