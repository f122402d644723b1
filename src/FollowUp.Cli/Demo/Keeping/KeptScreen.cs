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
        console.WriteLine();
        Row("dashboard", new Uri(app.Address, "dashboard").AbsoluteUri);
        Row("name", "root");
        Row("password", app.ApiKey);
        Row(string.Empty, $"(the API key, kept in {Path.Combine(app.DataDirectory, "api-key")})");
        Row("phone", new Uri(app.Address, "phone").AbsoluteUri);
        Row(string.Empty, "(the patients' phones: read their texts, and answer)");
        Row("clock", $"{at} in New York");
        Row(string.Empty, string.Create(CultureInfo.InvariantCulture, $"(minutes of it in a second: {request.MinutesPerSecond:0.##})"));
        console.WriteLine();
        console.WriteLine("Try this:");
        console.WriteLine("  - Alerts: somebody may be unwell. Open the patient, read the thread.");
        console.WriteLine("  - Today: see why a text was not delivered, and send it again.");
        console.WriteLine("  - Inbox: answer a question, and see the answer arrive on the phone.");
        console.WriteLine("  - Sessions: find a patient, open the course, pause it.");
        console.WriteLine("  - Phone: write C, STOP or \"I have a fever\" as a patient, and watch.");
        console.WriteLine();
        console.MarkupLine("[bold]Ctrl+C stops it.[/]");
    }

    /// <param name="kept">The data directory that stays with a whole clinic in it; null when nothing stays.</param>
    public void Stopped(DirectoryInfo? kept) => console.MarkupLineInterpolated(kept is null
        ? (FormattableString)$"Stopped."
        : $"Stopped. The clinic stays in {kept.FullName}; the same command goes on with it.");

    private void Row(string name, string value) => console.WriteLine($"  {name,-10} {value}");

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
