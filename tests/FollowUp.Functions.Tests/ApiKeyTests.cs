using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>Keys are made, used and ended by whoever has the root key, and the audit says who did what with which.</summary>
public sealed class ApiKeyTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_a_hash()
    {
        var made = await MakeAsync("""{ "name": "Booking system", "clinic": "glow", "endsAt": "2027-06-01T00:00:00+02:00" }""");
        var secret = (string)made["secret"]!;

        Assert.Matches("^fu_[A-Za-z0-9_-]{43}$", secret);
        Assert.Matches("^booking-system-[0-9a-f]{8}$", (string)made["key"]!);
        var listed = Assert.Single((await _app.Client.GetFromJsonAsync<JsonObject>("/api/keys"))!["items"]!.AsArray())!.AsObject();
        made.Remove("secret");
        Assert.True(JsonNode.DeepEquals(made, listed), listed.ToJsonString());
        Assert.Equal(("glow", false, "active", "key:root", "2027-05-31T22:00:00Z"),
            ((string)listed["clinic"]!, (bool)listed["readOnly"]!, (string)listed["state"]!, (string)listed["createdBy"]!, (string)listed["endsAt"]!));
        Assert.Empty(new StoreFile(_app).Traces(secret, secret[3..]));
    }

    [Fact]
    public async Task An_answer_with_a_key_in_it_is_kept_by_no_cache()
    {
        using var content = Json("""{ "name": "Booking system" }""");
        var answer = await _app.Client.PostAsync("/api/keys", content);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_audit_names_the_key_that_was_used()
    {
        var made = await MakeAsync("""{ "name": "Booking system", "clinic": "glow" }""");
        using var client = _app.NewClient((string)made["secret"]!);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PutAsJsonAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await _app.PostEventAsync("cancelled")).StatusCode);

        var store = new StoreFile(_app);
        Assert.Equal($"key:{made["key"]}", store.Run("SELECT actor FROM audit WHERE action = 'session-booked'"));
        Assert.Equal("key:root", store.Run("SELECT actor FROM audit WHERE action = 'session-cancelled'"));
        Assert.Equal(
            $"glow key:root {made["key"]}", store.Run("SELECT clinic_id || ' ' || actor || ' ' || subject FROM audit WHERE action = 'api-key-made'"));
    }

    [Fact]
    public async Task An_ended_key_opens_nothing_at_once_and_stays_in_the_list()
    {
        var made = await MakeAsync("""{ "name": "Booking system" }""");
        using var client = _app.NewClient((string)made["secret"]!);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/care-plans")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await _app.Client.DeleteAsync($"/api/keys/{made["key"]}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _app.Client.DeleteAsync($"/api/keys/{made["key"]}")).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/care-plans")).StatusCode);
        var listed = Assert.Single((await _app.Client.GetFromJsonAsync<JsonObject>("/api/keys"))!["items"]!.AsArray())!;
        Assert.Equal(("ended", "key:root", "2026-11-22T18:00:00Z"), ((string)listed["state"]!, (string)listed["endedBy"]!, (string)listed["lastUsedAt"]!));
        Assert.Equal(1L, new StoreFile(_app).Run("SELECT count(*) FROM audit WHERE action = 'api-key-ended'"));
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.DeleteAsync("/api/keys/nobody-00000000")).StatusCode);
    }

    [Fact]
    public async Task Keys_come_in_pages_newest_first()
    {
        for (var number = 0; number < 5; number++)
        {
            await MakeAsync($$"""{ "name": "Key {{number}}" }""");
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = (await _app.Client.GetFromJsonAsync<JsonObject>("/api/keys?limit=2" + (cursor is null ? "" : $"&cursor={cursor}")))!;
            Assert.InRange(page["items"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["items"]!.AsArray().Select(key => (string)key!["key"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
    }

    [Theory]
    [InlineData("""{ }""", "name")]
    [InlineData("""{ "name": " " }""", "name")]
    [InlineData("""{ "name": "A\nB" }""", "name")]
    [InlineData("""{ "name": "A", "clinic": "nowhere" }""", "clinic")]
    [InlineData("""{ "name": "A", "clinic": "no where" }""", "clinic")]
    [InlineData("""{ "name": "A", "readOnly": "yes" }""", "readOnly")]
    [InlineData("""{ "name": "A", "endsAt": "2026-11-22T18:00:00Z" }""", "endsAt")]
    [InlineData("""{ "name": "A", "endsAt": "2036-11-22T18:00:00Z" }""", "endsAt")]
    [InlineData("""{ "name": "A", "secret": "mine" }""", "secret")]
    public async Task A_wrong_field_of_a_key_is_named_and_no_key_is_made(string body, string field)
    {
        using var content = Json(body);
        var answer = await _app.Client.PostAsync("/api/keys", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(0L, new StoreFile(_app).Run("SELECT count(*) FROM api_keys"));
    }

    private async Task<JsonObject> MakeAsync(string body)
    {
        using var content = Json(body);
        var answer = await _app.Client.PostAsync("/api/keys", content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
