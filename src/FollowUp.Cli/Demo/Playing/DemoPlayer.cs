using FollowUp.Cli.Demo.Bookings;

namespace FollowUp.Cli.Demo.Playing;

/// <summary>Says each booking to the app at its simulated instant.</summary>
internal sealed class DemoPlayer(DemoApp app, IReadOnlyList<Booking> bookings, string file)
{
    /// <summary>How many bookings were said.</summary>
    public int Played { get; private set; }

    public int Total => bookings.Count;

    /// <param name="played">Told of each booking after the app has taken it.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="BookingsException">The app refused a line.</exception>
    public async Task PlayAsync(Action<Booking> played, CancellationToken cancellation)
    {
        foreach (Booking booking in bookings)
        {
            TimeSpan wait = booking.At - app.Clock.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, app.Clock, cancellation);
            }

            // The clock stands still while the clinic speaks, so a slow machine changes nothing.
            using (app.Clock.Hold())
            {
                await SayAsync(booking, cancellation);
            }

            Played++;
            played(booking);

            // From here on the clock runs: the first booking is said at the very beginning, however long the start took.
            app.Begin();
        }
    }

    private async Task SayAsync(Booking booking, CancellationToken cancellation)
    {
        try
        {
            await (booking.Action switch
            {
                BookingAction.Book => app.Clinic.PutSessionAsync(booking.Session, booking.Body!, cancellation),
                BookingAction.Cancelled => app.Clinic.PostEventAsync(booking.Session, "cancelled", cancellation),
                BookingAction.NoShow => app.Clinic.PostEventAsync(booking.Session, "no-show", cancellation),
                BookingAction.Completed => app.Clinic.PostEventAsync(booking.Session, "completed", cancellation),
                _ => app.Phones.ReplyAsync(booking.Phone, booking.Text!, cancellation),
            });
        }
        catch (RefusedException refusal)
        {
            throw new BookingsException($"{file}, line {booking.Line}: the app answered {refusal.Message}");
        }
    }
}
