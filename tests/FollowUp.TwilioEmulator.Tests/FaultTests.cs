using FollowUp.TwilioEmulator.Tests.Support;

namespace FollowUp.TwilioEmulator.Tests;

public class FaultTests
{
    [Theory]
    [InlineData("too-many-requests", 429, "20429", 0)]
    [InlineData("error-before-accepting", 500, "20500", 0)]
    [InlineData("error-after-accepting", 500, "20500", 1)]
    public async Task An_answer_can_be_spoilt_for_a_number_of_creates(string kind, int status, string code, int kept)
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync($$"""[{"kind":"{{kind}}","count":1}]""");

        var spoilt = await emulator.CreateAsync();
        var bodies = await emulator.BodiesAsync();
        var next = await emulator.CreateAsync();

        Assert.Equal((status, code), ((int)spoilt.Status, spoilt["code"]));
        Assert.Equal(kept, bodies.Length);
        Assert.Equal(201, (int)next.Status);
        Assert.Equal("[]", (await emulator.GetAsync("/twilio/emulator/faults")).Text);
    }

    [Theory]
    [InlineData("no-answer-before-accepting", 0)]
    [InlineData("no-answer-after-accepting", 1)]
    public async Task A_create_can_go_unanswered_until_the_client_gives_up(string kind, int kept)
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync($$"""[{"kind":"{{kind}}","count":1}]""");
        using var patience = new CancellationTokenSource();

        var create = emulator.CreateAsync(patience.Token, ("StatusCallback", application.StatusUrl));
        while ((await emulator.GetAsync("/twilio/emulator/faults")).Text != "[]")
        {
            Assert.False(create.IsCompleted);
        }

        await emulator.IdleAsync();
        Assert.False(create.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(kept * 2, application.Arrivals.Count);
        Assert.Equal(kept, (await emulator.BodiesAsync()).Length);
    }

    [Fact]
    public async Task A_create_that_goes_unanswered_does_not_keep_the_emulator_from_stopping()
    {
        var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync("""[{"kind":"no-answer-after-accepting","count":1}]""");
        using var client = new HttpClient { BaseAddress = new Uri(emulator.Url) };
        client.DefaultRequestHeaders.Authorization = Emulator.Credentials(Emulator.AuthToken);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["To"] = Emulator.Patient, ["From"] = Emulator.Clinic, ["Body"] = "x" });

        var create = client.PostAsync(Emulator.Messages, form);
        while ((await emulator.BodiesAsync()).Length == 0)
        {
            Assert.False(create.IsCompleted);
        }

        await emulator.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => create);
    }

    [Theory]
    [InlineData("undelivered", "sent,undelivered", "Tue, 01 Dec 2026 10:00:00 +0000")]
    [InlineData("failed", "failed", null)]
    public async Task A_message_can_end_with_a_chosen_code(string kind, string statuses, string? sentAt)
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync($$"""[{"kind":"{{kind}}","code":30005,"to":"+14155550123"}]""");

        var created = await emulator.CreateAsync(("StatusCallback", application.StatusUrl));
        var other = await emulator.CreateAsync(("To", "+14155550177"));
        await emulator.IdleAsync();

        Assert.Equal(statuses, string.Join(',', application.Statuses));
        Assert.Equal("30005", application.Arrivals[^1]["ErrorCode"]);
        var message = await emulator.FetchAsync(created.Sid);
        Assert.Equal(kind, message.GetProperty("status").GetString());
        Assert.Equal(30005, message.GetProperty("error_code").GetInt32());
        Assert.Equal("Unknown destination handset", message.GetProperty("error_message").GetString());
        Assert.Equal(sentAt, message.GetProperty("date_sent").GetString());
        Assert.Equal("delivered", (await emulator.FetchAsync(other.Sid)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("duplicate-callbacks", "sent,sent,delivered,delivered")]
    [InlineData("out-of-order-callbacks", "delivered,sent")]
    [InlineData("lost-callbacks", "")]
    public async Task Callbacks_can_be_doubled_turned_round_or_lost(string kind, string statuses)
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync($$"""[{"kind":"{{kind}}"}]""");

        var created = await emulator.CreateAsync(("StatusCallback", application.StatusUrl));
        await emulator.IdleAsync();

        Assert.Equal(statuses, string.Join(',', application.Statuses));
        Assert.Equal("delivered", (await emulator.FetchAsync(created.Sid)).GetProperty("status").GetString());
        if (kind == "duplicate-callbacks")
        {
            Assert.Equal(2, application.Arrivals.Select(a => a.Headers["I-Twilio-Idempotency-Token"].ToString()).Distinct().Count());
        }
    }

    [Fact]
    public async Task Callbacks_can_be_late_and_the_clock_runs_until_then()
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync("""[{"kind":"callback-delay","delaySeconds":90}]""");
        await emulator.CreateAsync(("StatusCallback", application.StatusUrl));

        await emulator.IdleAsync();
        emulator.Clock.Advance(TimeSpan.FromSeconds(89));
        await emulator.IdleAsync();
        var early = application.Arrivals.Count;
        emulator.Clock.Advance(TimeSpan.FromSeconds(1));
        await emulator.IdleAsync();

        Assert.Equal(0, early);
        Assert.Equal(["sent", "delivered"], application.Statuses);
    }

    [Fact]
    public async Task A_put_replaces_the_faults_and_a_delete_removes_them()
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync("""[{"kind":"too-many-requests"}]""");

        var replaced = await emulator.SetFaultsAsync("""[{"kind":"undelivered","code":30003,"count":2}]""");
        await emulator.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/twilio/emulator/faults"));

        Assert.Equal("""[{"kind":"undelivered","count":2,"code":30003}]""", replaced.Text);
        Assert.Equal("[]", (await emulator.GetAsync("/twilio/emulator/faults")).Text);
    }

    [Theory]
    [InlineData("""[{"kind":"gremlins"}]""", "see $[0].kind")]
    [InlineData("""[{"kind":"undelivered","retries":1}]""", "see $[0].retries")]
    [InlineData("""[{"kind":"undelivered","count":0}]""", "undelivered: 'count' has to be at least 1.")]
    [InlineData("""[{"kind":"undelivered","to":"Ada"}]""", "undelivered: 'to' has to be a number")]
    [InlineData("""[{"kind":"callback-delay"}]""", "callback-delay, which needs it")]
    [InlineData("""[{"kind":"too-many-requests","code":30003}]""", "'code' is for undelivered, failed and refused")]
    public async Task A_fault_that_makes_no_sense_is_refused_and_changes_nothing(string json, string reason)
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.SetFaultsAsync("""[{"kind":"failed"}]""");

        var refused = await emulator.SetFaultsAsync(json);

        Assert.Equal(400, (int)refused.Status);
        Assert.Contains(reason, refused["detail"]);
        Assert.Equal("""[{"kind":"failed"}]""", (await emulator.GetAsync("/twilio/emulator/faults")).Text);
    }
}
