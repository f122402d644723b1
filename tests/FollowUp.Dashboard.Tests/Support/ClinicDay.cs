using System.Net.Http.Json;
using FollowUp.Functions.Tests;

namespace FollowUp.Dashboard.Tests.Support;

/// <summary>
/// A clinic in the middle of a day, on a clock that runs a minute and a half in a second: Ada's text was not delivered because her number is not in
/// service, Cleo's because her phone blocked it; Bea's was, and Bea has asked something.
/// </summary>
internal static class ClinicDay
{
    public const string Question = "Can I use my retinol serum tomorrow?";
    public const string BeasPhone = "+14155550124";
    public const string CleosPhone = "+14155550125";

    private static readonly string[] Clock = ["--FollowUp:Clock:DaysPerSecond", "0.001"];

    public static async Task<AppUnderTest> StartAsync()
    {
        var app = await AppUnderTest.StartAsync(true, Clock);
        using var client = app.NewClient();
        app.LetTheClockRun();
        await FailAsync(client, 30005);
        await BookAsync(app, "b-77", "p-1001", "Ada", "+14155550123");
        await app.UntilStoreAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-77' AND state = 'undelivered'");
        await FailAsync(client, 30004);
        await BookAsync(app, "b-79", "p-1003", "Cleo", CleosPhone);
        await app.UntilStoreAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-79' AND state = 'undelivered'");
        await BookAsync(app, "b-78", "p-1002", "Bea", BeasPhone);
        await app.UntilStoreAsync("SELECT COUNT(*) FROM steps WHERE session_id = 'b-78' AND state = 'delivered'");
        await app.AnswerAsync(Question, BeasPhone);
        await app.UntilStoreAsync("SELECT COUNT(*) FROM inbound_copies WHERE wants_reader = 1");
        return app;
    }

    /// <summary>A command on many sessions, by the API, that is over.</summary>
    public static async Task<string> BulkSkipAsync(this AppUnderTest app)
    {
        using var body = JsonContent.Create(new { command = "skip", step = "prep-7d", filter = new { } });
        var answer = await app.Client.PostAsync($"{AppUnderTest.ClinicPath}/commands", body);
        answer.EnsureSuccessStatusCode();
        await app.UntilStoreAsync("SELECT COUNT(*) FROM bulk_commands WHERE state = 'completed'");
        return answer.Headers.Location!.OriginalString.Split('/')[^1];
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

    /// <summary>The next text is not delivered.</summary>
    private static async Task FailAsync(HttpClient client, int code)
    {
        using var fault = JsonContent.Create(new[] { new { kind = "undelivered", code, count = 1 } });
        (await client.PutAsync("/twilio/emulator/faults", fault)).EnsureSuccessStatusCode();
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
