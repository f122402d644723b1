using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FollowUp.Functions.Security;
using FollowUp.Sms;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Functions.Tests;

/// <summary>How often and how much may be asked.</summary>
public sealed class RequestLimitTests
{
    [Fact]
    public async Task A_key_that_is_used_too_often_is_told_to_wait_and_others_are_not()
    {
        await using var app = await AppUnderTest.StartAsync(
            withClinic: false, "--FollowUp:RateLimit:PerMinute", "1", "--FollowUp:RateLimit:Burst", "3");
        using var made = app.NewClient(await app.NewKeyAsync("""{ "name": "Booking system" }"""));
        List<HttpResponseMessage> answers = [];
        for (var call = 0; call < 4; call++)
        {
            answers.Add(await made.GetAsync("/api/care-plans"));
        }

        Assert.Equal([200, 200, 200, 429], answers.Select(answer => (int)answer.StatusCode));
        Assert.InRange(answers[^1].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("application/problem+json", answers[^1].Content.Headers.ContentType!.MediaType);

        // The root key has spent one of its three, and has a limit too.
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/api/care-plans")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/api/care-plans")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Client.GetAsync("/api/care-plans")).StatusCode);
        using var nobody = app.NewClient();
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/api/health")).StatusCode);
    }

    [Fact]
    public void Without_settings_a_key_has_600_calls_a_minute_of_which_120_at_once()
    {
        Assert.Equal(new RateLimitOptions(600, 120, 60), RateLimitOptions.From(new ConfigurationBuilder().Build()));
        using var limits = new RateLimits(new RateLimitOptions(600, 120, 60));
        Assert.True(Enumerable.Range(0, 120).All(_ => limits.TakeCall("key") is null));
    }

    [Theory]
    [InlineData("PerMinute", "many")]
    [InlineData("PerMinute", "-1")]
    [InlineData("Burst", "0")]
    [InlineData("FailuresPerMinute", "1.5")]
    public void A_setting_that_is_no_number_is_named(string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"FollowUp:RateLimit:{name}", value)]).Build();
        Assert.Contains($"FollowUp:RateLimit:{name}", Assert.Throws<InvalidOperationException>(() => RateLimitOptions.From(configuration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_tries_keys_is_slowed_down_and_does_not_get_in_by_a_root_key_that_a_person_thought_of()
    {
        await using var app = await AppUnderTest.StartAsync(withClinic: false, "--FollowUp:RateLimit:FailuresPerMinute", "4");
        using var made = app.NewClient(await app.NewKeyAsync("""{ "name": "Booking system" }"""));
        using var guesser = app.NewClient("guess");
        Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.GetAsync("/api/care-plans")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.GetAsync("/api/care-plans")).StatusCode);

        var refused = await guesser.GetAsync("/api/care-plans");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        // The right one among the guesses is refused like them; a key that cannot be guessed is not held up.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Client.GetAsync("/api/care-plans")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await made.GetAsync("/api/care-plans")).StatusCode);
    }

    [Fact]
    public async Task A_root_key_that_nobody_can_guess_is_not_held_up_by_others_at_its_address()
    {
        var random = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        await using var app = await AppUnderTest.StartAsync(
            withClinic: false, "--FollowUp:RateLimit:FailuresPerMinute", "2", "--FollowUp:ApiKey", random);
        using var root = app.NewClient(random);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.GetAsync("/api/care-plans")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Client.GetAsync("/api/care-plans")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await root.GetAsync("/api/care-plans")).StatusCode);
    }

    [Fact]
    public async Task Webhooks_that_Twilio_did_not_sign_are_slowed_down_too()
    {
        await using var app = await AppUnderTest.StartAsync(withClinic: false, "--FollowUp:RateLimit:FailuresPerMinute", "2");
        using var client = app.NewClient();
        Assert.Equal(HttpStatusCode.Forbidden, await PostFormAsync(client, "From=1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostFormAsync(client, "From=1"));
    }

    /// <summary>Every route there is: the size is bounded before the function is asked.</summary>
    [Fact]
    public async Task No_route_takes_a_body_or_a_query_without_bounds()
    {
        await using var app = await AppUnderTest.StartAsync();
        foreach (var (name, method, route) in HttpFunctions.All.Where(function => !Access.SignedIn.Contains(function.Name))) // the dashboard's own tests have its forms
        {
            using var large = new HttpRequestMessage(new HttpMethod(method), HttpFunctions.Fill(route, "glow")) { Content = new ByteArrayContent(new byte[RequestLimitsOf(name) + 1]) };
            await AssertAsync(HttpStatusCode.RequestEntityTooLarge, await app.Client.SendAsync(large), name);

            using var longQuery = new HttpRequestMessage(new HttpMethod(method), HttpFunctions.Fill(route, "glow") + "?q=" + new string('x', 5000));
            await AssertAsync(HttpStatusCode.RequestUriTooLong, await app.Client.SendAsync(longQuery), name);
        }

        static int RequestLimitsOf(string name) => Http.RequestLimits.BodyOf(name);

        static async Task AssertAsync(HttpStatusCode expected, HttpResponseMessage answer, string name)
        {
            Assert.True(answer.StatusCode == expected, $"{name} answered {answer.StatusCode}.");
            Assert.Equal((int)expected, (int)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["status"]!);
        }
    }

    [Theory]
    [InlineData("/api/twilio/inbound")]
    [InlineData("/api/twilio/status")]
    public async Task A_webhook_without_a_length_is_cut_off_at_64_KB(string path)
    {
        await using var app = await AppUnderTest.StartAsync();
        using var client = app.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent("Body=" + new string('x', 70_000), Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add(TwilioSignature.Header, "x");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "&", 30_000)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n", 100)]
    [InlineData("multipart/form-data", "--b\r\n", 100)]
    [InlineData("application/x-www-form-urlencoded; charset=no-such", "a=1&", 10)]
    public async Task A_webhook_with_an_odd_form_is_refused_like_any_that_is_not_signed(string type, string part, int times)
    {
        await using var app = await AppUnderTest.StartAsync();
        using var client = app.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/twilio/inbound") { Content = new StringContent(string.Concat(Enumerable.Repeat("a" + part, times))) };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add(TwilioSignature.Header, "x");

        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    /// <summary>A client sends on for a while after it has been refused. If the connection broke then, it would not see why; the real host makes that a 500.</summary>
    [Theory]
    [InlineData(40_000_000, false)]
    [InlineData(40_000_000, true)]
    [InlineData(2_000_000, true)]
    public async Task Whoever_sends_far_too_much_is_told_so_and_may_go_on_with_the_connection(int bytes, bool chunked)
    {
        await using var app = await AppUnderTest.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(app.Address.Host, app.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT {AppUnderTest.SessionPath} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {AppUnderTest.ApiKey}\r\n"
            + (chunked ? $"Transfer-Encoding: chunked\r\n\r\n{bytes:x}\r\n" : $"Content-Length: {bytes}\r\n\r\n")));
        await stream.WriteAsync(new byte[bytes]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes((chunked ? "\r\n0\r\n\r\n" : "") + "GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));

        using var reader = new StreamReader(stream);
        var answers = (await reader.ReadToEndAsync()).Split("\r\n").Where(line => line.Contains("HTTP/1.1 ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, answers.Count);
        Assert.Contains(" 413 ", answers[0], StringComparison.Ordinal);
        Assert.Contains(" 200 ", answers[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_trickles_in_without_end_is_cut_off()
    {
        await using var app = await AppUnderTest.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(app.Address.Host, app.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT {AppUnderTest.SessionPath} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {AppUnderTest.ApiKey}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var chunk = Encoding.ASCII.GetBytes("400\r\n" + new string(' ', 1024) + "\r\n");
        for (var sent = 0; sent < 70; sent++)
        {
            await stream.WriteAsync(chunk);
        }

        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> PostFormAsync(HttpClient client, string form)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        content.Headers.Add(TwilioSignature.Header, "bm90IGEgc2lnbmF0dXJl");
        return (await client.PostAsync("/api/twilio/inbound", content)).StatusCode;
    }
}
