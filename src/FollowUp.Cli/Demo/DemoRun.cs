using System.Globalization;
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
    private const double PlayingSeconds = 5;

    // After its last session a course goes on for six months; the clock's pace allows for that.
    private static readonly TimeSpan s_afterLastBooking = TimeSpan.FromDays(190);
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
            await using DemoApp app = await DemoApp.StartAsync(new DemoPlace(bookings[0].At, pace.ToString(CultureInfo.InvariantCulture)), stop.Token);
            await app.Clinic.PutClinicAsync(Clinic(request), stop.Token);
            DemoPlayer player = new(app, bookings, request.BookingsFile);
            DemoWatch watch = new(app, player, screen);
            return await screen.WithProgressAsync(progress => watch.RunAsync(progress, stop.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"The demonstration did not end within {s_longest.TotalMinutes:F0} minutes.");
        }
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
