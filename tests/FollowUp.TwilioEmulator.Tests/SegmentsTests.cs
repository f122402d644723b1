using FollowUp.TwilioEmulator.Messages;

namespace FollowUp.TwilioEmulator.Tests;

public class SegmentsTests
{
    [Theory]
    [InlineData("a", 160, 1)]
    [InlineData("a", 161, 2)]
    [InlineData("a", 306, 2)]
    [InlineData("a", 307, 3)]
    [InlineData("€", 80, 1)]
    [InlineData("€", 81, 2)]
    [InlineData("€", 152, 2)]
    [InlineData("€", 153, 3)]
    [InlineData("é", 160, 1)]
    [InlineData("ç", 70, 1)]
    [InlineData("ç", 71, 2)]
    [InlineData("ç", 134, 2)]
    [InlineData("ç", 135, 3)]
    [InlineData("😀", 35, 1)]
    [InlineData("😀", 36, 2)]
    [InlineData("😀", 66, 2)]
    [InlineData("😀", 67, 3)]
    public void Segments_are_counted_as_the_network_cuts_them(string character, int times, int segments) =>
        Assert.Equal(segments, Segments.Count(string.Concat(Enumerable.Repeat(character, times))));
}
