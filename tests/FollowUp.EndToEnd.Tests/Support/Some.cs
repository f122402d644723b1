using System.Globalization;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>A clinic and bookings that are as good as any.</summary>
internal static class Some
{
    public const string Clinic = "glow";

    /// <summary>The steps that every first session has, when it is booked in time and its patient has agreed to care texts.</summary>
    public static readonly string[] FirstSessionCare = ["prep-7d", "remind-3d", "remind-1d", "care-4h", "care-24h", "check-3d", "care-7d"];

    /// <summary>The same of the sessions that follow.</summary>
    public static readonly string[] LaterSessionCare = ["prep-7d", "remind-1d", "care-4h", "care-24h", "check-3d"];

    /// <summary>What comes after the last session of a course.</summary>
    public static readonly string[] AfterTheCourse = ["results-3mo", "results-6mo", "maintenance-6mo"];

    public static object ClinicSettings => new { name = "Glow Skin Clinic", timeZone = "America/New_York", phone = "+12125550100" };

    public static string Phone(int patient) => $"+1212555{patient:D4}";

    /// <summary>The body of a session PUT.</summary>
    public static object Booking(
        int patient, DateTimeOffset startsAt, int sessionNumber = 1, int plannedSessions = 4, string language = "en", bool marketing = true) => new
        {
            patient = new
            {
                id = $"p-{patient}",
                firstName = $"Patient {patient}",
                phone = Phone(patient),
                language,
                timeZone = "America/New_York",
                consents = marketing ? ["care", "marketing"] : new[] { "care" },
            },
            plan = "microneedling-acne-scars",
            startsAt = startsAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
            sessionNumber,
            plannedSessions,
        };
}
