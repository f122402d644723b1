using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FollowUp.TwilioEmulator.Tests;

public class InboundTests
{
    [Fact]
    public async Task A_text_from_a_phone_is_posted_signed_to_the_webhook()
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync(application.Url + "/api/twilio/inbound");

        var text = await emulator.TextAsync("Is redness normal? 😳");
        await emulator.IdleAsync();

        var arrival = Assert.Single(application.Arrivals);
        Assert.Equal(text.Sid, arrival["MessageSid"]);
        Assert.Equal("Is redness normal? 😳", arrival["Body"]);
        Assert.Equal((Emulator.Patient, Emulator.Clinic), (arrival["From"], arrival["To"]));
        Assert.Equal(("0", "1", "received"), (arrival["NumMedia"], arrival["NumSegments"], arrival["SmsStatus"]));
        Assert.False(arrival.Form.ContainsKey("OptOutType"));
        Assert.Equal(WebhookSignature.Compute(Emulator.AuthToken, arrival.Url, arrival.Form), arrival.Headers["X-Twilio-Signature"]);
        Assert.Equal("inbound", (await emulator.FetchAsync(text.Sid)).GetProperty("direction").GetString());
    }

    [Fact]
    public async Task A_webhook_given_as_a_path_is_on_the_server_that_hosts_the_emulator()
    {
        var arrived = new TaskCompletionSource<string>();
        await using var emulator = await Emulator.StartAsync("/hook", map: server => server.MapPost("/hook", async (HttpRequest request) =>
        {
            arrived.SetResult((await request.ReadFormAsync())["Body"].ToString());
        }));

        await emulator.TextAsync("hello");

        Assert.Equal("hello", await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData(" stopall\n")]
    [InlineData("Unsubscribe")]
    [InlineData("end")]
    [InlineData("QUIT")]
    [InlineData("revoke")]
    [InlineData("OptOut")]
    [InlineData("cancel")]
    public async Task An_opt_out_word_is_confirmed_by_Twilio_and_ends_further_texts_from_that_sender(string word)
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync(application.Url);

        await emulator.TextAsync(word);
        await emulator.IdleAsync();
        var refused = await emulator.CreateAsync();
        var otherSender = await emulator.CreateAsync(("From", "+15005550010"));
        var otherPhone = await emulator.CreateAsync(("To", "+14155550177"));

        Assert.Equal("STOP", Assert.Single(application.Arrivals)["OptOutType"]);
        Assert.Contains(
            "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
            await emulator.BodiesAsync("?To=%2B14155550123"));
        Assert.Equal((400, "21610"), ((int)refused.Status, refused["code"]));
        Assert.Equal((201, 201), ((int)otherSender.Status, (int)otherPhone.Status));
    }

    [Theory]
    [InlineData("please stop")]
    [InlineData("STOP it")]
    [InlineData("stop!")]
    public async Task A_longer_wording_is_left_to_the_application(string text)
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync(application.Url);

        await emulator.TextAsync(text);
        await emulator.IdleAsync();

        Assert.False(Assert.Single(application.Arrivals).Form.ContainsKey("OptOutType"));
        Assert.Equal(201, (int)(await emulator.CreateAsync()).Status);
    }

    [Theory]
    [InlineData("START")]
    [InlineData("yes")]
    [InlineData("Unstop")]
    public async Task An_opt_in_word_lifts_the_opt_out_and_is_confirmed_once(string word)
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync(application.Url);
        await emulator.TextAsync("STOP");
        await emulator.TextAsync("STOP");

        await emulator.TextAsync(word);
        await emulator.TextAsync(word);
        await emulator.IdleAsync();

        Assert.Equal(201, (int)(await emulator.CreateAsync()).Status);
        var answers = (await emulator.BodiesAsync("?From=%2B15005550006")).Where(body => body.StartsWith("You have", StringComparison.Ordinal));
        Assert.Equal(2, answers.Count());
        Assert.Equal(["START", "START", "STOP", "STOP"], application.Arrivals.Select(arrival => arrival["OptOutType"]).Order());
    }

    [Theory]
    [InlineData("HELP")]
    [InlineData("info")]
    public async Task A_help_word_is_answered_by_Twilio(string word)
    {
        await using var application = await Application.StartAsync();
        await using var emulator = await Emulator.StartAsync(application.Url);

        await emulator.TextAsync(word);
        await emulator.IdleAsync();

        Assert.Equal("HELP", Assert.Single(application.Arrivals)["OptOutType"]);
        Assert.Contains("Reply STOP to unsubscribe. Msg&Data Rates May Apply.", await emulator.BodiesAsync());
    }

    [Theory]
    [InlineData("<Response><Message>Call us &amp; ask</Message><Message><Body>Second</Body></Message></Response>", "text/xml", "Second,Call us & ask")]
    [InlineData("<Response/>", "application/xml", "")]
    [InlineData("Plain words", "text/plain", "Plain words")]
    [InlineData("<oops", "text/xml", "")]
    public async Task The_webhooks_answer_is_texted_back(string answer, string contentType, string expected)
    {
        await using var application = await Application.StartAsync();
        application.Answer = _ => Task.FromResult(Results.Text(answer, contentType));
        await using var emulator = await Emulator.StartAsync(application.Url);

        await emulator.TextAsync("hello");
        await emulator.IdleAsync();

        Assert.Equal(expected, string.Join(',', await emulator.BodiesAsync("?To=%2B14155550123")));
    }

    [Fact]
    public async Task An_answer_to_an_opt_out_is_refused_as_any_other_text()
    {
        await using var application = await Application.StartAsync();
        application.Answer = _ => Task.FromResult(Results.Text("<Response><Message>Are you sure?</Message></Response>", "text/xml"));
        await using var emulator = await Emulator.StartAsync(application.Url);

        await emulator.TextAsync("STOP");
        await emulator.IdleAsync();

        var newest = (await emulator.GetAsync(Emulator.Messages)).Json.GetProperty("messages")[0];
        Assert.Equal("Are you sure?", newest.GetProperty("body").GetString());
        Assert.Equal("failed", newest.GetProperty("status").GetString());
        Assert.Equal(21610, newest.GetProperty("error_code").GetInt32());
    }

    [Fact]
    public async Task A_phone_answers_whoever_texted_it_last()
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.CreateAsync(("From", "+15005550010"));

        var text = await emulator.TextAsync("hello", to: null);

        Assert.Equal("+15005550010", text["to"]);
    }

    [Theory]
    [InlineData("12", "hello", "'from' is not a phone number such as +14155550123.")]
    [InlineData(Emulator.Patient, " ", "'body' is empty.")]
    public async Task A_text_that_no_phone_could_send_is_refused(string from, string body, string reason)
    {
        await using var emulator = await Emulator.StartAsync();

        var refused = await emulator.TextAsync(body, from);

        Assert.Equal((400, reason), ((int)refused.Status, refused["detail"]));
    }
}
