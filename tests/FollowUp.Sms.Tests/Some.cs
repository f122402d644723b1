using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FollowUp.Sms.Tests;

/// <summary>Whatever a test needs and does not care about; and the services, made as an application makes them.</summary>
internal static class Some
{
    public const string AccountSid = "AC00000000000000000000000000000001";
    public const string AuthToken = "a-secret-token";
    public const string Phone = "+14155550123";

    public static OutgoingSms Text(string body = "Hello Ada") => new(Phone, body, null);

    public static ServiceProvider Services(Uri? address, params (string Key, string? Value)[] settings) =>
        Services(address, TimeProvider.System, null, settings);

    public static ServiceProvider Services(
        Uri? address, TimeProvider clock, ILoggerProvider? log, params (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Twilio:AccountSid"] = AccountSid,
            ["Twilio:AuthToken"] = AuthToken,
            ["Twilio:From"] = "+15005550006",
            ["Twilio:BaseAddress"] = address?.ToString(),
        };
        foreach ((string key, string? value) in settings)
        {
            values[key] = value;
        }

        return new ServiceCollection()
            .AddSingleton(clock)
            .AddLogging(logging =>
            {
                if (log is not null)
                {
                    logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
                }
            })
            .AddFollowUpSms(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .BuildServiceProvider();
    }

    public static ISmsGateway Gateway(this ServiceProvider services) => services.GetRequiredService<ISmsGateway>();
}

/// <summary>A clock that stands.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>Keeps every line that is logged, at any level.</summary>
internal sealed class LogKeeper : ILoggerProvider, ILogger
{
    public List<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
        {
            Lines.Add($"{logLevel} {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
