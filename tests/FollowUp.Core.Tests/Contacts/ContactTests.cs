using FollowUp.Core.Contacts;

namespace FollowUp.Tests.Contacts;

public class ContactTests
{
    [Theory]
    [InlineData("+14155550123")]
    [InlineData("+4912345678")]
    [InlineData("+12345678")]
    [InlineData("+123456789012345")]
    public void A_number_in_international_form_is_accepted(string text)
    {
        Assert.True(PhoneNumber.TryParse(text, out PhoneNumber? number, out _));
        Assert.Equal(text, number.E164);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("  ", "missing")]
    [InlineData("4155550123", "does not begin with +")]
    [InlineData("+1 415 555 0123", "other than digits")]
    [InlineData("+1415555O123", "other than digits")]
    [InlineData("+١٤١٥٥٥٥٠١٢٣", "other than digits")]
    [InlineData("+14155550123\n", "other than digits")]
    [InlineData("+04155550123", "begins with 0")]
    [InlineData("+1234567", "8 to 15 digits")]
    [InlineData("+1234567890123456", "8 to 15 digits")]
    [InlineData("+", "8 to 15 digits")]
    public void Anything_else_is_refused_with_what_is_wrong_and_how_to_write_it(string? text, string expected)
    {
        Assert.False(PhoneNumber.TryParse(text, out _, out string? reason));
        Assert.Contains(expected, reason);
        Assert.Contains("+14155550123", reason);
    }

    [Theory]
    [InlineData("+14155550123", "+1•••••0123")]
    [InlineData("+447700900123", "+44•••••0123")]
    [InlineData("+353861234567", "+353•••••4567")]
    [InlineData("+29012345", "+290•••••45")]
    [InlineData("not a number", "•••••")]
    [InlineData(null, "•••••")]
    public void A_masked_number_shows_its_country_and_its_end(string? number, string expected) =>
        Assert.Equal(expected, PhoneNumber.Mask(number));

    [Fact]
    public void A_number_that_slips_into_a_log_is_masked()
    {
        Assert.True(PhoneNumber.TryParse("+14155550123", out PhoneNumber? number, out _));

        Assert.Equal("to +1•••••0123", $"to {number}");
    }

    [Theory]
    [InlineData("b-77", true)]
    [InlineData("0", true)]
    [InlineData("a.b_c-D9", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-b", false)]
    [InlineData(".b", false)]
    [InlineData("a b", false)]
    [InlineData("a:b", false)]
    [InlineData("é", false)]
    [InlineData("a\n", false)]
    public void Ids_are_plain_and_begin_with_a_letter_or_digit(string? id, bool valid) => Assert.Equal(valid, Identifier.IsValid(id));

    [Fact]
    public void Ids_have_at_most_64_characters()
    {
        Assert.True(Identifier.IsValid(new string('a', 64)));
        Assert.False(Identifier.IsValid(new string('a', 65)));
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("es-MX", true)]
    [InlineData("zh-Hant-TW", true)]
    [InlineData("es-419", true)]
    [InlineData("sl-rozaj-biske-1994", true)]
    [InlineData("de-DE-u-co-phonebk", true)]
    [InlineData("en-x-clinic", true)]
    [InlineData("zh-cmn-Hans-CN", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("e", false)]
    [InlineData("en_US", false)]
    [InlineData("en-", false)]
    [InlineData("english language", false)]
    [InlineData("en-US-US", false)]
    [InlineData("en-u", false)]
    [InlineData("en\n", false)]
    public void Language_tags_are_well_formed_or_not(string? tag, bool wellFormed) => Assert.Equal(wellFormed, LanguageTag.IsWellFormed(tag));

    [Theory]
    [InlineData("es-MX", "es")]
    [InlineData("ES", "es")]
    [InlineData("en-GB-x-clinic", "en-GB")]
    [InlineData("en-US", "en")]
    [InlineData("fr", null)]
    public void A_language_is_looked_up_from_the_special_to_the_general(string wanted, string? expected) =>
        Assert.Equal(expected, LanguageTag.Lookup(wanted, ["en", "es", "en-GB"]));

    [Theory]
    [InlineData("America/New_York", true)]
    [InlineData("Australia/Lord_Howe", true)]
    [InlineData("UTC", true)]
    [InlineData("UTC+05:30", false)]
    [InlineData("America/Gotham", false)]
    [InlineData("america/new_york", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Zones_are_those_of_the_IANA_database(string? id, bool known) => Assert.Equal(known, Zones.Find(id) is not null);
}
