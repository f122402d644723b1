using System.Diagnostics;
using System.Globalization;
using FollowUp.Cli.Demo.Playing;
using FollowUp.Cli.Demo.Story;
using FollowUp.EmbeddedHost.Functions;
using FollowUp.Workflows.Running;
using NodaTime;
using NodaTime.Extensions;
using Spectre.Console;

namespace FollowUp.Cli.Demo.Keeping;

/// <summary>What <c>demo --keep</c> is asked for.</summary>
/// <param name="Patients">Of the larger clinic.</param>
/// <param name="Today">The clinic's day at the hand-over; null for the last Tuesday.</param>
/// <param name="MinutesPerSecond">How fast the clinic's clock runs from then on.</param>
/// <param name="Urls">Where the app listens.</param>
/// <param name="Data">The data directory, which stays; null for a temporary one.</param>
internal sealed record KeepRequest(int Patients, LocalDate? Today, double MinutesPerSecond, string Urls, DirectoryInfo? Data);

/// <summary>The demonstration that stays: a clinic's last months are played as fast as they go, then the app runs on, to be looked at.</summary>
internal static class KeptDemo
{
    // Lies in a data directory in which the story has been told to its end: only there a demonstration goes on.
    private const string Mark = "demo-clinic";
    private const string Jump = "jump";

    // It finds the session whose orchestration somebody has ended, and says so.
    private static readonly string Sweep = typeof(SessionSweep).FullName!;

    // The sender's pace is that of a short code: three hundred patients' texts of ten o'clock are out in seconds.
    private const int MessagesPerSecond = 100;
    private const double MinutesPerDay = 24 * 60;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(50);

    /// <summary>Gives the exit code: 0 when it was stopped while it ran.</summary>
    public static async Task<int> RunAsync(KeepRequest request, IAnsiConsole console, TextWriter errors, CancellationToken cancellation)
    {
        try
        {
            KeptScreen screen = new(console);
            if (request.Data is { } data && File.Exists(Path.Combine(data.FullName, Mark)))
            {
                await GoOnAsync(request, screen, cancellation);
            }
            else
            {
                await BeginAsync(request, screen, cancellation);
            }

            return 0;
        }
        catch (Exception e) when (e is HostStartException or TimeoutException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
        catch (RefusedException e)
        {
            await errors.WriteLineAsync($"The app refused a part of the story, {e.Path}: {e.Message}");
            return 1;
        }
        catch (IOException e)
        {
            await errors.WriteLineAsync($"{e.Message} Another address is taken with --urls, such as --urls http://127.0.0.1:0 for any free port.");
            return 1;
        }
    }

    private static async Task BeginAsync(KeepRequest request, KeptScreen screen, CancellationToken cancellation)
    {
        RefuseUnlessEmpty(request.Data);
        DateTimeZone zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        LocalDate today = request.Today ?? StoryCalendar.LastTuesday(TimeProvider.System.GetUtcNow().ToInstant().InZone(zone).Date);
        StoryCalendar calendar = new(today, zone);
        ClinicStory story = new(calendar, request.Patients);
        long started = Stopwatch.GetTimestamp();
        screen.Introduce(request.Patients, story.Acts.Count);
        DemoPlace place = new(story.Acts[0].At, Jump) { Urls = request.Urls, Data = request.Data, MessagesPerSecond = MessagesPerSecond, Silent = Sweep };
        bool built = false;
        try
        {
            await using DemoApp app = await DemoApp.StartAsync(place, cancellation);
            StoryPlayer player = new(app, story.Acts);
            IDisposable stands = await screen.WhileBuildingAsync(() => (app.Clock.GetUtcNow(), player.Done), async () =>
            {
                IDisposable hold = await player.PlayUntilAsync(calendar.HandOver, cancellation);
                await WaitForTheFailureAsync(app, story, cancellation);
                return hold;
            });
            app.Clock.ChangePace(request.MinutesPerSecond / MinutesPerDay);
            if (request.Data is { } data)
            {
                await File.WriteAllTextAsync(Path.Combine(data.FullName, Mark), "followup demo --keep\n", cancellation);
            }

            built = true;
            screen.HandOver(app, request, Stopwatch.GetElapsedTime(started));
            await player.PlayOnAsync(calendar.HandOver, stands, cancellation);
            await ForeverAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }

        screen.Stopped(built ? request.Data : null);
    }

    private static async Task GoOnAsync(KeepRequest request, KeptScreen screen, CancellationToken cancellation)
    {
        string pace = (request.MinutesPerSecond / MinutesPerDay).ToString("R", CultureInfo.InvariantCulture);
        DemoPlace place = new(default, pace) { Urls = request.Urls, Data = request.Data, MessagesPerSecond = MessagesPerSecond };
        try
        {
            await using DemoApp app = await DemoApp.StartAsync(place, cancellation);
            screen.HandOver(app, request, took: null);
            app.Begin();
            await ForeverAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As above.
        }

        screen.Stopped(request.Data);
    }

    // Until somebody stops it.
    private static Task ForeverAsync(CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);

    // The sweep that finds the session looks about in real time.
    private static async Task WaitForTheFailureAsync(DemoApp app, ClinicStory story, CancellationToken cancellation)
    {
        for (long since = Stopwatch.GetTimestamp(); await app.Stage.StateOfAsync(ClinicStory.Clinic, story.FailedSession, cancellation) != "failed";)
        {
            if (Stopwatch.GetElapsedTime(since) > s_patience)
            {
                throw new TimeoutException($"The session {story.FailedSession} should have been found as failed by now.");
            }

            await Task.Delay(s_glance, TimeProvider.System, cancellation);
        }
    }

    private static void RefuseUnlessEmpty(DirectoryInfo? data)
    {
        if (data is { Exists: true } && data.EnumerateFileSystemInfos().Any())
        {
            throw new HostStartException(
                $"{data.FullName} is not empty and holds no demonstration to go on with. A demonstration never mixes with an installation: name another directory.");
        }
    }
}
