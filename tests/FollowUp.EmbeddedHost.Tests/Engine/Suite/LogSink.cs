using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>One log line as it was written.</summary>
public sealed record LogLine(string Category, LogLevel Level, EventId Event, string Message, Exception? Exception);

/// <summary>Keeps every log line of an engine, in order.</summary>
public sealed class LogSink : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> lines = new();

    /// <summary>The lines written so far.</summary>
    public IReadOnlyList<LogLine> Lines => [.. lines];

    /// <summary>The messages written under one category.</summary>
    public IReadOnlyList<string> Messages(string category) => [.. lines.Where(line => line.Category == category).Select(line => line.Message)];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(LogSink sink, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            sink.lines.Enqueue(new LogLine(category, logLevel, eventId, formatter(state, exception), exception));
    }
}
