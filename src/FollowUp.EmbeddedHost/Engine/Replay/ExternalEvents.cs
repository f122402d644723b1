using Microsoft.DurableTask;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>
/// Who waits for which event, and which events nobody has waited for yet. Names ignore case. Events of a name are kept first
/// in, first out; waiters of a name are served newest first, cancelled ones included, as in the real SDK.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, Stack<IWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, string? Payload)> _unread = [];

    private interface IWaiter
    {
        Type EventType { get; }

        void Receive(object? value);
    }

    public bool HasWaiters => _waiters.Count > 0;

    public Task<T> Wait<T>(string name, CancellationToken cancellation)
    {
        Waiter<T> waiter = new();
        if (!_waiters.TryGetValue(name, out Stack<IWaiter>? stack))
        {
            _waiters[name] = stack = new();
        }
        else if (stack.Peek().EventType != typeof(T))
        {
            throw new ArgumentException(
                $"Events with the same name must have the same type argument. Expected {stack.Peek().EventType.FullName} but was requested {typeof(T).FullName}.");
        }

        stack.Push(waiter);
        int kept = _unread.FindIndex(unread => string.Equals(unread.Name, name, StringComparison.OrdinalIgnoreCase));
        if (kept >= 0)
        {
            string? payload = _unread[kept].Payload;
            _unread.RemoveAt(kept);
            Raise(name, payload);
        }

        // After the buffer was asked: an event that is already here wins over a token that is already cancelled.
        cancellation.Register(() => waiter.Cancel(cancellation));
        return waiter.Task;
    }

    /// <summary>Hands an event to its newest waiter, or keeps it.</summary>
    /// <exception cref="System.Text.Json.JsonException">The payload is not what the waiter wants; nothing in the orchestrator can catch it.</exception>
    public void Raise(string name, string? payload)
    {
        if (!_waiters.TryGetValue(name, out Stack<IWaiter>? stack))
        {
            _unread.Add((name, payload));
            return;
        }

        IWaiter waiter = stack.Pop();
        if (stack.Count == 0)
        {
            _waiters.Remove(name);
        }

        waiter.Receive(converter.Deserialize(payload, waiter.EventType));
    }

    /// <summary>Takes what nobody has waited for, in the order of arrival.</summary>
    public List<HistoryEvent> TakeUnread()
    {
        List<HistoryEvent> events = [.. _unread.Select(unread => HistoryEvent.Raised(unread.Name, unread.Payload))];
        _unread.Clear();
        return events;
    }

    private sealed class Waiter<T> : IWaiter
    {
        // Without RunContinuationsAsynchronously on purpose: the orchestrator goes on at once, on its own thread.
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public Type EventType => typeof(T);

        // A null for a value type throws NullReferenceException here and fails the instance, as it does on the real engine.
        public void Receive(object? value) => _source.TrySetResult((T)value!);

        public void Cancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);
    }
}
