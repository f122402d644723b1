using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Sms.Tests;

/// <summary>Neither the token nor a number nor a text gets into a log or a reason.</summary>
public sealed class PrivacyTests
{
    private const string Body = "Your appointment is tomorrow";

    [Theory]
    [InlineData(201, """{"sid":"SM1","status":"queued"}""")]
    [InlineData(400, """{"code":21211,"message":"Invalid 'To' Phone Number: +1415555XXXX; the 'To' number +14155550123 (415 555-0123) is not valid."}""")]
    [InlineData(400, """{"code":21610,"message":"Attempt to send to unsubscribed recipient +14155550123"}""")]
    [InlineData(429, """{"code":20429,"message":"Too many requests to +14155550123"}""")]
    [InlineData(500, """{"code":20500,"message":"Failed for +14155550123"}""")]
    [InlineData(502, "<html>POST To=+14155550123 Body=Your appointment is tomorrow</html>")]
    public async Task What_Twilio_echoes_is_not_passed_on(int status, string answer)
    {
        await using StandInTwilio twilio = await StandInTwilio.AnsweringAsync(status, answer);
        using var log = new LogKeeper();
        await using ServiceProvider services = Some.Services(twilio.Address, TimeProvider.System, log);

        SendOutcome outcome = await services.Gateway().SendAsync(Some.Text(Body), TestContext.Current.CancellationToken);

        string written = string.Join('\n', log.Lines) + "\n" + outcome;
        Assert.NotEmpty(log.Lines);
        foreach (string secret in new[] { "4155550123", "555-0123", Body, Some.AuthToken })
        {
            Assert.DoesNotContain(secret, written, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_written_of_a_value_shows_nothing_private()
    {
        string written = string.Join(
            '\n',
            Some.Text(Body),
            new SentSms("SM1", Some.Phone, Body, "sent", null),
            new InboundMessage("SM1", Some.Phone, "+15005550006", Body, null),
            new TwilioOptions { AccountSid = Some.AccountSid, AuthToken = Some.AuthToken });

        Assert.Contains(Some.AccountSid, written, StringComparison.Ordinal);
        foreach (string secret in new[] { Some.Phone, Body, Some.AuthToken })
        {
            Assert.DoesNotContain(secret, written, StringComparison.Ordinal);
        }
    }
}
