using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Sms.Tests;

/// <summary>What a send puts on the wire, and what is made of each answer.</summary>
public sealed class SendingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_is_posted_to_the_accounts_messages_with_its_credentials()
    {
        await using StandInTwilio twilio = await StandInTwilio.AcceptingAsync();
        await using ServiceProvider services = Some.Services(new Uri(twilio.Address, "/twilio"));

        await services.Gateway().SendAsync(Some.Text(), Cancellation);

        StandInTwilio.Asked asked = Assert.Single(twilio.Requests);
        Assert.Equal("POST", asked.Method);
        Assert.Equal($"/twilio/2010-04-01/Accounts/{Some.AccountSid}/Messages.json", asked.Target);
        AuthenticationHeaderValue credentials = AuthenticationHeaderValue.Parse(asked.Authorization);
        Assert.Equal("Basic", credentials.Scheme);
        Assert.Equal($"{Some.AccountSid}:{Some.AuthToken}", Encoding.UTF8.GetString(Convert.FromBase64String(credentials.Parameter!)));
        Assert.Equal("application/x-www-form-urlencoded", asked.ContentType);
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("Fish & chips = 1 + 1? 100% #yes;")]
    [InlineData("Grüße 👩🏽‍⚕️ 𝕏 日本語")]
    [InlineData("two\r\nlines, and a\ttab")]
    public async Task A_text_arrives_character_by_character(string body)
    {
        await using StandInTwilio twilio = await StandInTwilio.AcceptingAsync();
        await using ServiceProvider services = Some.Services(twilio.Address);

        await services.Gateway().SendAsync(new OutgoingSms(Some.Phone, body, new Uri("https://c.example/status?a=1&b=%20x")), Cancellation);

        var form = QueryHelpers.ParseQuery(Assert.Single(twilio.Requests).Body);
        Assert.Equal(Some.Phone, form["To"]);
        Assert.Equal(body, form["Body"]);
        Assert.Equal("https://c.example/status?a=1&b=%20x", form["StatusCallback"]);
        Assert.Equal("+15005550006", form["From"]);
        Assert.DoesNotContain("MessagingServiceSid", form.Keys);
    }

    [Fact]
    public async Task A_messaging_service_is_told_to_leave_the_text_alone()
    {
        await using StandInTwilio twilio = await StandInTwilio.AcceptingAsync();
        await using ServiceProvider services = Some.Services(
            twilio.Address, ("Twilio:From", ""), ("Twilio:MessagingServiceSid", "MG00000000000000000000000000000001"));

        await services.Gateway().SendAsync(Some.Text(), Cancellation);

        var form = QueryHelpers.ParseQuery(Assert.Single(twilio.Requests).Body);
        Assert.Equal("MG00000000000000000000000000000001", form["MessagingServiceSid"]);
        Assert.Equal("false", form["SmartEncoded"]);
        Assert.DoesNotContain("From", form.Keys);
    }

    [Fact]
    public async Task An_accepted_text_has_its_sid_its_first_status_and_Twilios_own_time()
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(context =>
        {
            context.Response.Headers.Date = "Sat, 21 Nov 2026 23:59:59 GMT";
            return StandInTwilio.Json(context, 201, StandInTwilio.Message("SM77", Some.Phone, "Hello Ada", "accepted"));
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        SendOutcome outcome = await services.Gateway().SendAsync(Some.Text(), Cancellation);

        Assert.Equal(new SendOutcome.Accepted("SM77", "accepted", new DateTimeOffset(2026, 11, 21, 23, 59, 59, TimeSpan.Zero)), outcome);
    }

    [Theory]
    [InlineData(400, 21211)]
    [InlineData(400, 21614)]
    public async Task An_error_that_would_come_again_is_a_refusal_with_Twilios_code(int status, int code)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, StandInTwilio.Error(code, "No."));
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal(new SendOutcome.Refused(code, "No."), await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Fact]
    public async Task A_recipient_who_told_Twilio_to_stop_has_opted_out()
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(
            400, StandInTwilio.Error(21610, "Attempt to send to unsubscribed recipient"));
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal(new SendOutcome.OptedOut(21610), await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Theory]
    [InlineData(401, 20003)]
    [InlineData(401, 0)]
    [InlineData(400, 30032)]
    [InlineData(400, 30034)]
    [InlineData(429, 63038)]
    [InlineData(400, 21408)]
    [InlineData(404, 20404)]
    [InlineData(400, 21212)]
    [InlineData(400, 21603)]
    [InlineData(400, 21606)]
    [InlineData(400, 21659)]
    [InlineData(400, 21705)]
    public async Task What_Twilio_would_say_of_every_text_is_trouble_of_the_account(int status, int code)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, StandInTwilio.Error(code, "No."));
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal(
            new SendOutcome.AccountTrouble(code == 0 ? status : code, "No."), await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Fact]
    public async Task A_text_leaves_by_the_sender_that_it_names()
    {
        await using StandInTwilio twilio = await StandInTwilio.AcceptingAsync();
        await using ServiceProvider services = Some.Services(twilio.Address);
        const string Service = "MG0123456789abcdef0123456789abcdef";
        await services.Gateway().SendAsync(Some.Text() with { Sender = "+15005550007" }, Cancellation);
        await services.Gateway().SendAsync(Some.Text() with { Sender = Service }, Cancellation);

        string[] forms = [.. twilio.Requests.Select(request => Uri.UnescapeDataString(request.Body))];
        Assert.Contains("From=+15005550007", forms[0], StringComparison.Ordinal);
        Assert.Contains("MessagingServiceSid=" + Service, forms[1], StringComparison.Ordinal);
        Assert.DoesNotContain("From=", forms[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, 20429)]
    [InlineData(400, 20429)]
    [InlineData(400, 21611)]
    public async Task A_busy_Twilio_is_tried_again_later(int status, int code)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, StandInTwilio.Error(code, "Busy"));
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal(new SendOutcome.RetryLater(code, "Busy", null), await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Sun, 22 Nov 2026 10:01:00 GMT", 60)]
    [InlineData("Sun, 22 Nov 2026 09:00:00 GMT", 0)]
    public async Task A_busy_Twilio_says_how_long_to_wait(string header, int seconds)
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(context =>
        {
            context.Response.Headers.Date = "Sun, 22 Nov 2026 10:00:00 GMT";
            context.Response.Headers.RetryAfter = header;
            return StandInTwilio.Json(context, 429, StandInTwilio.Error(20429, "Too Many Requests"));
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        var later = Assert.IsType<SendOutcome.RetryLater>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.Equal(TimeSpan.FromSeconds(seconds), later.After);
    }

    [Theory]
    [InlineData(500, """{"code":20500,"message":"Internal Server Error","status":500}""")]
    [InlineData(503, """{"code":20429,"message":"Busy","status":503}""")]
    [InlineData(500, """{"code":21610,"message":"Odd","status":500}""")]
    [InlineData(502, "<html>Bad Gateway</html>")]
    [InlineData(504, "")]
    [InlineData(408, "")]
    public async Task After_a_failure_on_Twilios_side_nobody_knows_whether_the_text_went(int status, string body)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, body);
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.IsType<SendOutcome.Unknown>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Theory]
    [InlineData(201, "")]
    [InlineData(201, "{}")]
    [InlineData(201, "null")]
    [InlineData(201, "[]")]
    [InlineData(201, """{"sid":"SM1","sta""")]
    [InlineData(201, """{"sid":{}}""")]
    [InlineData(200, "<html>Log in to the guest network</html>")]
    [InlineData(302, "")]
    public async Task An_answer_that_makes_no_sense_is_neither_success_nor_failure(int status, string body)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, body);
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.IsType<SendOutcome.Unknown>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Theory]
    [InlineData(403, "<html>Blocked by policy</html>", "text/html")]
    [InlineData(404, "", "text/plain")]
    [InlineData(400, "[]", "application/json")]
    [InlineData(400, """{"code":null}""", "application/json")]
    public async Task A_refusal_that_is_not_Twilios_own_is_trouble_with_the_http_status(int status, string body, string type)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, body, type);
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.Equal(
            new SendOutcome.AccountTrouble(status, $"HTTP {status}, and not in Twilio's form."),
            await services.Gateway().SendAsync(Some.Text(), Cancellation));
    }

    [Fact]
    public async Task A_429_that_is_not_Twilios_own_is_tried_again_later_too()
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(429, "slow down", "text/plain");
        await using ServiceProvider services = Some.Services(twilio.Address);

        var later = Assert.IsType<SendOutcome.RetryLater>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.Equal(429, later.Code);
    }

    [Theory]
    [InlineData(1600, 1)]
    [InlineData(1601, 0)]
    public async Task A_text_of_more_than_1600_characters_is_refused_before_the_call(int length, int calls)
    {
        await using StandInTwilio twilio = await StandInTwilio.AcceptingAsync();
        await using ServiceProvider services = Some.Services(twilio.Address);

        SendOutcome outcome = await services.Gateway().SendAsync(Some.Text(new string('x', length)), Cancellation);

        Assert.Equal(calls, twilio.Requests.Count);
        Assert.Equal(calls == 0, outcome is SendOutcome.Refused { Code: 21617 });
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed_with_the_text_and_the_token(int status)
    {
        await using StandInTwilio elsewhere = await StandInTwilio.AcceptingAsync();
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(context =>
        {
            context.Response.Headers.Location = elsewhere.Address.ToString();
            return StandInTwilio.Json(context, status, "");
        });
        await using ServiceProvider services = Some.Services(twilio.Address);

        Assert.IsType<SendOutcome.Unknown>(await services.Gateway().SendAsync(Some.Text(), Cancellation));
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Texts_sent_at_the_same_time_do_not_mix_up_their_answers()
    {
        await using StandInTwilio twilio = await StandInTwilio.StartAsync(
            context => StandInTwilio.Json(context, 201, StandInTwilio.Message("SM-" + context.TraceIdentifier, Some.Phone, "Hi")));
        await using ServiceProvider services = Some.Services(twilio.Address);

        SendOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => services.Gateway().SendAsync(Some.Text(), Cancellation)));

        Assert.Equal(50, outcomes.Cast<SendOutcome.Accepted>().Select(accepted => accepted.Sid).Distinct().Count());
    }
}
