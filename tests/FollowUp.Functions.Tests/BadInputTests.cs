using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>Every mistake in a session PUT is named by its field, and nothing of the booking is stored.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("patient.phone", "\"415-555-0123\"")]
    [InlineData("patient.phone", "\"+0123456789\"")]
    [InlineData("patient.phone", "4155550123")]
    [InlineData("patient.phone", "null")]
    [InlineData("patient.timeZone", "\"Mars/Olympus\"")]
    [InlineData("patient.timeZone", "\"UTC+2\"")]
    [InlineData("patient.language", "\"english!\"")]
    [InlineData("patient.firstName", "\"\"")]
    [InlineData("patient.firstName", "\"A\\nB\"")]
    [InlineData("patient.id", "\"p 1\"")]
    [InlineData("patient.id", "\"-p\"")]
    [InlineData("patient.consents", "[\"care\", \"everything\"]")]
    [InlineData("patient.consents", "\"care\"")]
    [InlineData("patient.essentialsOnly", "\"no\"")]
    [InlineData("patient.nickname", "\"Addie\"")]
    [InlineData("patient", "null")]
    [InlineData("patient", "\"Ada\"")]
    [InlineData("plan", "\"no-such-plan\"")]
    [InlineData("startsAt", "\"2026-12-01T10:00:00\"")]
    [InlineData("startsAt", "\"2026-12-01\"")]
    [InlineData("startsAt", "\"2029-12-01T10:00:00Z\"")]
    [InlineData("startsAt", "\"2023-12-01T10:00:00Z\"")]
    [InlineData("startsAt", "\"2026-02-30T10:00:00Z\"")]
    [InlineData("sessionNumber", "0")]
    [InlineData("sessionNumber", "5")]
    [InlineData("sessionNumber", "1.5")]
    [InlineData("sessionNumber", "\"1\"")]
    [InlineData("plannedSessions", "0")]
    [InlineData("plannedSessions", "7")]
    [InlineData("sesionNumber", "1")]
    public async Task A_wrong_field_is_named_and_nothing_is_stored(string field, string json)
    {
        var body = AppUnderTest.SessionBody();
        var path = field.Split('.');
        var parent = path.Length == 1 ? body : body[path[0]]!.AsObject();
        parent[path[^1]] = JsonNode.Parse(json);

        var answer = await _app.PutAsync(AppUnderTest.SessionPath, body);

        Assert.Equal([field], await ErrorsAsync(answer));
        await AssertNothingStoredAsync();
    }

    [Fact]
    public async Task A_first_name_has_100_characters_at_most()
    {
        var body = AppUnderTest.SessionBody();
        body["patient"]!["firstName"] = new string('a', 101);
        Assert.Equal(["patient.firstName"], await ErrorsAsync(await _app.PutAsync(AppUnderTest.SessionPath, body)));

        body["patient"]!["firstName"] = new string('a', 100);
        Assert.Equal(HttpStatusCode.Accepted, (await _app.PutAsync(AppUnderTest.SessionPath, body)).StatusCode);
    }

    [Fact]
    public async Task All_mistakes_are_named_at_once()
    {
        var answer = await _app.PutTextAsync(AppUnderTest.SessionPath, """{ "patient": { "phone": "1", "x": 1 }, "plan": "p", "sessionNumber": 0, "y": 2 }""");

        Assert.Equal(
            ["patient.firstName", "patient.id", "patient.phone", "patient.x", "plan", "plannedSessions", "sessionNumber", "startsAt", "y"],
            await ErrorsAsync(answer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"patient\": ")]
    [InlineData("{ \"plan\": \"a\", \"plan\": \"b\" }")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task Broken_JSON_is_refused(string body)
    {
        Assert.Equal(["$"], await ErrorsAsync(await _app.PutTextAsync(AppUnderTest.SessionPath, body)));
        await AssertNothingStoredAsync();
    }

    [Theory]
    [InlineData("""{ "patient": { "firstName": "\ud800" } }""", "patient.firstName")]
    [InlineData("""{ "patient": { "consents": [ "care", "\udc00x" ] } }""", "patient.consents[1]")]
    [InlineData("""{ "patient": { "\ud83d": 1 } }""", "$")]
    [InlineData("""{ "\ud800": 1, "plan": "x" }""", "$")]
    public async Task Half_a_surrogate_pair_is_no_text(string body, string field) =>
        Assert.Equal([field], await ErrorsAsync(await _app.PutTextAsync(AppUnderTest.SessionPath, body)));

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_no_text()
    {
        using var content = new ByteArrayContent([.. "{ \"plan\": \""u8, 0xff, 0xc0, .. "\" }"u8]);
        Assert.Equal(["plan"], await ErrorsAsync(await _app.Client.PutAsync(AppUnderTest.SessionPath, content)));
    }

    [Fact]
    public async Task Broken_JSON_is_refused_with_its_line()
    {
        var answer = await _app.PutTextAsync(AppUnderTest.SessionPath, "{\n  \"plan\": oops\n}");
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

        Assert.Contains("line 2", (string)problem["errors"]!["$"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_64_KB_is_refused_with_413_whether_or_not_it_tells_its_length(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, AppUnderTest.SessionPath)
        {
            Content = new StringContent($$"""{ "plan": "{{new string('x', 70_000)}}" }"""),
        };
        request.Headers.TransferEncodingChunked = chunked;
        var answer = await _app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        await AssertNothingStoredAsync();
    }

    [Theory]
    [InlineData("/api/clinics/glow/sessions/-b", "session")]
    [InlineData("/api/clinics/gl%20ow/sessions/b-77", "clinic")]
    [InlineData("/api/clinics/glow/sessions/a%3Ab", "session")]
    public async Task A_wrong_id_in_the_address_is_named(string path, string field) =>
        Assert.Equal([field], await ErrorsAsync(await _app.PutAsync(path, AppUnderTest.SessionBody())));

    [Theory]
    [InlineData("name", "\"\"")]
    [InlineData("timeZone", "\"Nowhere\"")]
    [InlineData("phone", "null")]
    [InlineData("bookingUrl", "\"javascript:alert(1)\"")]
    [InlineData("languages", "[]")]
    [InlineData("languages", "[\"en\", \"!\"]")]
    [InlineData("completion", "\"maybe\"")]
    [InlineData("sendingHours.from", "{ \"from\": \"8\", \"to\": \"21:00\" }")]
    [InlineData("sendingHours.to", "{ \"from\": \"21:00\", \"to\": \"08:00\" }")]
    [InlineData("staffAlerts", "[\"somebody\"]")]
    [InlineData("sender", "\"me\"")]
    [InlineData("surprise", "1")]
    public async Task A_wrong_field_of_a_clinic_is_named(string field, string json)
    {
        var body = AppUnderTest.ClinicBody();
        body[field.Split('.')[0]] = JsonNode.Parse(json);

        Assert.Equal([field], await ErrorsAsync(await _app.PutAsync("/api/clinics/other", body)));
    }

    [Theory]
    [InlineData("""{ "type": "booked" }""", "type")]
    [InlineData("""{ }""", "type")]
    [InlineData("""{ "type": "completed", "at": "yesterday" }""", "at")]
    [InlineData("""{ "type": "completed", "reason": "rain" }""", "reason")]
    public async Task A_wrong_field_of_an_event_is_named(string body, string field)
    {
        using var content = new StringContent(body);
        Assert.Equal([field], await ErrorsAsync(await _app.Client.PostAsync(AppUnderTest.SessionPath + "/events", content)));
    }

    private static async Task<IEnumerable<string>> ErrorsAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        return problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal);
    }

    private async Task AssertNothingStoredAsync() =>
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync(AppUnderTest.SessionPath)).StatusCode);
}
