using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FollowUp.Functions.Security;
using FollowUp.Sms;

namespace FollowUp.Functions.Tests;

/// <summary>Every HTTP function there is, found by reflection, so that a new one cannot be left open by mistake.</summary>
public sealed class AccessTests(AccessTests.Doors doors) : IClassFixture<AccessTests.Doors>
{
    private readonly AppUnderTest _app = doors.App;

    /// <summary>One app for all of these, with two clinics and a key of each kind.</summary>
    public sealed class Doors : IAsyncLifetime
    {
        internal AppUnderTest App { get; private set; } = null!;

        internal Dictionary<string, string> Keys { get; } = [];

        public async ValueTask InitializeAsync()
        {
            App = await AppUnderTest.StartAsync();
            (await App.PutAsync("/api/clinics/other", AppUnderTest.ClinicBody())).EnsureSuccessStatusCode();
            Keys["reading"] = await App.NewKeyAsync("""{ "name": "Report", "readOnly": true }""");
            Keys["glow"] = await App.NewKeyAsync("""{ "name": "Glow's booking system", "clinic": "glow" }""");
            Keys["all"] = await App.NewKeyAsync("""{ "name": "Group of clinics" }""");
            Keys["ended"] = await App.NewKeyAsync("""{ "name": "Ended" }""");
            Keys["expired"] = await App.NewKeyAsync("""{ "name": "Old", "endsAt": "2026-12-01T00:00:00Z" }""");
            new StoreFile(App).Run("UPDATE api_keys SET ends_at = '2026-11-22T18:00:00.0000000Z' WHERE name = 'Old'");
            var ended = (await App.Client.GetFromJsonAsync<JsonObject>("/api/keys"))!["items"]!.AsArray().Single(key => (string)key!["name"]! == "Ended");
            (await App.Client.DeleteAsync($"/api/keys/{ended!["key"]}")).EnsureSuccessStatusCode();
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    public static TheoryData<string, string, string> Guarded() =>
        new(HttpFunctions.All.Where(function => !Access.NeedsNoKey(function.Name)));

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_function_without_the_right_key_answers_401(string name, string method, string route)
    {
        HashSet<string> bodies = [];
        var unknown = doors.Keys["all"][..^1] + (doors.Keys["all"][^1] == 'A' ? 'B' : 'A');
        foreach (var key in new[] { null, "", "wrong", AppUnderTest.ApiKey + "x", unknown, doors.Keys["ended"], doors.Keys["expired"] })
        {
            var answer = await SendAsync(key, method, HttpFunctions.Fill(route, "glow"));

            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{name} answered {answer.StatusCode} to the key '{key}'.");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            bodies.Add(await answer.Content.ReadAsStringAsync());
        }

        Assert.Single(bodies);
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_key_for_one_clinic_opens_that_clinic_alone_and_tells_nothing_of_others(string name, string method, string route)
    {
        var key = doors.Keys["glow"];
        if (Access.RootOnly.Contains(name))
        {
            await AssertRefusedAsync(await SendAsync(key, method, HttpFunctions.Fill(route, "glow")));
            return;
        }

        var isOfClinic = route.Contains("{clinic}", StringComparison.Ordinal);
        Assert.True(isOfClinic || Access.OfNoClinic.Contains(name), $"{name} names no clinic: Access must say whether a clinic's key opens it.");
        HashSet<string> refusals = [];
        foreach (var path in isOfClinic
            ? new[] { HttpFunctions.Fill(route, "other"), HttpFunctions.Fill(route, "nowhere"), HttpFunctions.Fill(route, "GLOW"), HttpFunctions.Fill(route, "other") + "?clinic=glow", HttpFunctions.Fill(route, "glow") + "?clinic=other" }
            : [HttpFunctions.Fill(route, "") + "?clinic=other", HttpFunctions.Fill(route, "") + "?clinic=nowhere", HttpFunctions.Fill(route, "") + "?clinic=glow&clinic=other", HttpFunctions.Fill(route, "") + "?Clinic=other"])
        {
            var answer = await SendAsync(key, method, path);
            await AssertRefusedAsync(answer);
            refusals.Add(await answer.Content.ReadAsStringAsync());
        }

        Assert.Single(refusals);
        var own = await SendAsync(key, method, isOfClinic ? HttpFunctions.Fill(route, "glow") : HttpFunctions.Fill(route, "") + "?clinic=glow");
        Assert.False(own.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{name} refused the clinic's own key.");
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_key_for_reading_changes_nothing(string name, string method, string route)
    {
        var answer = await SendAsync(doors.Keys["reading"], method, HttpFunctions.Fill(route, "glow"));
        if (method is "GET" or "HEAD" && !Access.RootOnly.Contains(name) && !Access.Secret.Contains(name) || name == "PreviewCarePlan")
        {
            Assert.False(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{name} refused a key for reading.");
        }
        else
        {
            await AssertRefusedAsync(answer);
        }
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_key_without_limits_opens_all_but_the_keys(string name, string method, string route)
    {
        // With nothing of what the route asks for: this is about the door alone.
        var answer = await SendAsync(doors.Keys["all"], method, HttpFunctions.Fill(route, "nowhere"));
        Assert.Equal(Access.RootOnly.Contains(name), answer.StatusCode == HttpStatusCode.Forbidden);
        Assert.NotEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("The API key does not open this.", (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["title"]!);
    }

    private async Task<HttpResponseMessage> SendAsync(string? key, string method, string path)
    {
        using var client = _app.NewClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation(ApiKeyMiddleware.Header, key);
        return await client.SendAsync(request);
    }

    [Fact]
    public void Only_Twilios_webhooks_health_and_the_dashboard_need_no_key() =>
        Assert.Equal(
            ["DashboardAct", "DashboardAsset", "DashboardPage", "Health", "TwilioInbound", "TwilioStatus"],
            HttpFunctions.All.Select(function => function.Name).Where(Access.NeedsNoKey).Order(StringComparer.Ordinal));

    /// <summary>The dashboard's own tests go through every page and act of it; this one, that no function of it is outside of its sign-in.</summary>
    [Theory]
    [InlineData("GET", "/dashboard")]
    [InlineData("GET", "/dashboard/clinics/glow/patients/p-1001")]
    [InlineData("POST", "/dashboard/clinics/glow/patients/p-1001/open")]
    public async Task The_dashboard_asks_for_a_sign_in_whatever_key_is_sent(string method, string path)
    {
        foreach (var key in new[] { null, "wrong", AppUnderTest.ApiKey })
        {
            using var client = _app.NewClient();
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation(ApiKeyMiddleware.Header, key);
            var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.StartsWith("/dashboard/sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/api/twilio/status")]
    [InlineData("/api/twilio/inbound")]
    public async Task A_webhook_that_Twilio_did_not_sign_answers_403(string path)
    {
        var url = _app.Configuration["FollowUp:PublicUrl"] + path;
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(path, null));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(path, ""));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(path, "bm90IGEgc2lnbmF0dXJl"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(path, Sign("https://attacker.example" + path), "attacker.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(path + "?ref=a:b:c:1", Sign(url)));
        Assert.True((int)await PostAsync(path, Sign(url)) is 200 or 204);
        Assert.True((int)await PostAsync(path, Sign(url), "attacker.example") is 200 or 204);
    }

    [Fact]
    public async Task A_webhook_that_is_no_form_answers_403()
    {
        using var client = _app.NewClient();
        using var content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        content.Headers.Add(TwilioSignature.Header, "x");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/twilio/status", content)).StatusCode);
    }

    private static readonly Dictionary<string, string> Form = new()
    {
        ["MessageSid"] = "SM00000000000000000000000000000001",
        ["MessageStatus"] = "delivered",
        ["From"] = "+14155550999",
        ["To"] = "+15005550006",
        ["Body"] = "Hello",
    };

    private async Task<HttpStatusCode> PostAsync(string path, string? signature, string? host = null)
    {
        using var client = _app.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(Form) };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation(TwilioSignature.Header, signature);
        }

        if (host is not null)
        {
            request.Headers.Host = host;
            request.Headers.Add("X-Forwarded-Host", host);
            request.Headers.Add("X-Forwarded-Proto", "https");
        }

        return (await client.SendAsync(request)).StatusCode;
    }

    /// <summary>As Twilio does: the address, then each field's name and value in order of the names, under the auth token.</summary>
    private string Sign(string url)
    {
        var text = url + string.Concat(Form.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
#pragma warning disable CA5350 // Twilio's signature is HMAC-SHA1.
        using var hmac = new System.Security.Cryptography.HMACSHA1(System.Text.Encoding.UTF8.GetBytes(_app.Configuration["Twilio:AuthToken"]!));
#pragma warning restore CA5350
        return Convert.ToBase64String(hmac.ComputeHash(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
