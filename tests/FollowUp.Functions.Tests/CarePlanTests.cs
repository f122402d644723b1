using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FollowUp.Core.CarePlans;

namespace FollowUp.Functions.Tests;

/// <summary>Care plans over HTTP: the catalogue, what a clinic makes of it, approvals, moves and previews.</summary>
public sealed class CarePlanTests : IAsyncLifetime
{
    private const string Plan = "microneedling-acne-scars";
    private const string Approval = AppUnderTest.ClinicPath + "/care-plans/" + Plan + "/approval";
    private const string Preview = "/api/care-plans/" + Plan + "/preview";

    private static readonly int Newest = CarePlanCatalogue.BuiltIn.Find(Plan)!.Version;

    /// <summary>The first version that a clinic makes of the newest one.</summary>
    private static readonly int Own = (Newest * 1000) + 1;

    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_catalogue_shows_each_plan_with_its_versions_and_what_the_clinic_has_made_of_it()
    {
        var plain = InList(await GetAsync("/api/care-plans"));
        Assert.Equal((Newest, Newest), ((int)plain["version"]!, (int)plain["versions"]!.AsArray()[^1]!));
        Assert.Equal(("P4W", "P6W"), ((string)plain["series"]!["spacingMin"]!, (string)plain["series"]!["spacingMax"]!));
        Assert.Null(plain["clinic"]);

        await PutClinicAsync(OwnWording());
        await _app.PutAsync(Approval, Body($$"""{ "version": {{Own}}, "approvedBy": "Dr. Grey" }"""));
        var own = InList(await GetAsync("/api/care-plans?clinic=glow"))["clinic"]!;
        Assert.Equal(
            $$"""{"current":{{Own}},"own":[{{Own}}],"approvals":[{"version":{{Own}},"approvedBy":"Dr. Grey","approvedAt":"2026-11-22T18:00:00Z"}]}""", own.ToJsonString());
    }

    [Fact]
    public async Task A_plan_shows_where_each_timing_comes_from_and_in_which_words_the_clinic_says_it()
    {
        var plan = await GetAsync($"/api/care-plans/{Plan}");
        Assert.Equal(["sunscreen", "makeUp", "exercise", "retinoids", "sun"], plan["fields"]!.AsArray().Select(field => (string)field!["name"]!));
        Assert.All(plan["steps"]!.AsArray(), step =>
        {
            Assert.NotEmpty((string)step!["source"]!);
            Assert.Contains((string)step["grade"]!, new[] { "A", "C", "J" });
            Assert.NotEmpty((string)step["texts"]!["en"]!);
        });
        var reminder = plan["steps"]!.AsArray().Single(step => (string)step!["step"]! == "remind-1d")!;
        Assert.Equal(("reminder", "session-start"), ((string)reminder["kind"]!, (string)reminder["anchor"]!));
        Assert.Contains("30130032", (string)reminder["source"]!, StringComparison.Ordinal);

        await PutClinicAsync(OwnWording());
        Assert.Contains("tomorrow at", ReminderText(await GetAsync($"/api/care-plans/{Plan}?clinic=glow")), StringComparison.Ordinal);
        Assert.DoesNotContain("tomorrow at", ReminderText(await GetAsync($"/api/care-plans/{Plan}?clinic=glow&version=1")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/care-plans/none", HttpStatusCode.NotFound, "There is no such care plan.")]
    [InlineData("/api/care-plans/" + Plan + "?version=999", HttpStatusCode.NotFound, "There is no such version.")]
    [InlineData("/api/care-plans/" + Plan + "?version=new", HttpStatusCode.BadRequest, "The request is not valid.")]
    [InlineData("/api/care-plans?clinic=none", HttpStatusCode.NotFound, "There is no such clinic.")]
    public async Task What_the_catalogue_does_not_have_it_says(string path, HttpStatusCode status, string title)
    {
        var answer = await _app.Client.GetAsync(path);
        Assert.Equal((status, title), (answer.StatusCode, (string)(await ReadAsync(answer))["title"]!));
    }

    [Fact]
    public async Task A_clinician_approves_a_version_and_approving_it_again_changes_nothing()
    {
        var first = await _app.PutAsync(Approval, Body("""{ "version": 1, "approvedBy": "Dr. Grey" }"""));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(
            """{"clinic":"glow","plan":"microneedling-acne-scars","version":1,"approvedBy":"Dr. Grey","approvedAt":"2026-11-22T18:00:00Z"}""",
            await first.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await _app.PutAsync(Approval, Body("""{ "version": 1, "approvedBy": "Dr. Grey" }"""))).StatusCode);
    }

    [Theory]
    [InlineData("""{ "version": 999, "approvedBy": "Dr. Grey" }""", "version", "The plan has no such version at this clinic.")]
    [InlineData("""{ "version": 1 }""", "approvedBy", "This field is required.")]
    [InlineData("""{ "version": 1, "approvedBy": " " }""", "approvedBy", "Must not be empty.")]
    [InlineData("""{ "approvedBy": "Dr. Grey" }""", "version", "This field is required.")]
    [InlineData("""{ "version": 1, "approvedBy": "Dr. Grey", "by": "me" }""", "by", "This field is not known.")]
    public async Task An_approval_that_is_not_clear_is_refused_by_field(string body, string field, string message)
    {
        var answer = await _app.PutAsync(Approval, Body(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(message, (string)Single((await ReadAsync(answer))["errors"]![field]!)!);
    }

    [Fact]
    public async Task A_clinics_wording_is_a_new_version_for_new_sessions_and_for_running_ones_that_are_moved()
    {
        await BookAsync();
        var put = await PutClinicAsync(OwnWording());
        Assert.Equal($$"""{"microneedling-acne-scars":{{Own}}}""", put["planVersions"]!.ToJsonString());
        Assert.Equal("remind-1d", (string)Single(put["textEdits"]!)["step"]!);
        Assert.Equal(Newest, (int)(await _app.GetSessionAsync())["planVersion"]!);

        var moved = await CommandAsync($$"""{ "command": "move-to-plan", "planVersion": {{Own}} }""");
        Assert.Equal((HttpStatusCode.Accepted, Own), (moved.StatusCode, (int)(await ReadAsync(moved))["planVersion"]!));
        Assert.Equal(HttpStatusCode.OK, (await CommandAsync($$"""{ "command": "move-to-plan", "planVersion": {{Own}} }""")).StatusCode);

        _app.LetTheClockRun();
        await _app.UntilAsync(session => (string)session["state"]! == "completed");
        Assert.Contains(await _app.TextsAsync(), text => ((string)text["body"]!).StartsWith("Hi Ada, tomorrow at 10:00 AM!", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_move_that_would_change_the_past_answers_409_and_names_the_step()
    {
        await BookAsync(body => body["startsAt"] = "2026-11-24T10:00:00-08:00"); // the reminder of the third day before is past
        await PutClinicAsync(body => body["planOverrides"] = Body("""{ "microneedling-acne-scars": { "stepsOff": ["remind-3d"] } }"""));
        var refused = await CommandAsync($$"""{ "command": "move-to-plan", "planVersion": {{Own}} }""");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            $"The step 'remind-3d' is past and is not there in version {Own}. The session stays on its version.", (string)(await ReadAsync(refused))["detail"]!);
        Assert.Equal(Newest, (int)(await _app.GetSessionAsync())["planVersion"]!);
    }

    [Theory]
    [InlineData("""{ "command": "dance", "planVersion": 1 }""", "command", "Must be one of: pause, resume, cancel, send-now, skip, retry, move-to-plan.")]
    [InlineData("""{ "command": "move-to-plan" }""", "planVersion", "This field is required.")]
    [InlineData("""{ "command": "move-to-plan", "planVersion": 9 }""", "planVersion", "The session's plan has no such version at this clinic.")]
    public async Task A_command_that_cannot_be_carried_out_is_refused_by_field(string body, string field, string message)
    {
        await BookAsync();
        var answer = await CommandAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(message, (string)Single((await ReadAsync(answer))["errors"]![field]!)!);
    }

    [Theory]
    [InlineData("""{ "planOverrides": { "none": {} } }""", "planOverrides.none", "There is no such care plan.")]
    [InlineData("""{ "planOverrides": { "microneedling-acne-scars": { "sunscren": "P1D" } } }""", "planOverrides.microneedling-acne-scars.sunscren", "not known")]
    [InlineData("""{ "planOverrides": { "microneedling-acne-scars": { "exercise": "soon" } } }""", "planOverrides.microneedling-acne-scars.exercise", "ISO 8601")]
    [InlineData("""{ "planOverrides": { "microneedling-acne-scars": { "offsets": { "remind-1d": "P1D" } } } }""", "planOverrides.microneedling-acne-scars.offsets.remind-1d", "negative")]
    [InlineData("""{ "planOverrides": { "microneedling-acne-scars": { "stepsOff": ["remind-9d"] } } }""", "planOverrides.microneedling-acne-scars.stepsOff", "no step 'remind-9d'")]
    [InlineData("""{ "textEdits": [ { "plan": "microneedling-acne-scars", "step": "remind-1d", "language": "en", "text": "Hi {name}" } ] }""", "textEdits[0].text", "{name}")]
    [InlineData("""{ "textEdits": [ { "plan": "microneedling-acne-scars", "step": "remind-1d", "language": "fr", "text": "Salut" } ] }""", "textEdits[0].text", "no texts in 'fr'")]
    [InlineData("""{ "textEdits": [ { "plan": "none", "step": "remind-1d", "language": "en", "text": "Hi" } ] }""", "textEdits[0].plan", "There is no such care plan.")]
    [InlineData("""{ "textEdits": [ { "step": "remind-1d", "language": "en", "text": "Hi" } ] }""", "textEdits[0].plan", "required")]
    [InlineData("""{ "textEdits": ["Hi"] }""", "textEdits", "list of objects")]
    public async Task What_a_clinic_sets_for_plans_is_checked_and_the_field_named(string settings, string field, string message)
    {
        var body = AppUnderTest.ClinicBody();
        foreach (var (name, value) in Body(settings))
        {
            body[name] = value!.DeepClone();
        }

        var answer = await _app.PutAsync(AppUnderTest.ClinicPath, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await ReadAsync(answer))["errors"]!;
        Assert.True(errors[field] is JsonArray, errors.ToJsonString());
        Assert.Contains(message, (string)errors[field]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinics_own_numbers_stand_in_its_texts()
    {
        var put = await PutClinicAsync(body => body["planOverrides"] = Body("""{ "microneedling-acne-scars": { "exercise": "PT48H" } }"""));
        Assert.Equal("PT48H", (string)put["planOverrides"]![Plan]!["exercise"]!);
        Assert.Contains("no exercise for 48 hours", await AftercareAsync("?clinic=glow"), StringComparison.Ordinal);
        Assert.DoesNotContain("exercise", await AftercareAsync(""), StringComparison.Ordinal);

        async Task<string> AftercareAsync(string query) =>
            (string)(await ReadAsync(await PreviewAsync(query)))["timeline"]!.AsArray().Single(step => (string)step!["step"]! == "care-4h")!["text"]!;
    }

    [Fact]
    public async Task A_preview_is_the_sessions_own_timeline_with_its_texts_and_stores_nothing()
    {
        var answer = await PreviewAsync("?clinic=glow");
        var preview = await ReadAsync(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(AppUnderTest.SessionPath)).StatusCode);

        await BookAsync();
        _app.LetTheClockRun();
        var session = await _app.UntilAsync(session => (string)session["state"]! == "completed");
        Assert.Equal(
            session["timeline"]!.AsArray().Select(step => ((string)step!["step"]!, (string)step["dueAt"]!, (string)step["text"]!)),
            preview["timeline"]!.AsArray().Select(step => ((string)step!["step"]!, (string)step["dueAt"]!, (string)step["text"]!)));

        var first = preview["timeline"]![0]!;
        Assert.Equal(("2026-11-24T10:00:00-08:00", "gsm7", 2), ((string)first["localTime"]!, (string)first["encoding"]!, (int)first["segments"]!));
        Assert.True((decimal)first["costUsd"]! > 0);
        Assert.Equal(preview["timeline"]!.AsArray().Sum(step => (int)step!["segments"]!), (int)preview["totals"]!["segments"]!);
    }

    [Fact]
    public async Task A_preview_needs_no_clinic_and_can_go_on_to_the_last_session()
    {
        var course = await ReadAsync(await PreviewAsync("?course=true"));
        Assert.Equal([1, 2, 3, 4], course["sessions"]!.AsArray().Select(session => (int)session!["sessionNumber"]!));
        Assert.Equal("maintenance-6mo", (string)course["timeline"]!.AsArray()[^1]!["step"]!);
        Assert.Contains("Your Clinic", (string)course["timeline"]![0]!["text"]!, StringComparison.Ordinal);

        var spanish = await ReadAsync(await PreviewAsync("", body => body["patient"]!["language"] = "es-MX"));
        Assert.Equal("es", (string)spanish["language"]!);
    }

    [Fact]
    public async Task A_preview_without_consents_says_that_nothing_would_be_sent()
    {
        var preview = await ReadAsync(await PreviewAsync("", body => body["patient"]!.AsObject().Remove("consents")));
        Assert.All(preview["timeline"]!.AsArray(), step => Assert.Equal("skipped", (string)step!["state"]!));
        Assert.Equal("no consent to care texts", (string)preview["timeline"]![0]!["reason"]!);
        Assert.Equal(0, (int)preview["totals"]!["texts"]!);
    }

    [Fact]
    public async Task A_preview_is_checked_like_a_booking()
    {
        var answer = await PreviewAsync("?course=maybe", body =>
        {
            body["plan"] = "other";
            body["patient"]!["phone"] = "0123";
        });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["patient.phone", "plan"], (await ReadAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(HttpStatusCode.NotFound, (await PreviewAsync("?clinic=none")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PreviewAsync("", body => body["patient"]!.AsObject().Remove("timeZone"))).StatusCode);
    }

    private static Action<JsonObject> OwnWording() => body => body["textEdits"] = new JsonArray(Body("""
        { "plan": "microneedling-acne-scars", "step": "remind-1d", "language": "en", "text": "Hi {firstName}, tomorrow at {time}! {clinic}, {phone}" }
        """));

    private async Task<JsonObject> PutClinicAsync(Action<JsonObject> change)
    {
        var body = AppUnderTest.ClinicBody();
        change(body);
        var answer = await _app.PutAsync(AppUnderTest.ClinicPath, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await ReadAsync(answer);
    }

    private async Task BookAsync(Action<JsonObject>? change = null)
    {
        var body = AppUnderTest.SessionBody();
        change?.Invoke(body);
        (await _app.PutAsync(AppUnderTest.SessionPath, body)).EnsureSuccessStatusCode();
    }

    private Task<HttpResponseMessage> PreviewAsync(string query, Action<JsonObject>? change = null)
    {
        var body = AppUnderTest.SessionBody();
        change?.Invoke(body);
        return _app.Client.PostAsJsonAsync(Preview + query, body);
    }

    private Task<HttpResponseMessage> CommandAsync(string body) => _app.Client.PostAsJsonAsync($"{AppUnderTest.SessionPath}/commands", Body(body));

    private async Task<JsonObject> GetAsync(string path) => (await _app.Client.GetFromJsonAsync<JsonObject>(path))!;

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

    private static JsonObject Body(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static JsonNode Single(JsonNode list) => Assert.Single(list.AsArray())!;

    private static JsonObject InList(JsonObject list) => list["plans"]!.AsArray().Single(plan => (string)plan!["plan"]! == Plan)!.AsObject();

    private static string ReminderText(JsonObject plan) =>
        (string)plan["steps"]!.AsArray().Single(step => (string)step!["step"]! == "remind-1d")!["texts"]!["en"]!;
}
