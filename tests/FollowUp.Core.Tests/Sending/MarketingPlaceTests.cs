using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using NodaTime;
using NodaTime.TimeZones;

namespace FollowUp.Tests.Sending;

/// <summary>Which states' rules hold for a patient, from the area code and the zone.</summary>
public class MarketingPlaceTests
{
    [Theory]
    [InlineData("+12125550123", "America/New_York", "08:00-21:00")] // the area code picks New York out of the zone's states
    [InlineData("+13055550123", "America/Los_Angeles", "09:00-20:00")] // Florida's end, and Nevada's beginning: California is only one of the zone's states
    [InlineData("+12035550123", "America/Phoenix", "09:00-20:00")] // moved from Connecticut to Arizona, which has only the federal rule
    [InlineData("+14805550123", "America/Kentucky/Louisville", "10:00-21:00")] // and from Arizona to Kentucky
    [InlineData("+18005550123", "America/Phoenix", "08:00-21:00")] // toll-free: the zone alone
    [InlineData("+18005550123", "America/New_York", "10:00-18:00")] // Kentucky's beginning and Rhode Island's end
    [InlineData("+14165550123", "America/Detroit", "09:00-21:00")] // a Canadian number of somebody in Michigan
    [InlineData("+442079460123", "America/Phoenix", "08:00-21:00")] // a British one in Arizona
    [InlineData("+15125550123", "Europe/London", "09:00-21:00")] // a Texan one in London
    [InlineData("+442079460123", "Europe/London", "00:00-23:59")] // the table is about the United States only
    [InlineData(null, "America/Detroit", "09:00-21:00")]
    public void The_stricter_of_the_rules_of_number_and_zone_wins(string? phone, string zoneId, string expected)
    {
        MarketingLaw law = MarketingHours.For(phone is null ? null : Some.Phone(phone), DateTimeZoneProviders.Tzdb[zoneId]);

        SendingHours monday = law.Hours[IsoDayOfWeek.Monday]!;
        Assert.Equal(expected, $"{monday.From:HH:mm}-{monday.To:HH:mm}");
    }

    [Fact]
    public void The_law_names_the_rows_that_made_it() =>
        Assert.Equal(
            ["US", "TX", "TX"],
            MarketingHours.For(Some.Phone("+15125550123"), DateTimeZoneProviders.Tzdb["America/Chicago"]).Rules.Select(rule => rule.Jurisdiction));

    [Fact]
    public void Every_zone_of_the_United_States_is_in_the_table()
    {
        IEnumerable<string> places = TzdbDateTimeZoneSource.Default.ZoneLocations!
            .Where(location => location.CountryCode is "US" or "PR" or "VI" or "GU" or "MP" or "AS" or "UM")
            .Select(location => location.ZoneId);
        IEnumerable<string> old = DateTimeZoneProviders.Tzdb.Ids.Where(id => id.StartsWith("US/", StringComparison.Ordinal));

        Assert.All(places.Concat(old), id => Assert.True(MarketingHours.StatesOf(DateTimeZoneProviders.Tzdb[id]).Count > 0, id));
    }

    [Fact]
    public void Every_name_that_leads_to_a_zone_of_the_mainland_has_its_states()
    {
        foreach (string zone in (string[])["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu"])
        {
            Assert.All(
                TzdbDateTimeZoneSource.Default.Aliases[zone],
                alias => Assert.Equal(MarketingHours.StatesOf(DateTimeZoneProviders.Tzdb[zone]), MarketingHours.StatesOf(DateTimeZoneProviders.Tzdb[alias])));
        }
    }

    [Fact]
    public void Every_state_has_area_codes()
    {
        HashSet<string?> states = [.. Enumerable.Range(200, 800).Select(code => MarketingHours.StateOf(Some.Phone($"+1{code}5550123")))];

        Assert.Equal(50 + 1 + 5 + 1, states.Count); // the states, the District of Columbia, five territories, and "unknown"
        Assert.All(MarketingHours.Rules.Where(rule => rule.Jurisdiction != "US"), rule => Assert.Contains(rule.Jurisdiction, states));
    }

    [Theory]
    [InlineData("+8005550123")] // another country's number with the digits of an area code
    [InlineData("+121255501234")] // too long for the plan
    public void Only_numbers_of_the_North_American_plan_have_area_codes(string phone) => Assert.Null(MarketingHours.StateOf(Some.Phone(phone)));
}
