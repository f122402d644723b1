using System.Net;
using System.Net.Http.Json;
using FollowUp.Cli.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary>Keys on the command line, beside an app that runs on the same data directory.</summary>
[Collection(ProcessCollection.Name)]
public sealed class KeysCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private AppBeside _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppBeside.StartAsync(_directory.Path);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_key_that_is_made_here_opens_the_running_app_until_it_is_ended_here()
    {
        FollowUpCommand add = await RunAsync("add", "--name", "Booking system", "--clinic", "glow", "--ends", "2999-01-01");
        Assert.True(add.ExitCode == 0, string.Join('\n', add.Errors));
        string secret = Assert.Single(add.Output);
        Assert.Contains(add.Errors, line => line.Contains("read and change, the clinic glow, until 2999-01-01 00:00Z", StringComparison.Ordinal));
        using HttpClient client = _app.Client(secret);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/care-plans")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/clinics/other/alerts")).StatusCode);

        FollowUpCommand list = await RunAsync("list");
        Assert.Equal(0, list.ExitCode);
        string[] row = [.. Assert.Single(list.Output, line => line.Contains("Booking system", StringComparison.Ordinal)).Split('│').Select(cell => cell.Trim())];
        Assert.Equal(("Booking system", "glow", "read and change", "active", "2999-01-01 00:00Z"), (row[2], row[3], row[4], row[5], row[7]));
        Assert.DoesNotContain(list.Output, line => line.Contains(secret, StringComparison.Ordinal));

        FollowUpCommand end = await RunAsync("end", row[1]);
        Assert.Equal((0, $"Ended {row[1]} (Booking system)."), (end.ExitCode, Assert.Single(end.Output)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/care-plans")).StatusCode);
    }

    [Fact]
    public async Task A_key_for_reading_changes_nothing()
    {
        FollowUpCommand add = await RunAsync("add", "--name", "Report", "--read-only");
        using HttpClient client = _app.Client(Assert.Single(add.Output));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/clinics/glow/alerts")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PutAsJsonAsync("/api/clinics/glow", new { })).StatusCode);
    }

    [Theory]
    [InlineData("There is no clinic 'nowhere'.", "add", "--name", "A", "--clinic", "nowhere")]
    [InlineData("--name takes 1 to 60 characters", "add", "--name", " ")]
    [InlineData("--ends takes a date", "add", "--name", "A", "--ends", "tomorrow")]
    [InlineData("--ends must lie in the future", "add", "--name", "A", "--ends", "2020-01-01")]
    [InlineData("There is no key 'nobody'.", "end", "nobody")]
    [InlineData("There is no key of this id; give the id, not the key itself.", "end", "fu_secret")]
    [InlineData("Option '--name' is required.", "add")]
    public async Task What_cannot_be_done_is_said_on_stderr(string message, params string[] arguments)
    {
        FollowUpCommand run = await RunAsync(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Errors, line => line.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_without_a_store_is_an_error_and_stays_as_it_is()
    {
        string nowhere = Path.Combine(_directory.Path, "nowhere");
        FollowUpCommand list = await FollowUpCommand.RunAsync("keys", "list", "--data", nowhere);
        Assert.Equal(1, list.ExitCode);
        Assert.StartsWith($"There is no store {Path.Combine(nowhere, "followup.db")}.", Assert.Single(list.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(nowhere));
    }

    [Theory]
    [InlineData("keys", "--help")]
    [InlineData("keys", "list", "--help")]
    [InlineData("keys", "add", "--help")]
    [InlineData("keys", "end", "--help")]
    public async Task Every_command_has_a_help_text(params string[] arguments)
    {
        FollowUpCommand help = await FollowUpCommand.RunAsync(arguments);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains(help.Output, line => line.Contains("--data", StringComparison.Ordinal));
    }

    private Task<FollowUpCommand> RunAsync(params string[] arguments) => FollowUpCommand.RunAsync(["keys", .. arguments, "--data", _directory.Path]);
}
