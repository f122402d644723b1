using System.Net.Http.Json;
using FollowUp.Cli.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.Cli.Tests;

/// <summary><c>replay</c>, beside an app that runs on the data directory.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ReplayCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private AppBeside _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppBeside.StartAsync(Data);
        (await _app.Root.PutAsJsonAsync("/api/clinics/glow/sessions/b-77", new
        {
            plan = "microneedling-acne-scars",
            startsAt = TimeProvider.System.GetUtcNow().AddDays(20),
            sessionNumber = 1,
            plannedSessions = 3,
            patient = new { id = "p-1", firstName = "Ada", phone = "+14155550123", timeZone = "Etc/UTC", consents = new[] { "care" } },
        })).EnsureSuccessStatusCode();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while ((await _app.Root.GetStringAsync("/api/clinics/glow/sessions/b-77", patience.Token)).Contains("\"state\":\"scheduled\"", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    private string Data => _directory.File("data");

    [Fact]
    public async Task What_is_under_way_beside_it_is_replayed_saved_and_replayed_again_from_the_file()
    {
        string saved = _directory.File("histories");
        FollowUpCommand live = await FollowUpCommand.RunAsync("replay", "--data", Data, "--save", saved);
        Assert.True(live.ExitCode == 0, string.Join('\n', live.Errors.Concat(live.Output)));
        Assert.Contains(live.Output, line => line.Contains("SessionFollowUp", StringComparison.Ordinal) && line.Contains("1.0", StringComparison.Ordinal));
        Assert.Contains(live.Output, line => line.StartsWith("All 1 replayed: this release goes on", StringComparison.Ordinal));

        string file = Path.Combine(saved, "glow+b-77.json");
        Assert.DoesNotContain("Ada", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Equal(0, (await FollowUpCommand.RunAsync("replay", file)).ExitCode);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"PlanSession\"", "\"ForgetSession\"", StringComparison.Ordinal));
        FollowUpCommand changed = await FollowUpCommand.RunAsync("replay", file);
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("ForgetSession", string.Concat(changed.Output), StringComparison.Ordinal);
        Assert.Contains("1 of 1 would fail.", string.Join(' ', changed.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_said_on_stderr()
    {
        FollowUpCommand nowhere = await FollowUpCommand.RunAsync("replay", "--data", _directory.File("nowhere"));
        Assert.Equal(1, nowhere.ExitCode);
        Assert.StartsWith("There is no engine's file ", Assert.Single(nowhere.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory.File("nowhere")));

        await File.WriteAllTextAsync(_directory.File("broken.json"), "{");
        FollowUpCommand broken = await FollowUpCommand.RunAsync("replay", _directory.File("broken.json"));
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("broken.json: This is not a recorded history", Assert.Single(broken.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_a_help_text() =>
        Assert.Contains((await FollowUpCommand.RunAsync("replay", "--help")).Output, line => line.Contains("before an upgrade", StringComparison.Ordinal));
}
