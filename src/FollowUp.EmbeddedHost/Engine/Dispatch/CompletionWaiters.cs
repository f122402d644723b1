namespace FollowUp.EmbeddedHost.Engine.Dispatch;

/// <summary>Wakes whoever waits for an instance to start or end, after the commit that made it so.</summary>
internal sealed class CompletionWaiters
{
    private readonly Dictionary<string, List<TaskCompletionSource>> _waiters = new(StringComparer.Ordinal);

    /// <summary>A task that completes at the next change of the instance.</summary>
    public Task NextChange(string instanceId)
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiters)
        {
            if (!_waiters.TryGetValue(instanceId, out List<TaskCompletionSource>? list))
            {
                _waiters[instanceId] = list = [];
            }

            list.Add(source);
        }

        return source.Task;
    }

    public void Changed(string instanceId)
    {
        List<TaskCompletionSource>? list;
        lock (_waiters)
        {
            _waiters.Remove(instanceId, out list);
        }

        list?.ForEach(source => source.TrySetResult());
    }

    /// <summary>Forgets a wait that was given up, so that waits on ids that never come cost nothing.</summary>
    public void GiveUp(string instanceId)
    {
        lock (_waiters)
        {
            if (_waiters.TryGetValue(instanceId, out List<TaskCompletionSource>? list) && list.Count == 1)
            {
                _waiters.Remove(instanceId);
            }
        }
    }
}
