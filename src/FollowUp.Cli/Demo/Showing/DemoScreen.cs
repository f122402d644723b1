using System.Globalization;
using FollowUp.Cli.Demo.Bookings;
using FollowUp.Cli.Demo.Playing;
using NodaTime;
using Spectre.Console;

namespace FollowUp.Cli.Demo.Showing;

/// <summary>Shows the demonstration on the console as it goes: what the clinic says, every text with its date, and why.</summary>
internal sealed class DemoScreen(IAnsiConsole console, IReadOnlyDictionary<string, string> namesByPhone, DateTimeZone zone)
{
    public void Introduce(int bookings, string file, double daysPerSecond, TimeSpan span)
    {
        console.Write(new Rule("[bold]FollowUp: a clinic's courses, played fast[/]").LeftJustified());
        console.MarkupLineInterpolated(
            $"{bookings} bookings from [underline]{file}[/] over {span.TotalDays:F0} days, {daysPerSecond:F0} days a second. The texts stay on this machine.");
        console.WriteLine();
    }

    public void Show(Booking booking)
    {
        string what = booking.Action switch
        {
            BookingAction.Book => $"booking of {booking.Session}",
            BookingAction.Cancelled => $"{booking.Session} is cancelled",
            BookingAction.NoShow => $"{booking.Session}: the patient did not come",
            BookingAction.Completed => $"{booking.Session} was held",
            _ => string.Empty,
        };
        if (what.Length > 0)
        {
            console.MarkupLineInterpolated($"[grey]{Date(booking.At)}  clinic   {booking.FirstName}: {what}[/]");
        }
    }

    public void Show(SentText sent)
    {
        string name = namesByPhone.GetValueOrDefault(sent.Text.To, sent.Text.To);
        if (sent.Text.IsInbound)
        {
            // An inbound text's sender is a patient, its recipient the clinic's number.
            console.MarkupLineInterpolated($"[yellow]{Date(sent.Text.At)}  reply    {sent.Text.Body}[/]");
            return;
        }

        string why = sent.Step is null ? "answer to the patient" : $"{sent.Step.Step} of {sent.Session}, {sent.Step.Kind}";
        console.MarkupLineInterpolated($"[bold]{Date(sent.Text.At)}  to {name}[/] [grey]({why})[/]");
        console.Write(new Padder(new Text(sent.Text.Body), new Padding(4, 0, 0, 0)));
    }

    /// <summary>Runs with a line at the bottom that says where the demonstration is, where the console can show one.</summary>
    public Task<T> WithProgressAsync<T>(Func<Action<string>, Task<T>> run) => console.Profile.Capabilities.Interactive
        ? console.Status().StartAsync("starting", status => run(line => status.Status(Markup.Escape(line))))
        : run(_ => { });

    /// <summary>One line on where the demonstration is.</summary>
    public string Progress(DateTimeOffset now, int played, int bookings, int texts) =>
        $"{Date(now)}: {played} of {bookings} bookings, {texts} texts";

    private string Date(DateTimeOffset at) =>
        Instant.FromDateTimeOffset(at).InZone(zone).ToString("ddd uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
