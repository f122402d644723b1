using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>What a clinic's system sees of its bookings, over HTTP, with the real engine and the emulator behind it.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private static readonly string[] WholeSession =
        ["prep-7d", "remind-3d", "remind-1d", "care-4h", "care-24h", "check-3d", "care-7d", "rebook-opens", "rebook-nudge", "rebook-last-call"];

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_booking_answers_202_with_the_timeline_and_again_200_with_nothing_changed()
    {
        var first = await BookAsync();
        var answer = (await first.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("glow:b-77", (string)answer["instanceId"]!);
        Assert.Equal("2026-12-01T18:00:00Z", (string)answer["startsAt"]!);
        Assert.Equal("""{"step":"prep-7d","dueAt":"2026-11-24T18:00:00Z"}""", answer["next"]!.ToJsonString());
        Assert.Equal(
            """{"step":"prep-7d","kind":"preparation","dueAt":"2026-11-24T18:00:00Z","state":"planned","reason":null,"text":null,"messageSid":null,"sentAt":null,"deliveredAt":null}""",
            answer["timeline"]![0]!.ToJsonString());
        Assert.Equal(WholeSession, Steps(answer));

        var second = await BookAsync();
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(WholeSession, Steps((await second.Content.ReadFromJsonAsync<JsonObject>())!));
        await _app.UntilAsync(session => (string)session["state"]! == "waiting");
    }

    [Fact]
    public async Task Every_step_is_sent_once_at_its_time_and_shows_as_delivered()
    {
        await BookAsync();
        _app.LetTheClockRun();
        var session = await _app.UntilAsync(
            session => (string)session["state"]! == "completed" && States(session).All(state => state.State == "delivered"));

        var texts = await _app.TextsAsync();
        Assert.Equal(WholeSession.Length, texts.Count);
        Assert.Equal(
            session["timeline"]!.AsArray().Select(step => (string)step!["text"]!), texts.Select(text => (string)text["body"]!));
        Assert.All(session["timeline"]!.AsArray(), step => Assert.Equal((string)step!["dueAt"]!, (string)step["sentAt"]!));
    }

    [Fact]
    public async Task A_moved_session_moves_its_texts()
    {
        await BookAsync();
        var moved = await BookAsync(body => body["startsAt"] = "2026-12-08T10:00:00-08:00");
        Assert.Equal(HttpStatusCode.Accepted, moved.StatusCode);

        _app.LetTheClockRun();
        var session = await _app.UntilAsync(session => (string)session["state"]! == "completed");
        Assert.Equal("2026-12-01T18:00:00Z", (string)session["timeline"]![0]!["sentAt"]!);
        Assert.Equal(WholeSession.Length, (await _app.TextsAsync()).Count);
    }

    [Fact]
    public async Task A_cancelled_session_sends_nothing_more_and_takes_no_change()
    {
        await BookAsync();
        var cancelled = await _app.PostEventAsync("cancelled");
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _app.PostEventAsync("cancelled")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _app.PostEventAsync("completed")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await BookAsync(body => body["plannedSessions"] = 5)).StatusCode);

        var session = await _app.GetSessionAsync();
        Assert.Equal("cancelled", (string)session["state"]!);
        Assert.Null(session["next"]);
        Assert.All(States(session), step => Assert.Equal("cancelled", step.State));

        Assert.Equal(HttpStatusCode.Accepted, (await BookAsync(body => body["startsAt"] = "2026-12-08T10:00:00-08:00")).StatusCode);
        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["state"]! == "completed");
    }

    [Fact]
    public async Task The_next_session_ends_the_earlier_ones_rebooking_prompts()
    {
        await BookAsync();
        await BookAsync(body => (body["startsAt"], body["sessionNumber"]) = ("2027-01-05T10:00:00-08:00", 2), "/api/clinics/glow/sessions/b-78");

        var earlier = await _app.GetSessionAsync();
        Assert.All(
            earlier["timeline"]!.AsArray().Where(step => (string)step!["kind"]! == "rebooking"),
            step => Assert.Equal(("skipped", "a later session is booked"), ((string)step!["state"]!, (string)step["reason"]!)));
    }

    [Fact]
    public async Task STOP_from_the_phone_ends_the_session_and_START_brings_it_back()
    {
        await BookAsync();
        await _app.AnswerAsync("Stop");
        var stopped = await _app.UntilAsync(session => (string)session["state"]! == "opted-out");
        Assert.All(States(stopped), step => Assert.Equal("skipped", step.State));

        // A booking that lists consents does not lift it.
        await BookAsync(body => (body["startsAt"], body["sessionNumber"]) = ("2027-01-05T10:00:00-08:00", 2), "/api/clinics/glow/sessions/b-78");
        Assert.Equal("opted-out", (string)(await _app.GetSessionAsync("/api/clinics/glow/sessions/b-78"))["state"]!);

        await _app.AnswerAsync("START");
        await _app.UntilAsync(session => (string)session["state"]! is "scheduled" or "waiting");
    }

    [Fact]
    public async Task What_is_not_there_answers_404_and_says_what()
    {
        var session = await _app.Client.GetAsync("/api/clinics/glow/sessions/none");
        Assert.Equal(HttpStatusCode.NotFound, session.StatusCode);
        Assert.Equal("There is no such session.", (string)(await session.Content.ReadFromJsonAsync<JsonObject>())!["title"]!);

        var clinic = await _app.PutAsync("/api/clinics/none/sessions/b-77", AppUnderTest.SessionBody());
        Assert.Equal(HttpStatusCode.NotFound, clinic.StatusCode);
        Assert.Equal("There is no such clinic.", (string)(await clinic.Content.ReadFromJsonAsync<JsonObject>())!["title"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.PostEventAsync("completed", "/api/clinics/glow/sessions/none")).StatusCode);
    }

    [Fact]
    public async Task A_session_keeps_its_patient()
    {
        await BookAsync();
        var other = await BookAsync(body => body["patient"]!["id"] = "p-2");
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
    }

    [Fact]
    public async Task A_clinic_answers_with_its_settings_defaults_filled_in()
    {
        var changed = await _app.PutAsync(AppUnderTest.ClinicPath, AppUnderTest.ClinicBody());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(
            """{"clinic":"glow","name":"Glow Clinic","timeZone":"America/Los_Angeles","phone":"(415) 555-0199","emergencyNumber":"911","bookingUrl":"https://glow.example/book","languages":["en","es"],"completion":"assumed","sendingHours":{"from":"08:00","to":"21:00"},"staffAlerts":[],"sender":null,"planOverrides":{},"textEdits":[],"planVersions":{},"webhooks":[],"fhir":{"plans":{},"defaultPlan":null,"plannedSessions":null}}""",
            await changed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Health_needs_no_key_and_says_healthy()
    {
        using var client = _app.NewClient();
        var health = await client.GetAsync("/api/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("""{"status":"healthy","problems":[]}""", await health.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> BookAsync(Action<JsonObject>? change = null, string path = AppUnderTest.SessionPath)
    {
        var body = AppUnderTest.SessionBody();
        change?.Invoke(body);
        return _app.PutAsync(path, body);
    }

    private static IEnumerable<string> Steps(JsonObject session) => session["timeline"]!.AsArray().Select(step => (string)step!["step"]!);

    private static IEnumerable<(string Step, string State)> States(JsonObject session) =>
        session["timeline"]!.AsArray().Select(step => ((string)step!["step"]!, (string)step["state"]!));
}
