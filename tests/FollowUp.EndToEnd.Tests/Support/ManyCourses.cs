using System.Net.Http.Json;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>
/// Courses of all kinds at two clinics: patients in several zones and languages, first sessions and last ones, booked over two weeks; some paused, some
/// opted out, some with a question that nobody has read.
/// </summary>
internal static class ManyCourses
{
    public static readonly DateTimeOffset Start = new(2027, 3, 1, 15, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_clinics = ["glow", "bloom"];
    private static readonly string[] s_zones = ["America/New_York", "America/Los_Angeles", "America/Phoenix", "Europe/Madrid"];
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(250);

    public static string Phone(int course) => $"+1212{5550000 + course}";

    public static string ClinicOf(int course) => s_clinics[course % 2];

    /// <summary>Books them all, and brings each into its state, while the clock stands still.</summary>
    public static async Task BookAsync(FollowUpApp app, EmulatorProcess emulator, int courses)
    {
        foreach (string clinic in s_clinics)
        {
            using HttpResponseMessage put = await app.PutAsync(
                $"/api/clinics/{clinic}", new { name = $"The {clinic} clinic", timeZone = "America/New_York", phone = "+12125550100" });
            Assert.True(put.IsSuccessStatusCode, app.Transcript());
        }

        await Parallel.ForEachAsync(
            Enumerable.Range(0, courses), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            async (course, _) => await BookAsync(app, course));
        foreach (int course in Enumerable.Range(0, courses))
        {
            switch (course % 40)
            {
                case 7:
                    using (HttpResponseMessage paused = await app.Http.PostAsJsonAsync(
                        $"/api/clinics/{ClinicOf(course)}/sessions/b-{course}/commands", new { command = "pause" }, TestContext.Current.CancellationToken))
                    {
                        Assert.True(paused.IsSuccessStatusCode, app.Transcript());
                    }

                    break;
                case 13:
                    await emulator.TextAsync(Phone(course), "STOP");
                    break;
                case 21:
                    await emulator.TextAsync(Phone(course), "Which sunscreen do you recommend?");
                    break;
            }
        }

        int texts = Enumerable.Range(0, courses).Count(course => course % 40 is 13 or 21);
        await UntilAsync("replies in the store", app, $"SELECT 1 WHERE (SELECT COUNT(*) FROM inbound_messages) = {texts}");
    }

    /// <summary>Waits until the store gives a row.</summary>
    public static Task UntilAsync(string what, FollowUpApp app, string sql) => Eventually.GetAsync(
        what,
        async () =>
        {
            // The machine is for the app: a look now and then is enough.
            await Task.Delay(s_lookEvery, TimeProvider.System, TestContext.Current.CancellationToken);
            return StoreFile.Rows(app.DataDirectory, sql) is { Count: > 0 } rows ? rows[0] : null;
        },
        s_patience,
        () => $"{string.Join('\n', StoreFile.Rows(app.DataDirectory, "SELECT state, COUNT(*), MIN(next_due_at), MAX(next_due_at) FROM sessions GROUP BY state"))}\n{app.Transcript()}");

    /// <summary>Waits until nothing is left to do but what is paused.</summary>
    public static Task UntilEndedAsync(FollowUpApp app) =>
        UntilAsync("end of the courses", app, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE state IN ('scheduled', 'waiting'))");

    private static async Task BookAsync(FollowUpApp app, int course)
    {
        object booking = new
        {
            patient = new
            {
                id = $"p-{course}",
                firstName = $"Patient {course}",
                phone = Phone(course),
                language = course % 3 == 0 ? "es" : "en",
                timeZone = s_zones[course % s_zones.Length],
                consents = course % 5 == 0 ? ["care"] : new[] { "care", "marketing" },
            },
            plan = "microneedling-acne-scars",
            startsAt = Start.AddDays(8 + (course % 14)).AddHours(course % 7).ToString("o"),
            sessionNumber = course % 10 == 0 ? 4 : 1,
            plannedSessions = 4,
        };
        using HttpResponseMessage put = await app.PutAsync($"/api/clinics/{ClinicOf(course)}/sessions/b-{course}", booking);
        Assert.True(put.IsSuccessStatusCode, $"{(int)put.StatusCode} {await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }
}
