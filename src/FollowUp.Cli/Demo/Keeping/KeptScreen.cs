using System.Globalization;
using FollowUp.Cli.Demo.Playing;
using NodaTime;
using Spectre.Console;

namespace FollowUp.Cli.Demo.Keeping;

/// <summary>What <c>demo --keep</c> says: where the building is, and then how to look at the clinic.</summary>
internal sealed class KeptScreen(IAnsiConsole console)
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);
    private int _acts;

    public void Introduce(int patients, int acts)
    {
        _acts = acts;
        console.Write(new Rule("[bold]FollowUp: a clinic to look at[/]").LeftJustified());
        console.MarkupLineInterpolated($"A clinic of {patients} invented patients lives through its last months, on this machine. It texts nobody.");
    }

    /// <summary>Shows how far the building is: a line that rewrites itself or, into a file, a line every two seconds.</summary>
    /// <param name="now">The simulated instant and how many acts have happened.</param>
    /// <param name="build">What is waited for.</param>
    public Task<T> WhileBuildingAsync<T>(Func<(DateTimeOffset Clock, int Done)> now, Func<Task<T>> build) => console.Profile.Capabilities.Interactive
        ? console.Status().StartAsync("starting", status => WatchAsync(build(), now, line => status.Status(Markup.Escape(line)), TimeSpan.FromMilliseconds(200)))
        : WatchAsync(build(), now, line => console.WriteLine($"  {line}"), s_every);

    public void HandOver(DemoApp app, KeepRequest request, TimeSpan? took)
    {
        if (took is { } time)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Ready after {time.TotalSeconds:F0} seconds.");
        }

        string at = Instant.FromDateTimeOffset(app.Clock.GetUtcNow()).InZone(DateTimeZoneProviders.Tzdb["America/New_York"])
            .ToString("dddd uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2)).AddColumn();
        Row(grid, "dashboard", new Uri(app.Address, "dashboard").AbsoluteUri);
        Row(grid, "name", "root");
        Row(grid, "password", app.ApiKey);
        Row(grid, string.Empty, $"which is the API key, kept in {Path.Combine(app.DataDirectory, "api-key")}");
        Row(grid, "phone", $"{new Uri(app.Address, "phone").AbsoluteUri} (the patients' phones: read and answer their texts)");
        Row(grid, "clock", string.Create(CultureInfo.InvariantCulture, $"the clinic's is at {at} in New York; {request.MinutesPerSecond:0.##} minutes pass in a second"));
        console.WriteLine();
        console.Write(grid);
        console.WriteLine();
        console.MarkupLine("Try: open the red flag under Alerts; answer the question in the Inbox; see why a text failed under Today and retry it;");
        console.MarkupLine("find a patient under Sessions, open the course, pause it; write \"C\" or \"I have a fever\" on the phone and watch it arrive.");
        console.MarkupLine("[bold]Ctrl+C stops it.[/]");
    }

    /// <param name="kept">The data directory that stays with a whole clinic in it; null when nothing stays.</param>
    public void Stopped(DirectoryInfo? kept) => console.MarkupLineInterpolated(kept is null
        ? (FormattableString)$"Stopped."
        : $"Stopped. The clinic stays in {kept.FullName}; the same command goes on with it.");

    private static void Row(Grid grid, string name, string value) => grid.AddRow(new Text(name), new Text(value));

    private async Task<T> WatchAsync<T>(Task<T> build, Func<(DateTimeOffset Clock, int Done)> now, Action<string> say, TimeSpan every)
    {
        while (await Task.WhenAny(build, Task.Delay(every, TimeProvider.System)) != build)
        {
            (DateTimeOffset clock, int done) = now();
            say(string.Create(CultureInfo.InvariantCulture, $"{clock:yyyy-MM-dd}: {done} of {_acts} bookings, replies and other doings"));
        }

        return await build;
    }
}
