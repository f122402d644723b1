using System.Text.Json;
using FollowUp.Data.Alerts;
using FollowUp.Data.Health;
using FollowUp.Data.Ledger;
using FollowUp.Data.Moves;
using FollowUp.Data.Webhooks;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.Functions.Operations;
using FollowUp.Sms;
using FollowUp.Testing;
using FollowUp.Workflows.Health;
using FollowUp.Workflows.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace FollowUp.Functions.Tests;

public class HealthTests
{
    [Fact]
    public async Task A_text_that_nobody_sends_and_an_engine_that_does_not_run_are_told_with_503()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = Some.SessionStart - Duration.FromDays(7) + Duration.FromMinutes(16);
        using var directory = new TemporaryDirectory();
        await using var stopped = new DurableEngine(
            new EngineOptions { Path = directory.File("engine.db") }, new TaskRegistry(), HostClock.Real, NullLoggerFactory.Instance);
        var health = new HealthFunctions(Check(store));

        var result = await health.Health(new DefaultHttpContext().Request, stopped.Client, CancellationToken.None);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, ((IStatusCodeHttpResult)result).StatusCode);
        Assert.Equal(
            """{"status":"unhealthy","problems":["a text has been due for 16 minutes","the engine does not answer"]}""",
            JsonSerializer.Serialize(((IValueHttpResult)result).Value));
    }

    [Fact]
    public async Task A_red_flag_that_nobody_takes_for_a_quarter_of_an_hour_is_told()
    {
        using var store = await WithContactsAsync("+14155550188");
        await store.ReceiveAsync("I have a fever");
        await store.TellStaffAsync();
        Assert.Empty(await ProblemsAsync(store));

        store.Clock.Now += Duration.FromMinutes(15);
        Assert.Equal(["an urgent alert waits for somebody to acknowledge it"], await ProblemsAsync(store));
        await store.ReceiveAsync("OK", from: "+14155550188");
        Assert.Empty(await ProblemsAsync(store));
    }

    [Fact]
    public async Task An_alert_that_did_not_arrive_is_told_for_a_day_or_until_a_later_one_does()
    {
        using var store = await WithContactsAsync("+14155550188");
        await store.ReceiveAsync("I have a fever");
        await store.SendAsync((await store.Get<AlertStore>().TellAsync("glow", null, CancellationToken.None)).Texts[0], new SendRecord.Refused(21612));
        Assert.Equal(["1 texts to staff did not arrive"], await ProblemsAsync(store));

        store.Clock.Now += Duration.FromMinutes(15);
        await store.TellStaffAsync();
        await store.ReceiveAsync("OK", from: "+14155550188");
        Assert.Empty(await ProblemsAsync(store));
    }

    [Fact]
    public async Task A_post_that_was_given_up_is_told()
    {
        using var store = await WithContactsAsync("https://glow.example/alerts");
        await store.ReceiveAsync("I have a fever");
        var post = Assert.Single((await store.Get<AlertStore>().TellAsync("glow", null, CancellationToken.None)).Posts);
        await store.Get<WebhookPostStore>().RecordAsync(post, "HTTP 410", final: true, CancellationToken.None);

        Assert.Equal(["1 posts to web addresses were given up"], await ProblemsAsync(store));
    }

    [Fact]
    public async Task A_paused_sender_is_told_until_it_works_again()
    {
        using var store = await WithContactsAsync("+14155550188");
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordAsync(Some.Session, "prep-7d", text.Attempt, new SendRecord.AccountTrouble(20003), CancellationToken.None);
        Assert.Equal(["1 senders are paused: Twilio refuses their texts"], await ProblemsAsync(store));

        await store.Senders.ResumeAsync("glow", "test", CancellationToken.None);
        Assert.Empty(await ProblemsAsync(store));
    }

    [Fact]
    public async Task A_contact_that_cannot_be_texted_is_told_without_its_number()
    {
        using var store = await WithContactsAsync("+14155550188");
        await store.ReceiveAsync("STOP", from: "+14155550188");

        Assert.Equal(
            ["1 phones in staffAlerts cannot be texted: opted out, a wrong number or out of reach"], await ProblemsAsync(store));
    }

    private static async Task<StoreUnderTest> WithContactsAsync(string contact)
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [contact] }, "test", CancellationToken.None);
        return store;
    }

    [Theory]
    [InlineData("https://api.twilio.com", "https://texts.clinic.example", true)]
    [InlineData("https://api.twilio.com", "http://texts.clinic.example", false)]
    [InlineData("https://api.twilio.com", "http://127.0.0.1:7071", false)]
    [InlineData("https://api.twilio.com", "https://localhost:7071", false)]
    [InlineData("https://api.twilio.com", "", false)]
    [InlineData("http://127.0.0.1:7072", "http://127.0.0.1:7071", true)]
    public async Task The_real_Twilio_needs_a_public_address_to_bring_replies_to(string twilio, string publicUrl, bool isWell)
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var problems = await ProblemsAsync(store, Check(store, twilio, publicUrl));

        Assert.Equal(isWell, problems.Count == 0);
        Assert.All(problems, problem => Assert.Contains("FollowUp:PublicUrl", problem, StringComparison.Ordinal));
    }

    private static HealthCheck Check(StoreUnderTest store, string twilio = "http://127.0.0.1:7072", string publicUrl = "") => new(
        new LateTexts(store.Attention, store.Clock, NullLogger<LateTexts>.Instance),
        store.Get<DeliveryTroubleStore>(),
        store.Get<RestoreStore>(),
        new CallbackAddress(new ConfigurationBuilder().AddInMemoryCollection([new("FollowUp:PublicUrl", publicUrl)]).Build()),
        Options.Create(new TwilioOptions { BaseAddress = new Uri(twilio) }),
        NullLogger<HealthCheck>.Instance);

    /// <summary>What is wrong, apart from the engine, which does not run here.</summary>
    private static async Task<IReadOnlyList<string>> ProblemsAsync(StoreUnderTest store, HealthCheck? check = null)
    {
        using var directory = new TemporaryDirectory();
        await using var stopped = new DurableEngine(
            new EngineOptions { Path = directory.File("engine.db") }, new TaskRegistry(), HostClock.Real, NullLoggerFactory.Instance);
        var health = new HealthFunctions(check ?? Check(store));
        var result = (IValueHttpResult)await health.Health(new DefaultHttpContext().Request, stopped.Client, CancellationToken.None);
        using var answer = JsonDocument.Parse(JsonSerializer.Serialize(result.Value));
        return [.. answer.RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).Where(problem => !problem.Contains("engine", StringComparison.Ordinal))];
    }
}
