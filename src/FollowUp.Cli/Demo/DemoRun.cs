using FollowUp.Cli.Demo.Bookings;
using FollowUp.Cli.Demo.Playing;
using FollowUp.Cli.Demo.Showing;
using FollowUp.EmbeddedHost.Functions;
using NodaTime;
using Spectre.Console;

namespace FollowUp.Cli.Demo;

/// <summary>What the demonstration plays.</summary>
internal sealed record DemoRequest(string BookingsFile, double? DaysPerSecond, string ClinicName, string ClinicPhone, string TimeZone);

/// <summary>The demonstration from its file to its summary.</summary>
internal static class DemoRun
{
    private const double PlayingSeconds = 12;

    // After its last session a course goes on for six months; the clock's pace allows for that.
    private static readonly TimeSpan s_afterLastBooking = TimeSpan.FromDays(190);
    private static readonly TimeSpan s_watchEvery = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>Gives the exit code: 0 when every planned text was sent and delivered, or skipped with a reason.</summary>
    public static async Task<int> RunAsync(DemoRequest request, IAnsiConsole console, TextWriter errors, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<Booking> bookings = BookingsFile.Read(request.BookingsFile);
            DateTimeZone zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(request.TimeZone)
                ?? throw new BookingsException($"--time-zone: there is no IANA time zone '{request.TimeZone}'; write one such as America/New_York.");
            DemoSummary summary = await PlayAsync(request, bookings, zone, console, cancellation);
            summary.Show(console);
            foreach (string problem in summary.Problems)
            {
                await errors.WriteLineAsync(problem);
            }

            return summary.Problems.Count == 0 ? 0 : 1;
        }
        catch (Exception e) when (e is BookingsException or HostStartException or RefusedException or TimeoutException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await errors.WriteLineAsync("Stopped.");
            return 130;
        }
    }

    private static async Task<DemoSummary> PlayAsync(
        DemoRequest request, IReadOnlyList<Booking> bookings, DateTimeZone zone, IAnsiConsole console, CancellationToken cancellation)
    {
        TimeSpan span = bookings[^1].At - bookings[0].At + s_afterLastBooking;
        double pace = request.DaysPerSecond ?? Math.Max(1, span.TotalDays / PlayingSeconds);
        DemoScreen screen = new(console, NamesByPhone(bookings), zone);
        screen.Introduce(bookings.Count, request.BookingsFile, pace, span);

        using CancellationTokenSource limit = new(s_longest, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await using DemoApp app = await DemoApp.StartAsync(bookings[0].At, pace, stop.Token);
            using (app.Clock.Hold())
            {
                await app.Clinic.PutClinicAsync(Clinic(request), stop.Token);
            }

            DemoPlayer player = new(app, bookings, request.BookingsFile);
            return await console.Status().StartAsync("starting", status => WatchAsync(app, player, bookings, screen, status, stop.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"The demonstration did not end within {s_longest.TotalMinutes:F0} minutes.");
        }
    }

    private static async Task<DemoSummary> WatchAsync(
        DemoApp app, DemoPlayer player, IReadOnlyList<Booking> bookings, DemoScreen screen, StatusContext status, CancellationToken cancellation)
    {
        Lock order = new();
        HashSet<string> sessions = [];
        Task playing = Task.Run(
            () => player.PlayAsync(
                booking =>
                {
                    lock (order)
                    {
                        sessions.Add(booking.Session);
                        screen.Show(booking);
                    }
                },
                cancellation),
            cancellation);
        TextFeed feed = new(app);
        int texts = 0;
        while (true)
        {
            bool isLastLook = playing.IsCompleted && await HaveAllEndedAsync(app, sessions, cancellation);
            if (playing.IsFaulted)
            {
                await playing;
            }

            string[] known;
            lock (order)
            {
                known = [.. sessions];
            }

            foreach (SentText sent in await feed.NextAsync(known, cancellation))
            {
                texts += sent.Text.IsInbound ? 0 : 1;
                lock (order)
                {
                    screen.Show(sent);
                }
            }

            status.Status(screen.Progress(app.Clock.GetUtcNow(), player.Played, bookings.Count, texts));
            if (isLastLook)
            {
                return await SummariseAsync(app, bookings, cancellation);
            }

            await Task.Delay(s_watchEvery, TimeProvider.System, cancellation);
        }
    }

    private static async Task<bool> HaveAllEndedAsync(DemoApp app, HashSet<string> sessions, CancellationToken cancellation)
    {
        foreach (string session in sessions)
        {
            if (!(await app.Clinic.GetSessionAsync(session, cancellation)).HasEnded)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<DemoSummary> SummariseAsync(DemoApp app, IReadOnlyList<Booking> bookings, CancellationToken cancellation)
    {
        List<(string Patient, SessionView Session)> rows = [];
        foreach (Booking booking in bookings.DistinctBy(booking => booking.Session))
        {
            rows.Add((booking.FirstName, await app.Clinic.GetSessionAsync(booking.Session, cancellation)));
        }

        return new DemoSummary([.. rows.OrderBy(row => row.Patient, StringComparer.Ordinal).ThenBy(row => row.Session.SessionNumber)]);
    }

    private static object Clinic(DemoRequest request) => new
    {
        name = request.ClinicName,
        timeZone = request.TimeZone,
        phone = request.ClinicPhone,
        emergencyNumber = "911",
        languages = new[] { "en", "es" },
        completion = "assumed",
    };

    private static Dictionary<string, string> NamesByPhone(IReadOnlyList<Booking> bookings) => bookings
        .GroupBy(booking => booking.Phone)
        .ToDictionary(group => group.Key, group => string.Join(" or ", group.Select(booking => booking.FirstName).Distinct()));
}
