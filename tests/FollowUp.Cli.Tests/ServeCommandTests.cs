using FollowUp.Cli.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary>The app as a service manager starts it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ServeCommandTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Whoever forgets to fill it in must not have an app that looks alive and texts nobody.</summary>
    [Fact]
    public async Task With_the_sample_of_settings_as_it_is_the_app_does_not_start_and_says_what_to_fill_in()
    {
        using TemporaryDirectory directory = new();
        Dictionary<string, string> settings = File.ReadAllLines(Path.Combine(Root(), "infra/machine/followup.env.sample"))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        await using ChildProcess app = ChildProcess.Start(
            "followup", directory.Path, settings, "serve", "--urls", "http://127.0.0.1:0", "--data", directory.File("data"));

        Assert.Equal(1, await app.ExitAsync(s_patience));
        string refusal = Assert.Single(app.Errors);
        Assert.Contains("Twilio:AccountSid must be", refusal, StringComparison.Ordinal);
        Assert.Contains("Twilio:AuthToken is missing", refusal, StringComparison.Ordinal);
        Assert.Contains("Twilio:MessagingServiceSid or Twilio:From must be set", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Output, line => line.Contains("FollowUp is up", StringComparison.Ordinal));
    }

    /// <summary>What it writes goes into the service manager's log, which others read.</summary>
    [Fact]
    public async Task The_API_key_that_is_made_at_the_first_start_is_in_a_file_and_not_in_the_log()
    {
        using TemporaryDirectory directory = new();
        await using ChildProcess app = ChildProcess.Start(
            "followup", directory.Path, new Dictionary<string, string>(), "serve", "--urls", "http://127.0.0.1:0", "--data", directory.File("data"));
        string url = await AddressAsync(app);
        FollowUpCommand health = await FollowUpCommand.RunAsync("health", "--wait", "30", "--url", url);
        app.Terminate();

        Assert.Equal(0, await app.ExitAsync(s_patience));
        Assert.Equal(0, health.ExitCode);
        string key = await File.ReadAllTextAsync(Path.Combine(directory.File("data"), "api-key"), TestContext.Current.CancellationToken);
        Assert.NotEmpty(key);
        Assert.DoesNotContain(app.Output.Concat(app.Errors), line => line.Contains(key, StringComparison.Ordinal));
        Assert.Contains(app.Output, line => line.Contains("api-key", StringComparison.Ordinal));
    }

    private static async Task<string> AddressAsync(ChildProcess app)
    {
        const string Line = "  listening on  ";
        using CancellationTokenSource limit = new(s_patience, TimeProvider.System);
        while (true)
        {
            if (app.Output.FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is { } found)
            {
                return found[Line.Length..].Trim();
            }

            Assert.False(app.HasExited, app.Transcript());
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "FollowUp.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
