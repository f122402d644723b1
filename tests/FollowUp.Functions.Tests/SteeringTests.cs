using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>Commands on one session and on many, over HTTP, with the real engine and the emulator behind them.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_paused_course_sends_nothing_while_its_texts_are_due_and_goes_on_when_it_is_resumed()
    {
        await BookAsync();
        await _app.UntilAsync(session => (string)session["state"]! == "waiting");
        Assert.Equal(("Accepted", "paused"), await CommandAsync("""{ "command": "pause" }"""));
        Assert.Equal(("OK", "paused"), await CommandAsync("""{ "command": "pause" }"""));

        // Another session's texts carry the clock over the time of the paused one's first three.
        await BookAsync("b-78", "p-2", "+14155550124", "2026-12-01T10:00:00-08:00");
        _app.LetTheClockRun();
        await _app.UntilAsync(session => Step(session, "care-4h").State == "delivered", "/api/clinics/glow/sessions/b-78");
        Assert.DoesNotContain(await _app.TextsAsync(), text => (string)text["to"]! == "+14155550123");
        var health = await _app.Client.GetFromJsonAsync<JsonObject>("/api/health");
        Assert.DoesNotContain("due", health!["problems"]!.ToJsonString(), StringComparison.Ordinal);

        await CommandAsync("""{ "command": "resume" }""");
        var session = await _app.UntilAsync(session => (string)session["state"]! == "completed" && session["timeline"]!.AsArray().All(step =>
            (string)step!["state"]! == "delivered" || (string?)step["reason"] == "its time passed while the session was paused"));
        Assert.Equal(("skipped", "its time passed while the session was paused"), Step(session, "prep-7d"));
        Assert.Equal("delivered", Step(session, "rebook-opens").State);
        var alerts = await _app.Client.GetFromJsonAsync<JsonObject>("/api/clinics/glow/alerts");
        Assert.Contains(alerts!["items"]!.AsArray(), alert => (string?)alert!["step"] == "prep-7d");
    }

    [Fact]
    public async Task A_skipped_step_is_not_sent_whatever_changes_and_the_others_are()
    {
        await BookAsync();
        await CommandAsync("""{ "command": "skip", "step": "remind-3d" }""");
        await BookAsync(startsAt: "2026-12-08T10:00:00-08:00");
        _app.LetTheClockRun();
        var session = await _app.UntilAsync(session => (string)session["state"]! == "completed");
        Assert.Equal(("skipped", "skipped by staff"), Step(session, "remind-3d"));
        Assert.Equal(9, (await _app.TextsAsync()).Count);
    }

    [Fact]
    public async Task A_step_that_is_ordered_now_leaves_now_once()
    {
        await BookAsync();
        Assert.Equal("Accepted", (await CommandAsync("""{ "command": "send-now", "step": "prep-7d" }""")).Status);
        var session = await _app.UntilAsync(session => Step(session, "prep-7d").State is "sent" or "delivered");
        Assert.Equal("2026-11-22T18:00:00Z", (string)session["timeline"]![0]!["sentAt"]!);
        Assert.Equal("OK", (await CommandAsync("""{ "command": "send-now", "step": "prep-7d" }""")).Status);
        Assert.Single(await _app.TextsAsync());
    }

    [Fact]
    public async Task Sending_now_out_of_hours_answers_409_with_the_next_moment_and_changes_nothing()
    {
        await _app.PutAsync(AppUnderTest.ClinicPath, Clinic(body => body["sendingHours"] = new JsonObject { ["from"] = "11:00", ["to"] = "20:00" }));
        await BookAsync();
        var before = await TagAsync();
        var answer = await PostAsync("""{ "command": "send-now", "step": "prep-7d" }""");
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((HttpStatusCode.Conflict, "The command send-now cannot be done now."), (answer.StatusCode, (string)problem["title"]!));
        Assert.Equal(
            "It is outside of the sending hours for such texts; the next moment is 2026-11-22 11:00 (America/Los_Angeles). Nothing was changed.",
            (string)problem["detail"]!);
        Assert.Equal(before, await TagAsync());
        Assert.Empty(await _app.TextsAsync());
    }

    [Fact]
    public async Task A_cancelled_session_takes_no_more_commands()
    {
        await BookAsync();
        Assert.Equal(("Accepted", "cancelled"), await CommandAsync("""{ "command": "cancel" }"""));
        Assert.Equal(("OK", "cancelled"), await CommandAsync("""{ "command": "cancel" }"""));
        var answer = await PostAsync("""{ "command": "pause" }""");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("The session has ended: it is cancelled.", (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!);
    }

    [Theory]
    [InlineData("""{ "command": "dance" }""", "command")]
    [InlineData("""{ }""", "command")]
    [InlineData("""{ "command": "skip" }""", "step")]
    [InlineData("""{ "command": "skip", "step": "none" }""", "step")]
    [InlineData("""{ "command": "skip", "step": "../x" }""", "step")]
    [InlineData("""{ "command": "send-now" }""", "step")]
    [InlineData("""{ "command": "pause", "step": "prep-7d" }""", "step")]
    [InlineData("""{ "command": "pause", "planVersion": 1 }""", "planVersion")]
    [InlineData("""{ "command": "move-to-plan" }""", "planVersion")]
    [InlineData("""{ "command": "retry", "evenIfItMayHaveArrived": true }""", "evenIfItMayHaveArrived")]
    public async Task A_command_that_is_not_one_names_its_field(string body, string field)
    {
        await BookAsync();
        var answer = await PostAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_dry_run_says_what_the_command_then_does_to_every_session_of_the_filter()
    {
        for (var number = 0; number < 40; number++)
        {
            await BookAsync($"b-{number}", $"p-{number}", $"+1415555{1000 + number}", "2026-12-01T10:00:00-08:00");
        }

        await CommandAsync("""{ "command": "cancel" }""", "b-7");
        await CommandAsync("""{ "command": "skip", "step": "remind-3d" }""", "b-8");
        const string skip = """{ "command": "skip", "step": "remind-3d", "filter": { "plan": "microneedling-acne-scars", "step": "prep-7d", "dueBefore": "2027-01-01T00:00:00Z" }, "dryRun": DRY }""";
        var dry = (await (await PostClinicAsync(skip.Replace("DRY", "true", StringComparison.Ordinal))).Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((39, 39, 38, 1, 0), (Number(dry, "total"), Number(dry, "checked"), Number(dry, "wouldChange"), Number(dry, "unchanged"), Number(dry, "refused")));
        Assert.Equal("""{"session":"b-0","patient":{"id":"p-0","firstName":"Ada"}}""", dry["sessions"]![0]!.ToJsonString());

        var started = await PostClinicAsync(skip.Replace("DRY", "false", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var bulk = await UntilOverAsync(started.Headers.Location!.ToString());
        Assert.Equal(("completed", 39, 38, 1, 0), ((string)bulk["state"]!, Number(bulk, "total"), Number(bulk, "done"), Number(bulk, "unchanged"), Number(bulk, "refused")));
        Assert.Equal("skipped", Step(await _app.GetSessionAsync("/api/clinics/glow/sessions/b-39"), "remind-3d").State);

        var audit = (await _app.Client.GetFromJsonAsync<JsonObject>($"/api/clinics/glow/audit?subject={(string)bulk["bulk"]!}"))!["items"]!.AsArray();
        Assert.Equal("bulk-started skip remind-3d, 39 sessions", $"{audit.Single()!["action"]} {audit.Single()!["detail"]}");
    }

    [Fact]
    public async Task Refusals_of_a_command_on_many_are_shown_by_reason_and_by_session()
    {
        await BookAsync();
        await BookAsync("b-78", "p-2", "+14155550124", "2026-12-01T10:00:00-08:00");
        await CommandAsync("""{ "command": "pause" }""");
        var bulk = await UntilOverAsync((await PostClinicAsync("""{ "command": "send-now", "step": "prep-7d", "filter": { "state": ["paused", "scheduled", "waiting"] } }""")).Headers.Location!.ToString());
        Assert.Equal((2, 1, 1), (Number(bulk, "total"), Number(bulk, "done"), Number(bulk, "refused")));
        Assert.Equal("""[{"reason":"The session is paused: resume it first.","count":1}]""", bulk["reasons"]!.ToJsonString());
        Assert.Equal("""[{"session":"b-77","reason":"The session is paused: resume it first."}]""", bulk["refusals"]!.ToJsonString());
        await _app.UntilAsync(session => Step(session, "prep-7d").State is "sent" or "delivered", "/api/clinics/glow/sessions/b-78");
    }

    [Fact]
    public async Task A_command_on_many_can_be_stopped_and_one_that_is_over_stays_so()
    {
        await BookAsync();
        var location = (await PostClinicAsync("""{ "command": "pause", "filter": {} }""")).Headers.Location!.ToString();
        await UntilOverAsync(location);
        var stopped = await _app.Client.DeleteAsync(location);
        Assert.Equal((HttpStatusCode.OK, "completed"), (stopped.StatusCode, (string)(await stopped.Content.ReadFromJsonAsync<JsonObject>())!["state"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync("/api/clinics/glow/commands/none")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.DeleteAsync("/api/clinics/glow/commands/none")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(location.Replace("glow", "other", StringComparison.Ordinal))).StatusCode);
    }

    [Theory]
    [InlineData("""{ "command": "pause" }""", "filter")]
    [InlineData("""{ "command": "pause", "filter": { "state": "asleep" } }""", "filter.state")]
    [InlineData("""{ "command": "pause", "filter": { "state": ["waiting", 3] } }""", "filter.state")]
    [InlineData("""{ "command": "pause", "filter": { "stat": "waiting" } }""", "filter.stat")]
    [InlineData("""{ "command": "pause", "filter": { "dueBefore": "tomorrow" } }""", "filter.dueBefore")]
    [InlineData("""{ "command": "pause", "filter": {}, "dryRun": "yes" }""", "dryRun")]
    [InlineData("""{ "command": "skip", "filter": {} }""", "step")]
    [InlineData("""{ "command": "resume-sending", "filter": {} }""", "filter")]
    public async Task A_command_on_many_that_is_not_one_names_its_field(string body, string field)
    {
        var answer = await PostClinicAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_command_for_a_clinic_that_is_not_there_answers_404()
    {
        foreach (var dry in new[] { "true", "false" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await PostClinicAsync($$"""{ "command": "pause", "filter": {}, "dryRun": {{dry}} }""", "none")).StatusCode);
        }
    }

    private static JsonObject Clinic(Action<JsonObject> change)
    {
        var body = AppUnderTest.ClinicBody();
        change(body);
        return body;
    }

    private Task<HttpResponseMessage> BookAsync(
        string session = "b-77", string patient = "p-1001", string phone = "+14155550123", string startsAt = "2026-12-01T10:00:00-08:00")
    {
        var body = AppUnderTest.SessionBody();
        body["patient"]!["id"] = patient;
        body["patient"]!["phone"] = phone;
        body["startsAt"] = startsAt;
        return _app.PutAsync($"/api/clinics/glow/sessions/{session}", body);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string session = "b-77") =>
        _app.Client.PostAsync($"/api/clinics/glow/sessions/{session}/commands", new StringContent(body, Encoding.UTF8, "application/json"));

    private Task<HttpResponseMessage> PostClinicAsync(string body, string clinic = "glow") =>
        _app.Client.PostAsync($"/api/clinics/{clinic}/commands", new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<(string Status, string State)> CommandAsync(string body, string session = "b-77")
    {
        var answer = await PostAsync(body, session);
        return (answer.StatusCode.ToString(), (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["state"]!);
    }

    private async Task<string> TagAsync() => (await _app.Client.GetAsync(AppUnderTest.SessionPath)).Headers.ETag!.Tag;

    private async Task<JsonObject> UntilOverAsync(string location) => await _app.UntilAsync(bulk => (string)bulk["state"]! != "running", location);

    private static int Number(JsonObject json, string name) => (int)json[name]!;

    private static (string State, string? Reason) Step(JsonObject session, string step)
    {
        var row = session["timeline"]!.AsArray().Single(row => (string)row!["step"]! == step)!;
        return ((string)row["state"]!, (string?)row["reason"]);
    }
}
