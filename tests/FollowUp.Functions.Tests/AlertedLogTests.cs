using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FollowUp.Data.Health;
using FollowUp.Testing;
using FollowUp.Workflows.Health;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Functions.Tests;

/// <summary>Operators' alerts read lines of the log, by their templates: each is written when what it tells of happens, once, and not otherwise.</summary>
public class AlertedLogTests
{
    private const string Undelivered = "{MessageSid} was not delivered: Twilio reports {Status} with code {Code}.";
    private const string OptedOut = "The sender of {MessageSid} has opted out; consents are withdrawn.";
    private const string Unsigned = "A request to {Function} was refused: its signature is missing or wrong.";
    private const string Late = "The oldest text that is due has waited for {Minutes} minutes.";

    [Fact]
    public async Task A_course_without_trouble_writes_none_of_them()
    {
        await using var app = await AppUnderTest.StartAsync();
        await app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody());
        app.LetTheClockRun();
        await app.UntilAsync(session => (string?)session["state"] == "completed");

        Assert.Empty(app.Log.Lines.Intersect([Undelivered, OptedOut, Unsigned, Late]));
    }

    [Fact]
    public async Task A_text_that_is_not_delivered_is_one_line()
    {
        await using var app = await AppUnderTest.StartAsync();
        using (var client = app.NewClient())
        {
            var fault = new JsonObject { ["kind"] = "undelivered", ["count"] = 1, ["code"] = 30005 };
            (await client.PutAsJsonAsync("/twilio/emulator/faults", new JsonArray(fault))).EnsureSuccessStatusCode();
        }

        await app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody());
        app.LetTheClockRun();
        await app.UntilAsync(session => (string?)session["timeline"]![0]!["state"] == "undelivered");

        await WrittenAsync(app, Undelivered);
        Assert.Single(app.Log.Lines, Undelivered);
    }

    [Fact]
    public async Task A_patients_STOP_is_one_line()
    {
        await using var app = await AppUnderTest.StartAsync();
        await app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody());
        await app.AnswerAsync("What should I bring?");
        await app.AnswerAsync("STOP");
        app.LetTheClockRun();
        await app.UntilAsync(session => (string?)session["state"] == "opted-out");

        await WrittenAsync(app, OptedOut);
        Assert.Single(app.Log.Lines, OptedOut);
    }

    [Fact]
    public async Task A_webhook_that_Twilio_did_not_sign_is_a_line_until_there_are_too_many()
    {
        await using var app = await AppUnderTest.StartAsync(settings: ["--FollowUp:RateLimit:FailuresPerMinute", "2"]);
        using var client = app.NewClient();
        List<HttpStatusCode> answers = [];
        for (var attempt = 0; attempt < 4; attempt++)
        {
            using var form = new FormUrlEncodedContent([new("MessageSid", "SM1"), new("From", "+14155550123"), new("To", "+15005550006"), new("Body", "STOP")]);
            answers.Add((await client.PostAsync("/api/twilio/inbound", form)).StatusCode);
        }

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests], answers.Distinct());
        Assert.Equal(answers.Count(answer => answer == HttpStatusCode.Forbidden), app.Log.Lines.Count(line => line == Unsigned));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public async Task A_text_that_stays_due_is_told_of(int minutesLate, bool told)
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = Some.SessionStart - Duration.FromDays(7) + Duration.FromMinutes(minutesLate);
        using var log = new TestLog(null);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        await new LateTexts(store.Get<AttentionStore>(), store.Clock, loggers.CreateLogger<LateTexts>()).LogAsync(CancellationToken.None);

        Assert.Equal(told ? [Late] : [], log.Lines);
    }

    /// <summary>What is stored is written to the log a moment later.</summary>
    private static async Task WrittenAsync(AppUnderTest app, string line)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!app.Log.Lines.Contains(line))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }
}
