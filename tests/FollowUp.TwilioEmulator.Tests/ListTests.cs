using System.Text.Json;
using FollowUp.TwilioEmulator.Tests.Support;

namespace FollowUp.TwilioEmulator.Tests;

public class ListTests
{
    [Fact]
    public async Task Pages_follow_their_links_from_the_newest_to_the_oldest_and_back()
    {
        await using var emulator = await Emulator.StartAsync();
        await CreateAsync(emulator, "1", "2", "3", "4", "5");

        var first = await emulator.GetAsync(Emulator.Messages + "?PageSize=2");
        // A message that arrives meanwhile moves nothing on the pages that follow.
        await CreateAsync(emulator, "6");
        var second = await emulator.GetAsync("/twilio" + first["next_page_uri"]);
        var third = await emulator.GetAsync("/twilio" + second["next_page_uri"]);
        var back = await emulator.GetAsync("/twilio" + third["previous_page_uri"]);

        Assert.Equal(["5", "4"], Bodies(first));
        Assert.Equal(["3", "2"], Bodies(second));
        Assert.Equal(["1"], Bodies(third));
        Assert.Equal(["3", "2"], Bodies(back));
        Assert.Null(first["previous_page_uri"]);
        Assert.Null(third["next_page_uri"]);
        Assert.Equal(("2", "2", "3", "1"), (second["page_size"], second["start"], second["end"], second["page"]));
        Assert.Equal($"/2010-04-01/Accounts/{Emulator.AccountSid}/Messages.json?PageSize=2&Page=0", second["first_page_uri"]);
    }

    [Fact]
    public async Task Filters_by_recipient_and_sender_hold_on_every_page()
    {
        await using var emulator = await Emulator.StartAsync();
        await emulator.CreateAsync(("Body", "for Grace"), ("To", "+14155550177"));
        await CreateAsync(emulator, "1", "2");
        await emulator.CreateAsync(("Body", "another sender"), ("From", "GlowClinic"));
        await CreateAsync(emulator, "3");

        var first = await emulator.GetAsync(Emulator.Messages + "?PageSize=2&To=%2B14155550123&From=%2B15005550006");
        var second = await emulator.GetAsync("/twilio" + first["next_page_uri"]);

        Assert.Equal(["3", "2"], Bodies(first));
        Assert.Equal(["1"], Bodies(second));
    }

    [Theory]
    [InlineData("?DateSent=2026-12-02", "second day")]
    [InlineData("?DateSent=2026-12-02T00:00:00Z", "second day")]
    [InlineData("?DateSent%3E=2026-12-02", "third day,second day")]
    [InlineData("?DateSent%3C=2026-12-02", "second day,first day")]
    [InlineData("?DateSent%3E=2026-12-02T10:00:01Z", "third day")]
    [InlineData("?DateSent%3E=2026-12-01T12:00:00%2B02:00&DateSent%3C=2026-12-02T10:00:00Z", "second day,first day")]
    [InlineData("?DateSent=2026-11-30", "")]
    public async Task Filters_by_date_count_days_in_UTC_and_include_their_bounds(string query, string expected)
    {
        await using var emulator = await Emulator.StartAsync();
        foreach (var body in new[] { "first day", "second day", "third day" })
        {
            await CreateAsync(emulator, body);
            await emulator.IdleAsync();
            emulator.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(expected, string.Join(',', await emulator.BodiesAsync(query)));
    }

    [Theory]
    [InlineData("?PageSize=1001", "20007")]
    [InlineData("?DateSent=yesterday", "20001")]
    public async Task A_list_that_cannot_be_given_is_refused(string query, string code)
    {
        await using var emulator = await Emulator.StartAsync();

        var refused = await emulator.GetAsync(Emulator.Messages + query);

        Assert.Equal((400, code), ((int)refused.Status, refused["code"]));
    }

    private static async Task CreateAsync(Emulator emulator, params string[] bodies)
    {
        foreach (var body in bodies)
        {
            await emulator.CreateAsync(("Body", body));
        }
    }

    private static string[] Bodies(Reply page) =>
        [.. page.Json.GetProperty("messages").EnumerateArray().Select((JsonElement message) => message.GetProperty("body").GetString()!)];
}
