using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace FollowUp.Functions.Tests;

/// <summary>A clinic's inbox, its alerts and the key of its posts, over HTTP: each clinic has its own.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private const string Other = "/api/clinics/other";
    private const string Glow = AppUnderTest.ClinicPath;
    private const string Reader = """{ "by": "Nurse Joy" }""";
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppUnderTest.StartAsync();
        (await _app.PutAsync(Other, AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
        (await _app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_text_is_listed_read_once_and_settles_its_alerts()
    {
        var text = await ReceiveAsync("I have a fever");
        Assert.Equal(
            ("p-1001", "+14155550123", "I have a fever", "other", true, null),
            ((string?)text["patient"], (string?)text["from"], (string?)text["text"], (string?)text["meaning"], (bool)text["redFlag"]!, (string?)text["readAt"]));
        var alert = Assert.Single(await ItemsAsync($"{Glow}/alerts?open=true"))!;
        Assert.Equal(("red-flag", (string?)text["message"], true), ((string?)alert["kind"], (string?)alert["messages"]![0], (bool)alert["urgent"]!));

        var read = await PostAsync($"{Glow}/inbox/{text["message"]}/read", Reader);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal("Nurse Joy", (string?)(await JsonAsync(read))["readBy"]);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"{Glow}/inbox/{text["message"]}/read", """{ "by": "Dr. Grey" }""")).StatusCode);
        Assert.Equal("Nurse Joy", (string?)(await ItemsAsync(Glow + "/inbox"))[0]!["readBy"]);
        Assert.Empty(await ItemsAsync(Glow + "/inbox?unread=true"));
        Assert.Empty(await ItemsAsync(Glow + "/alerts?open=true"));
        Assert.Equal("Nurse Joy", (string?)(await ItemsAsync(Glow + "/alerts"))[0]!["acknowledgedBy"]);
    }

    [Fact]
    public async Task A_reply_is_one_text_however_often_it_is_sent_and_reads_the_message()
    {
        var text = await ReceiveAsync("Which sunscreen do you recommend?");
        var path = $"{Glow}/inbox/{text["message"]}/reply";
        const string Reply = """{ "by": "Nurse Joy", "text": "Any with SPF 30 or more." }""";
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(path, Reply)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(path, Reply)).StatusCode);
        await UntilAsync(async () => (await _app.TextsAsync()).Count > 0);

        Assert.Equal("Any with SPF 30 or more.", (string?)Assert.Single(await _app.TextsAsync())["body"]);
        Assert.Empty(await ItemsAsync(Glow + "/inbox?unread=true"));
    }

    [Fact]
    public async Task A_number_that_has_opted_out_cannot_be_replied_to()
    {
        var text = await ReceiveAsync("stop texting me, I have a fever");
        var answer = await PostAsync($"{Glow}/inbox/{text["message"]}/reply", """{ "by": "Nurse Joy", "text": "Please call us." }""");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("The number may not be texted.", (string?)(await JsonAsync(answer))["title"]);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_miss_nothing()
    {
        for (var text = 0; text < 5; text++)
        {
            await _app.AnswerAsync($"Question number {text}");
        }

        await UntilAsync(async () => (await ItemsAsync(Glow + "/inbox")).Count == 5);
        foreach (var list in new[] { "/inbox", "/alerts" })
        {
            List<string> seen = [];
            string? cursor = "";
            while (cursor is not null)
            {
                var page = await GetAsync($"{Glow}{list}?limit=2{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
                seen.AddRange(page["items"]!.AsArray().Select(item => $"{item!["message"]}"));
                cursor = (string?)page["nextCursor"];
            }

            Assert.Equal((5, 5), (seen.Count, seen.Distinct().Count()));
        }
    }

    [Fact]
    public async Task No_clinic_sees_or_settles_what_is_anothers()
    {
        var text = await ReceiveAsync("I have a fever");
        var alert = (await ItemsAsync(Glow + "/alerts"))[0]!["alert"];

        Assert.Empty(await ItemsAsync(Other + "/inbox"));
        Assert.Empty(await ItemsAsync(Other + "/alerts"));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync($"{Other}/inbox/{text["message"]}/read", Reader)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync($"{Other}/inbox/{text["message"]}/reply", """{ "by": "x", "text": "y" }""")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync($"{Other}/alerts/{alert}/acknowledgement", Reader)).StatusCode);
        Assert.Single(await ItemsAsync(Glow + "/alerts?open=true"));

        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"{Glow}/alerts/{alert}/acknowledgement", Reader)).StatusCode);
        Assert.Empty(await ItemsAsync(Glow + "/alerts?open=true"));

        // To have taken the alert is not to have read the text.
        Assert.Single(await ItemsAsync(Glow + "/inbox?unread=true"));
    }

    [Fact]
    public async Task Each_clinic_has_a_key_of_its_own_for_its_posts_and_keeps_it()
    {
        var answer = await _app.Client.GetAsync(Glow + "/webhook-secret");
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var secret = (string?)(await JsonAsync(answer))["secret"];

        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret![6..]).Length);
        Assert.Equal(secret, (string?)(await GetAsync(Glow + "/webhook-secret"))["secret"]);
        Assert.NotEqual(secret, (string?)(await GetAsync(Other + "/webhook-secret"))["secret"]);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync("/api/clinics/nobody/webhook-secret")).StatusCode);
    }

    [Theory]
    [InlineData("/inbox?limit=0", "limit")]
    [InlineData("/inbox?cursor=nonsense", "cursor")]
    [InlineData("/alerts?limit=201", "limit")]
    [InlineData("/alerts?cursor=eA", "cursor")]
    public async Task A_wrong_page_is_refused_by_name(string path, string field)
    {
        var answer = await _app.Client.GetAsync(Glow + path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await JsonAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [InlineData("/api/clinics/a%20b/inbox")]
    [InlineData("/api/clinics/-a/alerts")]
    [InlineData("/api/clinics/.a/webhook-secret")]
    public async Task What_is_no_id_is_refused(string path) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Client.GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("/inbox/SM-1/read", "{}", "by")]
    [InlineData("/inbox/SM-1/read", """{ "by": "x", "text": "y" }""", "text")]
    [InlineData("/inbox/SM-1/reply", """{ "by": "x" }""", "text")]
    [InlineData("/inbox/SM-1/reply", """{ "by": "x", "text": "" }""", "text")]
    [InlineData("/alerts/1/acknowledgement", """{ "by": 1 }""", "by")]
    public async Task A_wrong_body_is_refused_by_field(string path, string body, string field)
    {
        var answer = await PostAsync(Glow + path, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([field], (await JsonAsync(answer))["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [InlineData("/inbox/SM-1/read")]
    [InlineData("/alerts/1/acknowledgement")]
    [InlineData("/alerts/none/acknowledgement")]
    [InlineData("/alerts/99999999999999999999/acknowledgement")]
    public async Task What_is_not_there_answers_404(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(Glow + path, Reader)).StatusCode);

    /// <summary>The patient writes, and the text has arrived.</summary>
    private async Task<JsonObject> ReceiveAsync(string body)
    {
        await _app.AnswerAsync(body);
        await UntilAsync(async () => (await ItemsAsync(Glow + "/inbox")).Count == 1);
        return (await ItemsAsync(Glow + "/inbox"))[0]!.AsObject();
    }

    private async Task<JsonObject> GetAsync(string path) => (await _app.Client.GetFromJsonAsync<JsonObject>(path))!;

    private async Task<JsonArray> ItemsAsync(string path) => (await GetAsync(path))["items"]!.AsArray();

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _app.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
