using FollowUp.Data;
using FollowUp.Data.Sessions;
using FollowUp.Testing;

namespace FollowUp.Workflows.Tests;

/// <summary>Sessions by number, each of a patient of its own.</summary>
internal static class ManySessions
{
    public static SessionKey KeyOf(int number) => new("glow", $"s-{number}");

    public static string PhoneOf(int number) => $"+1415555{1000 + number}";

    public static Booking BookingOf(int number) =>
        Some.Booking with { Key = KeyOf(number), Patient = Some.Patient with { Id = $"p-{number}", Phone = PhoneOf(number) } };

    public static async Task BookManyAsync(ClinicUnderTest clinic, int sessions)
    {
        for (var number = 0; number < sessions; number++)
        {
            await clinic.BookAsync(BookingOf(number));
        }
    }
}
