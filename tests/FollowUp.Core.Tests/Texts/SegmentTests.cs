using FollowUp.Core.Texts;

namespace FollowUp.Tests.Texts;

public class SegmentTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(160, 1)]
    [InlineData(161, 2)]
    [InlineData(306, 2)]
    [InlineData(307, 3)]
    [InlineData(459, 3)]
    [InlineData(460, 4)]
    public void Plain_text_fills_160_places_once_or_153_of_each_segment(int length, int segments) =>
        Assert.Equal(new SegmentCount(SmsEncoding.Gsm7, length, segments), Segments.Count(new string('a', length)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(70, 1)]
    [InlineData(71, 2)]
    [InlineData(134, 2)]
    [InlineData(135, 3)]
    public void One_letter_outside_the_alphabet_leaves_70_or_67_places(int length, int segments) =>
        Assert.Equal(new SegmentCount(SmsEncoding.Ucs2, length, segments), Segments.Count("í" + new string('a', length - 1)));

    [Theory]
    [InlineData("^{}\\[~]|€\f", 20)]
    [InlineData("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r", 44)]
    public void The_alphabet_has_letters_of_one_place_and_an_extension_table_of_two(string text, int units) =>
        Assert.Equal(new SegmentCount(SmsEncoding.Gsm7, units, 1), Segments.Count(text));

    [Theory]
    [InlineData("`")]
    [InlineData("\t")]
    [InlineData("ç")]
    [InlineData("’")]
    [InlineData("–")]
    [InlineData("•")]
    public void Look_alikes_are_not_in_the_alphabet(string text) => Assert.Equal(SmsEncoding.Ucs2, Segments.Count(text).Encoding);

    [Fact]
    public void An_escape_pair_is_not_split_over_two_segments()
    {
        // 152 places, then a pair that would straddle the boundary: the first segment stays one short.
        string text = new string('a', 152) + "€" + new string('a', 152);

        Assert.Equal(new SegmentCount(SmsEncoding.Gsm7, 306, 3), Segments.Count(text));
    }

    [Fact]
    public void A_surrogate_pair_is_not_split_over_two_segments()
    {
        string text = new string('a', 66) + "😀" + new string('a', 66);

        Assert.Equal(new SegmentCount(SmsEncoding.Ucs2, 134, 3), Segments.Count(text));
    }

    [Fact]
    public void A_pair_that_ends_exactly_at_160_is_one_segment() =>
        Assert.Equal(new SegmentCount(SmsEncoding.Gsm7, 160, 1), Segments.Count(new string('a', 152) + "€" + new string('a', 6)));
}
