using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Functions.Console;
using FollowUp.EmbeddedHost.Functions.Http;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FollowUp.EmbeddedHost.Tests.Functions.Console;

/// <summary>What an operator reads.</summary>
public sealed class ConsoleTests
{
    [Fact]
    public void A_message_is_one_line_with_time_level_and_short_category_even_when_a_value_has_line_breaks()
        => Assert.Equal("2026-12-01 08:00:00 warn  Sender: sent to a b\n", Format(LogLevel.Warning, "sent to a\r\nb", null));

    [Fact]
    public void An_exception_follows_indented()
    {
        string[] lines = Format(LogLevel.Error, "failed", new InvalidOperationException("why")).Split('\n');

        Assert.Equal("2026-12-01 08:00:00 ERROR Sender: failed", lines[0]);
        Assert.Equal("    System.InvalidOperationException: why", lines[1]);
    }

    [Fact]
    public void The_banner_shows_a_new_key_once_on_a_terminal_and_otherwise_only_where_it_is()
    {
        using var folder = new TestFolder();
        folder.Write("host.json", "{}");
        HostSettings first = Resolve(folder), second = Resolve(folder);

        string shown = Banner.Text(first, [], new HttpRoutes([], ""), isRead: true), later = Banner.Text(second, [], new HttpRoutes([], ""), isRead: true);
        string logged = Banner.Text(first, [], new HttpRoutes([], ""), isRead: false);

        Assert.Contains(first.NewApiKey!, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(first.NewApiKey!, later, StringComparison.Ordinal);
        Assert.DoesNotContain(first.NewApiKey!, logged, StringComparison.Ordinal);
        Assert.Contains(first.Data.File("api-key"), logged, StringComparison.Ordinal);
        Assert.Contains(second.Data.File("api-key"), later, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:7071/phone", later, StringComparison.Ordinal);
        Assert.Contains("simulated, 2 days a second", later, StringComparison.Ordinal);
        Assert.DoesNotContain("dashboard", later, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Emulator!.AuthToken, shown, StringComparison.Ordinal);
    }

    private static HostSettings Resolve(TestFolder folder)
    {
        var configuration = new ConfigurationManager
        {
            ["FollowUp:DataDirectory"] = Path.Combine(folder.Path, "data"),
            [ClockSettings.DaysPerSecond] = "2",
        };
        return HostSettings.Resolve(configuration, folder.Path, _ => null);
    }

    private static string Format(LogLevel level, string message, Exception? exception)
    {
        using var clock = new SimulatedClock(new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero), double.PositiveInfinity);
        var text = new StringWriter { NewLine = "\n" };
        new LineFormatter(clock).Write(new LogEntry<string>(level, "FollowUp.Sms.Sender", 0, message, exception, (state, _) => state), null, text);
        return text.ToString();
    }
}
