namespace FollowUp.Cli.Demo.Bookings;

/// <summary>What a clinic's booking system says at one moment: a booking made or moved, or what became of it, or a patient's reply.</summary>
internal sealed record Booking
{
    /// <summary>The line of the file, for messages.</summary>
    public required int Line { get; init; }

    /// <summary>The simulated instant at which it is said.</summary>
    public required DateTimeOffset At { get; init; }

    public required BookingAction Action { get; init; }

    public required string Session { get; init; }

    public required string FirstName { get; init; }

    /// <summary>E.164.</summary>
    public required string Phone { get; init; }

    /// <summary>The body of the session PUT; null for what is not a booking.</summary>
    public object? Body { get; init; }

    /// <summary>What the patient answers, for a reply.</summary>
    public string? Text { get; init; }
}

internal enum BookingAction
{
    Book,
    Cancelled,
    NoShow,
    Completed,
    Reply,
}
