using System.Net;
using System.Reflection;
using FollowUp.Functions.Security;
using FollowUp.Functions.Sessions;
using FollowUp.Sms;
using Microsoft.Azure.Functions.Worker;

namespace FollowUp.Functions.Tests;

public sealed class AccessTests : IAsyncLifetime
{
    private AppUnderTest _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Every HTTP function there is, so that a new one cannot be left open by mistake.</summary>
    public static TheoryData<string, string, string> Guarded() =>
        new(HttpFunctions().Where(function => !Access.NeedsNoKey(function.Name)));

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_function_without_the_right_key_answers_401(string name, string method, string route)
    {
        using var client = _app.NewClient();
        foreach (var key in new[] { null, "", "wrong", AppUnderTest.ApiKey + "x" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/" + route.Replace("{", "x", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            request.Headers.TryAddWithoutValidation(ApiKeyMiddleware.Header, key);
            var answer = await client.SendAsync(request);

            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{name} answered {answer.StatusCode} to the key '{key}'.");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public void Only_Twilios_webhooks_health_and_the_dashboard_need_no_key() =>
        Assert.Equal(
            ["DashboardAct", "DashboardAsset", "DashboardPage", "Health", "TwilioInbound", "TwilioStatus"],
            HttpFunctions().Select(function => function.Name).Where(Access.NeedsNoKey).Order(StringComparer.Ordinal));

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

    private static IEnumerable<(string Name, string Method, string Route)> HttpFunctions() =>
        from method in typeof(SessionFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null)
        where trigger is not null
        from verb in trigger.Methods!
        select (function.Name, verb.ToUpperInvariant(), trigger.Route!);
}
