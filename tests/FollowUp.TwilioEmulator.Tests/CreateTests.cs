using System.Net;
using FollowUp.TwilioEmulator.Tests.Support;

namespace FollowUp.TwilioEmulator.Tests;

public class CreateTests
{
    [Fact]
    public async Task A_created_message_comes_back_as_Twilio_describes_it()
    {
        await using var emulator = await Emulator.StartAsync();

        var created = await emulator.CreateAsync(("To", "+1 (415) 555-0123"));

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Matches("^SM[0-9a-f]{32}$", created.Sid);
        Assert.Equal("queued", created["status"]);
        Assert.Equal("outbound-api", created["direction"]);
        Assert.Equal(Emulator.Patient, created["to"]);
        Assert.Equal(Emulator.Clinic, created["from"]);
        Assert.Equal("Hello Ada", created["body"]);
        Assert.Equal("Tue, 01 Dec 2026 10:00:00 +0000", created["date_created"]);
        Assert.Null(created["date_sent"]);
        Assert.Null(created["error_code"]);
        Assert.Equal("1", created["num_segments"]);
        Assert.Equal($"/2010-04-01/Accounts/{Emulator.AccountSid}/Messages/{created.Sid}.json", created["uri"]);
        Assert.Equal($"/2010-04-01/Accounts/{Emulator.AccountSid}/Messages/{created.Sid}/Media.json", created.Json.GetProperty("subresource_uris").GetProperty("media").GetString());
        Assert.Equal(emulator.Clock.GetUtcNow(), created.Headers.Date);
    }

    [Fact]
    public async Task A_message_is_delivered_at_the_emulators_own_time()
    {
        await using var emulator = await Emulator.StartAsync();
        var created = await emulator.CreateAsync();

        await emulator.IdleAsync();

        var message = await emulator.FetchAsync(created.Sid);
        Assert.Equal("delivered", message.GetProperty("status").GetString());
        Assert.Equal("Tue, 01 Dec 2026 10:00:00 +0000", message.GetProperty("date_sent").GetString());
    }

    [Fact]
    public async Task A_messaging_service_accepts_first_and_chooses_the_sender_later()
    {
        await using var emulator = await Emulator.StartAsync();
        const string service = "MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

        var created = await emulator.CreateAsync(("From", null), ("MessagingServiceSid", service));
        await emulator.IdleAsync();

        Assert.Equal("accepted", created["status"]);
        Assert.Null(created["from"]);
        Assert.Equal("0", created["num_segments"]);
        var message = await emulator.FetchAsync(created.Sid);
        Assert.Equal(Emulator.Clinic, message.GetProperty("from").GetString());
        Assert.Equal(service, message.GetProperty("messaging_service_sid").GetString());
        Assert.Equal("1", message.GetProperty("num_segments").GetString());
    }

    [Theory]
    [InlineData("To", null, 21604, "A 'To' phone number is required.")]
    [InlineData("To", "12345", 21211, "Invalid 'To' Phone Number: 1XXXX")]
    [InlineData("To", "+1415555012", 21211, "Invalid 'To' Phone Number: +141555XXXX")]
    [InlineData("From", null, 21603, "A 'From' phone number is required.")]
    [InlineData("From", "+1", 21212, "The 'From' number +1 is not a valid phone number, shortcode, or alphanumeric sender ID.")]
    [InlineData("MessagingServiceSid", "MG1", 21705, "The Messaging Service Sid MG1 is invalid.")]
    [InlineData("Body", null, 21602, "Message body is required.")]
    [InlineData("Body", "  ", 21602, "Message body is required.")]
    [InlineData("StatusCallback", "not a url", 21609, "The 'StatusCallback' URL not a url is not a valid URL.")]
    [InlineData("SendAt", "2026-12-24T18:00:00Z", 20001, "The emulator does not support the parameter 'SendAt'.")]
    [InlineData("From", "+15005550001", 21212, "The 'From' number +15005550001 is not a valid phone number, shortcode, or alphanumeric sender ID.")]
    [InlineData("From", "+15005550007", 21606, "The From phone number +15005550007 is not a valid, SMS-capable inbound phone number or short code for your account.")]
    [InlineData("From", "+15005550008", 21611, "This 'From' number has exceeded the maximum number of queued messages")]
    [InlineData("To", "+15005550001", 21211, "Invalid 'To' Phone Number: +1500555XXXX")]
    [InlineData("To", "+15005550002", 21612, "The 'To' phone number: +1500555XXXX, is not currently reachable using the 'From' phone number: +1500555XXXX via SMS.")]
    [InlineData("To", "+15005550003", 21408, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +1500555XXXX")]
    [InlineData("To", "+15005550004", 21610, "Attempt to send to unsubscribed recipient")]
    [InlineData("To", "+15005550009", 21614, "To number: +1500555XXXX, is not a mobile number")]
    public async Task A_refused_create_says_why_in_Twilios_words_and_keeps_nothing(string field, string? value, int code, string message)
    {
        await using var emulator = await Emulator.StartAsync();

        var refused = await emulator.CreateAsync((field, value));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(code, refused.Json.GetProperty("code").GetInt32());
        Assert.Equal(message, refused["message"]);
        Assert.Equal($"https://www.twilio.com/docs/errors/{code}", refused["more_info"]);
        Assert.Equal(400, refused.Json.GetProperty("status").GetInt32());
        Assert.Empty(await emulator.BodiesAsync());
    }

    [Theory]
    [InlineData(1600, 201)]
    [InlineData(1601, 400)]
    public async Task A_text_may_have_1600_characters(int length, int status)
    {
        await using var emulator = await Emulator.StartAsync();

        var reply = await emulator.CreateAsync(("Body", new string('a', length)));

        Assert.Equal(status, (int)reply.Status);
        if (status == 400)
        {
            Assert.Equal("21617", reply["code"]);
        }
    }

    [Theory]
    [InlineData("wrong-token", null)]
    [InlineData(Emulator.AuthToken, "ACffffffffffffffffffffffffffffffff")]
    [InlineData(null, null)]
    public async Task Anybody_but_the_account_itself_is_turned_away(string? token, string? account)
    {
        await using var emulator = await Emulator.StartAsync();
        emulator.Http.DefaultRequestHeaders.Authorization = token is null ? null : Emulator.Credentials(token);

        var refused = await emulator.GetAsync(Emulator.Messages.Replace(Emulator.AccountSid, account ?? Emulator.AccountSid));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("20003", refused["code"]);
        Assert.Equal("Authenticate", refused["message"]);
        Assert.Contains("Basic", refused.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_says_so_in_Twilios_words()
    {
        await using var emulator = await Emulator.StartAsync();
        const string missing = $"/2010-04-01/Accounts/{Emulator.AccountSid}/Messages/SM00000000000000000000000000000000.json";

        var reply = await emulator.GetAsync("/twilio" + missing);
        var other = await emulator.GetAsync($"/twilio/2010-04-01/Accounts/{Emulator.AccountSid}/Calls.json");

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Equal("20404", reply["code"]);
        Assert.Equal($"The requested resource {missing} was not found", reply["message"]);
        Assert.Equal("20404", other["code"]);
    }
}
