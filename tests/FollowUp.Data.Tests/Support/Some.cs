using FollowUp.Data;
using FollowUp.Data.Clinics;
using FollowUp.Data.Sessions;
using NodaTime;

namespace FollowUp.Testing;

/// <summary>Things that a test needs and does not care about; it changes what it does care about with <c>with</c>.</summary>
public static class Some
{
    public const string PlanId = "microneedling-acne-scars";

    /// <summary>Tuesday 2026-12-01, 10:00 in Los Angeles.</summary>
    public static readonly Instant SessionStart = Instant.FromUtc(2026, 12, 1, 18, 0);

    /// <summary>Sunday 2026-11-22, 10:00 in Los Angeles: before every step of a session at <see cref="SessionStart"/>.</summary>
    public static readonly Instant BookingTime = Instant.FromUtc(2026, 11, 22, 18, 0);

    public static readonly SessionKey Session = new("glow", "b-77");

    public static readonly SessionKey LaterSession = new("glow", "b-78");

    public static readonly BookedPatient Patient = new()
    {
        Id = "p-1001",
        FirstName = "Ada",
        Phone = "+14155550123",
        Language = "en",
        TimeZone = "America/Los_Angeles",
        Consents = new HashSet<ConsentKind> { ConsentKind.Care, ConsentKind.Marketing },
    };

    public static readonly ClinicSettings Clinic = new()
    {
        Id = "glow",
        Name = "Glow Clinic",
        TimeZone = "America/Los_Angeles",
        Phone = "(415) 555-0199",
        EmergencyNumber = "911",
        BookingUrl = "https://glow.example/book",
        Languages = ["en"],
    };

    public static readonly Booking Booking = new()
    {
        Key = Session,
        Patient = Patient,
        PlanId = PlanId,
        StartsAt = SessionStart,
        SessionNumber = 1,
        PlannedSessions = 4,
    };

    /// <summary>The next session of the same course, five weeks on.</summary>
    public static readonly Booking LaterBooking = Booking with
    {
        Key = LaterSession,
        StartsAt = SessionStart + Duration.FromDays(35),
        SessionNumber = 2,
    };
}
