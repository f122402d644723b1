using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.Core.CarePlans;
using FollowUp.Functions.Clinics;
using FollowUp.Functions.Http;
using FollowUp.Testing;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Functions.Tests;

/// <summary>A clinic names its own systems, and they are told, over HTTP and with the real engine.</summary>
public sealed class EventTests
{
    private const string WebhooksPath = AppUnderTest.ClinicPath + "/webhooks";

    [Fact]
    public async Task What_happens_to_a_clinics_texts_reaches_the_address_that_it_names()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await AppUnderTest.StartAsync(withClinic: false);
        var put = await PutAsync(app, (receiver.Url, ["sent", "delivered", "replied", "opted-out"]));
        put.EnsureSuccessStatusCode();
        Assert.Equal(
            $$"""[{"url":"{{receiver.Url}}","events":["sent","delivered","replied","opted-out"]}]""",
            (await put.Content.ReadFromJsonAsync<JsonObject>())!["webhooks"]!.ToJsonString());
        (await app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
        app.LetTheClockRun();
        await UntilAsync(() => receiver.Posts.Any(post => (string)post.Event["type"]! == "followup.delivered"));
        await app.AnswerAsync("STOP");
        await UntilAsync(() => receiver.Posts.Any(post => (string)post.Event["type"]! == "followup.opted-out"));

        Assert.Equal(receiver.Posts.Select(post => post.Sequence).Order(), receiver.Posts.Select(post => post.Sequence));
        var (sent, delivered) = (receiver.Posts[0].Event["data"]!, receiver.Posts.First(post => (string)post.Event["type"]! == "followup.delivered").Event["data"]!);
        Assert.Equal("b-77 prep-7d p-1001", $"{sent["session"]} {sent["step"]} {sent["patient"]}");
        Assert.Equal((string)sent["message"]!, (string)delivered["message"]!);
        Assert.DoesNotContain(receiver.Posts, post => post.Body.Contains("4155550123", StringComparison.Ordinal) || post.Body.Contains("Ada", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_route_says_how_an_address_does()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = await AppUnderTest.StartAsync(withClinic: false);
        receiver.Status = _ => StatusCodes.Status503ServiceUnavailable;
        (await PutAsync(app, (receiver.Url, ["replied"]))).EnsureSuccessStatusCode();
        (await app.PutAsync(AppUnderTest.SessionPath, AppUnderTest.SessionBody())).EnsureSuccessStatusCode();
        Assert.Equal("working 0 0", Summary(await StateAsync(app)));

        await app.AnswerAsync("What should I bring?");
        app.LetTheClockRun();
        await UntilAsync(() => receiver.Posts.Count > 0);
        JsonNode failing = await StateAsync(app);
        while ((string)failing["state"]! != "failing")
        {
            failing = await StateAsync(app);
        }

        Assert.Equal("HTTP 503", (string)failing["lastError"]!);
        Assert.NotNull(failing["failingSince"]);
        Assert.NotNull(failing["nextAt"]);
        receiver.Status = _ => StatusCodes.Status200OK;
        while ((string)failing["state"]! != "working")
        {
            failing = await StateAsync(app);
        }

        Assert.Equal("working 0 0", Summary(failing));
        Assert.NotNull(failing["takenAt"]);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/api/clinics/nowhere/webhooks")).StatusCode);
    }

    [Theory]
    [InlineData("https://glow.example/followup", null)]
    [InlineData("https://glow.example:8443/followup?tenant=1", null)]
    [InlineData("https://203.0.113.7/in", null)]
    [InlineData("http://glow.example/followup", "Must be an https address")]
    [InlineData("http://127.0.0.1:9/", "Must be an https address")]
    [InlineData("https://127.0.0.1:9/", "Must be an address on the internet")]
    [InlineData("https://localhost/in", "Must be an address on the internet")]
    [InlineData("https://127.1/in", "Must be an address on the internet")]
    [InlineData("https://2130706433/in", "Must be an address on the internet")]
    [InlineData("https://0x7f.1/in", "Must be an address on the internet")]
    [InlineData("https://10.0.0.8/in", "Must be an address on the internet")]
    [InlineData("https://192.168.1.1/in", "Must be an address on the internet")]
    [InlineData("https://169.254.169.254/latest/meta-data", "Must be an address on the internet")]
    [InlineData("https://[::1]/in", "Must be an address on the internet")]
    [InlineData("https://[::ffff:10.0.0.1]/in", "Must be an address on the internet")]
    [InlineData("https://[fe80::1]/in", "Must be an address on the internet")]
    [InlineData("https://[fd12::1]/in", "Must be an address on the internet")]
    [InlineData("https://user:secret@glow.example/in", "Must have no name, password or fragment in it.")]
    [InlineData("https://glow.example/in#part", "Must have no name, password or fragment in it.")]
    [InlineData("ftp://glow.example/in", "Must be an http or https address")]
    [InlineData("/followup", "Must be an http or https address")]
    public void An_address_that_events_must_not_go_to_is_refused(string url, string? mistake)
    {
        var clinic = AppUnderTest.ClinicBody();
        clinic["webhooks"] = Webhooks((url, ["sent"]));
        var errors = ErrorsOf(clinic, twilioIsLoopback: false);

        Assert.Equal(mistake is null ? [] : ["webhooks[0].url"], errors.Keys);
        Assert.True(mistake is null || errors.Values.Single()[0].StartsWith(mistake, StringComparison.Ordinal), string.Join(' ', errors.Values.SelectMany(each => each)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/", true)]
    [InlineData("http://localhost:9/", true)]
    [InlineData("http://[::1]:9/", true)]
    [InlineData("http://glow.example/", false)]
    [InlineData("http://10.0.0.8/", false)]
    [InlineData("https://10.0.0.8/", false)]
    public void Where_texts_stay_on_this_machine_events_may_too_and_go_no_further(string url, bool isFine)
    {
        var clinic = AppUnderTest.ClinicBody();
        clinic["webhooks"] = Webhooks((url, ["sent"]));
        Assert.Equal(isFine, ErrorsOf(clinic, twilioIsLoopback: true).Count == 0);
    }

    [Fact]
    public void What_is_wrong_with_the_field_is_named()
    {
        var clinic = AppUnderTest.ClinicBody();
        clinic["webhooks"] = Webhooks(
            ("https://a.example/", []), ("https://b.example/", ["sent", "read"]), ("https://c.example/", ["sent"]), ("https://c.example/", ["failed"]));
        clinic["webhooks"]!.AsArray().Add(new JsonObject { ["events"] = new JsonArray("sent"), ["secret"] = "x" });
        var errors = ErrorsOf(clinic, twilioIsLoopback: false);
        Assert.Equal(
            ["webhooks[0].events", "webhooks[1].events", "webhooks[3].url", "webhooks[4].secret", "webhooks[4].url"], errors.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("Must be one of: sent, delivered, failed, replied, rebooked, cancelled, red-flag, opted-out.", errors["webhooks[1].events"][0], StringComparison.Ordinal);

        clinic["webhooks"] = Webhooks([.. Enumerable.Range(1, 6).Select(number => ($"https://{number}.example/", new[] { "sent" }))]);
        Assert.Equal(["Must be 5 addresses at most."], ErrorsOf(clinic, twilioIsLoopback: false)["webhooks"]);
    }

    private static IReadOnlyDictionary<string, string[]> ErrorsOf(JsonObject clinic, bool twilioIsLoopback)
    {
        try
        {
            new ClinicRequest(CarePlanCatalogue.BuiltIn, twilioIsLoopback).Read("glow", JsonSerializer.SerializeToElement(clinic));
            return new Dictionary<string, string[]>();
        }
        catch (ProblemException problem)
        {
            return problem.Errors!;
        }
    }

    private static JsonArray Webhooks(params (string Url, string[] Events)[] webhooks) =>
        [.. webhooks.Select(webhook => new JsonObject { ["url"] = webhook.Url, ["events"] = new JsonArray([.. webhook.Events.Select(name => JsonValue.Create(name))]) })];

    private static Task<HttpResponseMessage> PutAsync(AppUnderTest app, params (string Url, string[] Events)[] webhooks)
    {
        var clinic = AppUnderTest.ClinicBody();
        clinic["webhooks"] = Webhooks(webhooks);
        return app.PutAsync(AppUnderTest.ClinicPath, clinic);
    }

    private static async Task<JsonNode> StateAsync(AppUnderTest app) =>
        (await app.Client.GetFromJsonAsync<JsonObject>(WebhooksPath))!["webhooks"]!.AsArray().Single()!;

    private static string Summary(JsonNode state) => $"{state["state"]} {state["waiting"]} {state["failures"]}";

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
