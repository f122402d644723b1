using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Engine.Replay;
using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>
/// What an orchestrator may use. Its code runs again from the beginning at every step, so all else must be deterministic:
/// no clock, no randomness, no I/O, no Task.Run, Task.Delay or ConfigureAwait(false).
/// </summary>
public abstract class TaskOrchestrationContext
{
    private ReplaySafeLoggerFactory? _replaySafeLoggerFactory;

    public abstract TaskName Name { get; }

    public abstract string InstanceId { get; }

    /// <summary>The instant at which this step began, UTC; the same on every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while the past is repeated.</summary>
    public abstract bool IsReplaying { get; }

    public virtual string Version => string.Empty;

    /// <summary>Loggers that drop what is said while <see cref="IsReplaying"/>.</summary>
    public virtual ILoggerFactory ReplaySafeLoggerFactory => _replaySafeLoggerFactory ??= new(this, LoggerFactory);

    protected abstract ILoggerFactory LoggerFactory { get; }

    public abstract T? GetInput<T>();

    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, null, options);

    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) =>
        CallActivityAsync<TResult>(name, null, options);

    /// <summary>Runs an activity at least once and gives its result.</summary>
    /// <exception cref="TaskFailedException">It failed, after the retries that <paramref name="options"/> grants.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>A durable timer. One that is neither awaited nor cancelled keeps a returned instance running until it fires.</summary>
    /// <param name="fireAt">UTC by kind; anything else is taken as the machine's local time.</param>
    /// <param name="cancellationToken">Cancels the timer.</param>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for an event of this name (case ignored). Events that came before are kept, first in, first out; of several
    /// waiters of one name the newest is served first.
    /// </summary>
    /// <remarks>A cancelled wait keeps its place and eats the next event, so keep exactly one wait for a name and never cancel it.</remarks>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="WaitForExternalEvent{T}(string, CancellationToken)"/>
    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) =>
        WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    /// <inheritdoc cref="WaitForExternalEvent{T}(string, CancellationToken)"/>
    /// <exception cref="TaskCanceledException">The time passed first.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timerCancellation = new();
        Task timer = CreateTimer(timeout, timerCancellation.Token);
        using var waitCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> wait = WaitForExternalEvent<T>(eventName, waitCancellation.Token);

        // Synchronous cancellation on purpose: an orchestrator runs on one thread, in one order.
#pragma warning disable CA1849, CA2016
        if (await Task.WhenAny(timer, wait) == wait)
        {
            timerCancellation.Cancel();
        }
        else
        {
            waitCancellation.Cancel();
        }
#pragma warning restore CA1849, CA2016

        return await wait;
    }

    /// <summary>Shown with the instance once this step is committed. Keep it under 16 KB.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Begins again with a new input and an empty history when the orchestrator returns.</summary>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <inheritdoc cref="ContinueAsNew(object?, bool)"/>
    public virtual void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
    }

    /// <summary>A version 5 UUID, the same on every replay.</summary>
    public abstract Guid NewGuid();

    public virtual ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(this, LoggerFactory.CreateLogger(categoryName));

    public virtual ILogger CreateReplaySafeLogger(Type type) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(type));

    public virtual ILogger CreateReplaySafeLogger<T>() => new ReplaySafeLogger(this, LoggerFactory.CreateLogger<T>());

    /// <summary>Negative when this instance's version is older than <paramref name="version"/>.</summary>
    public virtual int CompareVersionTo(string version) => OrchestrationVersion.Compare(Version, version);
}
