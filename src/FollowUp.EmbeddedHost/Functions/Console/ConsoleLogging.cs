using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FollowUp.EmbeddedHost.Functions.Console;

/// <summary>Logs on the console for a person: what the app and the host say, and of the framework only what went wrong.</summary>
internal static class ConsoleLogging
{
    public static void Add(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddConsole(options => options.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);

        // The settings come last, and win.
        logging.AddConfiguration(configuration.GetSection("Logging"));
    }
}
