using FollowUp.Core.CarePlans;
using NodaTime;

namespace FollowUp.Core.Texts;

/// <summary>What a text says about the patient, the clinic and the session. Personal data: never logged.</summary>
public sealed record TextFacts
{
    /// <summary><c>{firstName}</c></summary>
    public required string FirstName { get; init; }

    /// <summary><c>{clinic}</c></summary>
    public required string ClinicName { get; init; }

    /// <summary><c>{phone}</c>: the number that patients call, as the clinic writes it.</summary>
    public required string ClinicPhone { get; init; }

    /// <summary><c>{emergency}</c>: such as 911; null where the clinic has not set one.</summary>
    public string? EmergencyNumber { get; init; }

    /// <summary><c>{bookingUrl}</c>; null where the clinic has no page for booking.</summary>
    public string? BookingUrl { get; init; }

    /// <summary><c>{date}</c> and <c>{time}</c>: the start of the session, on the clock of the place where the patient has to be.</summary>
    public required LocalDateTime StartsAt { get; init; }

    /// <summary><c>{session}</c></summary>
    public required int SessionNumber { get; init; }

    /// <summary><c>{sessions}</c></summary>
    public required int PlannedSessions { get; init; }

    /// <summary><c>{series}</c> ("3 to 6") and <c>{spacing}</c> ("4 to 6 weeks").</summary>
    public required Series Series { get; init; }

    /// <summary>
    /// Whether <c>{treatment}</c> may be filled in. Off unless the clinic switched it on: others read a phone too, and the name of a
    /// treatment is health information.
    /// </summary>
    public bool NamesTreatment { get; init; }
}
