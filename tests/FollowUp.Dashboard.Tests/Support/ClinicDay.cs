using System.Net.Http.Json;
using FollowUp.Functions.Tests;

namespace FollowUp.Dashboard.Tests.Support;

/// <summary>
/// A clinic in the middle of a day, on a clock that runs a minute and a half in a second: Ada's text was not delivered, Bea's was, and Bea has asked
/// something.
/// </summary>
internal static class ClinicDay
{
    public const string Question = "Can I use my retinol serum tomorrow?";
    public const string BeasPhone = "+14155550124";

    private static readonly string[] Clock = ["--FollowUp:Clock:DaysPerSecond", "0.001"];

    public static async Task<AppUnderTest> StartAsync()
    {
        var app = await AppUnderTest.StartAsync(true, Clock);
        using var client = app.NewClient();
        using var fault = JsonContent.Create(new[] { new { kind = "undelivered", code = 30005, count = 1 } });
        (await client.PutAsync("/twilio/emulator/faults", fault)).EnsureSuccessStatusCode();
        app.LetTheClockRun();
        await BookAsync(app, "b-77", "p-1001", "Ada", "+14155550123");
        await app.UntilStoreAsync("SELECT COUNT(*) FROM steps WHERE state = 'undelivered'");
        await BookAsync(app, "b-78", "p-1002", "Bea", BeasPhone);
        await app.UntilStoreAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-78' AND state = 'delivered'");
        await app.AnswerAsync(Question, BeasPhone);
        await app.UntilStoreAsync("SELECT COUNT(*) FROM inbound_copies WHERE wants_reader = 1");
        return app;
    }

    /// <summary>Asks the store until a count is more than none.</summary>
    public static async Task UntilStoreAsync(this AppUnderTest app, string count)
    {
        var store = new StoreFile(app);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (store.Run(count) is 0L)
        {
            await app.Client.GetAsync("/api/health", patience.Token);
        }
    }

    private static async Task BookAsync(AppUnderTest app, string session, string patient, string name, string phone)
    {
        var body = AppUnderTest.SessionBody();
        body["patient"]!["id"] = patient;
        body["patient"]!["firstName"] = name;
        body["patient"]!["phone"] = phone;

        // So soon that the text to prepare is due at once.
        body["startsAt"] = "2026-11-26T10:00:00-08:00";
        (await app.PutAsync($"{AppUnderTest.ClinicPath}/sessions/{session}", body)).EnsureSuccessStatusCode();
    }
}
