using FollowUp.Core.Replies;

namespace FollowUp.Core.Tests.Replies;

/// <summary>What says that the number is somebody else's, in <c>wrong-number-phrases.csv</c>: it ends every text to it, from every sender.</summary>
public sealed class WrongNumberPhraseTests
{
    private static readonly (string Language, bool Wrong, string Text)[] Phrases = PhraseFile.Read("wrong-number-phrases.csv");

    [Fact]
    public void Somebody_elses_number_is_told_from_everyday_complaints()
    {
        var wrong =
            from phrase in Phrases
            from asked in Enum.GetValues<AskedFor>()
            let reading = ReplyReader.Read(phrase.Text, asked, ["Ada"])
            where (reading.Kind == ReplyKind.WrongNumber) != phrase.Wrong
            select $"{phrase.Language} '{phrase.Text}' after {asked} was read as {reading.Kind}";
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    public void Each_language_has_a_fair_share_of_both(string language)
    {
        Assert.InRange(Phrases.Count(phrase => phrase.Wrong && phrase.Language == language), 60, int.MaxValue);
        Assert.InRange(Phrases.Count(phrase => !phrase.Wrong && phrase.Language == language), 80, int.MaxValue);
    }

    [Theory]
    [InlineData("Sorry, wrong number. Stop")]
    [InlineData("wrong number stop texting")]
    [InlineData("numero equivocado, no manden mas mensajes")]
    public void Somebody_elses_number_is_told_apart_from_a_stop(string text) =>
        Assert.Equal(ReplyKind.WrongNumber, ReplyReader.Read(text, AskedFor.Nothing).Kind);

    [Theory]
    [InlineData("I am not Ada", "Ada", ReplyKind.WrongNumber)]
    [InlineData("I am not Ada", "Eva", ReplyKind.Other)]
    [InlineData("this isn't María's phone", "María José", ReplyKind.WrongNumber)]
    [InlineData("I'm not Ada, it's Aida", "Ada", ReplyKind.Other)]
    [InlineData("I'm not Ada, I'm her daughter", "Ada", ReplyKind.Other)]
    [InlineData("may I come at 3", "May", ReplyKind.Other)]
    public void Who_says_not_to_be_the_patient_has_the_number_unless_it_may_be_a_relative(string text, string name, ReplyKind kind) =>
        Assert.Equal(kind, ReplyReader.Read(text, AskedFor.Nothing, [name]).Kind);
}
