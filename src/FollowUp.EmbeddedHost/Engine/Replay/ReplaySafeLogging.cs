using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Engine.Replay;

/// <summary>Says each line once however often the orchestrator is replayed: it is silent about the past.</summary>
internal sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!context.IsReplaying)
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}

/// <inheritdoc cref="ReplaySafeLogger"/>
internal sealed class ReplaySafeLoggerFactory(TaskOrchestrationContext context, ILoggerFactory factory) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new ReplaySafeLogger(context, factory.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Adding providers to the replay-safe logger factory is not supported.");

    public void Dispose()
    {
        // The factory belongs to the host.
    }
}
