using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FollowUp.Functions.Tests;

/// <summary>
/// What the app logs. Errors are shown with the test that fails: an answer of 500 says nothing of its cause. Of the app's own lines the templates are
/// kept, as a query over the log knows them.
/// </summary>
internal sealed class TestLog(ITestOutputHelper? output) : ILoggerProvider
{
    private const string Template = "{OriginalFormat}";

    /// <summary>The templates of the app's own lines, oldest first.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName.StartsWith("FollowUp.", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Error);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, object? state, string line, Exception? exception)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> values && values.LastOrDefault(value => value.Key == Template).Value is string template)
        {
            Lines.Enqueue(template);
        }

        if (level < LogLevel.Error)
        {
            return;
        }

        try
        {
            output?.WriteLine($"{level}: {line} {exception}");
        }
        catch (InvalidOperationException)
        {
            // The test has ended.
        }
    }

    private sealed class Logger(TestLog log, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, state, formatter(state, exception), exception);
            }
        }
    }
}
