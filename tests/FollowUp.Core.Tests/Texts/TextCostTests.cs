using FollowUp.Core.Contacts;
using FollowUp.Core.Texts;

namespace FollowUp.Tests.Texts;

public class TextCostTests
{
    [Theory]
    [InlineData("+14155550123", 2, 0.0166)] // San Francisco
    [InlineData("+16045550123", 2, 0.0166)] // Vancouver
    [InlineData("+14155550123", 0, 0)]
    public void A_text_costs_its_segments_at_the_list_price(string to, int segments, double dollars) =>
        Assert.Equal((decimal)dollars, TextCost.Estimate(segments, Number(to)));

    [Theory]
    [InlineData("+447700900123")] // no list price at hand
    [InlineData("+61491570006")]
    [InlineData("+18765550123")] // Jamaica: under +1 too, but not at the price of the United States
    [InlineData("+17875550123")] // Puerto Rico
    [InlineData("+4915112345678")]
    public void Where_no_list_price_is_known_there_is_no_estimate(string to) => Assert.Null(TextCost.Estimate(1, Number(to)));

    [Theory]
    [InlineData("+14155550123", "US")]
    [InlineData("+14165550123", "CA")]
    [InlineData("+12425550123", "XX")]
    [InlineData("+447700900123", "GB")]
    [InlineData("+61491570006", "AU")]
    public void A_price_says_its_country_source_and_day(string to, string country)
    {
        SmsPrice price = TextCost.PriceOf(Number(to))!;

        Assert.Equal(country, price.Country);
        Assert.NotEmpty(price.Source);
        Assert.Equal(2026, price.AsOf.Year);
    }

    [Fact]
    public void A_country_that_is_not_in_the_table_has_no_row() => Assert.Null(TextCost.PriceOf(Number("+4915112345678")));

    [Fact]
    public void A_negative_number_of_segments_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TextCost.Estimate(-1, Number("+14155550123")));

    private static PhoneNumber Number(string text)
    {
        Assert.True(PhoneNumber.TryParse(text, out PhoneNumber? number, out string? reason), reason);
        return number;
    }
}
