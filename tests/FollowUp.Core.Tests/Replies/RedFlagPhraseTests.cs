using FollowUp.Core.Replies;

namespace FollowUp.Core.Tests.Replies;

/// <summary>Words that may be a symptom, in <c>red-flag-phrases.csv</c>, and what patients write every day, in <c>everyday-texts.csv</c>.</summary>
public sealed class RedFlagPhraseTests
{
    private static readonly (string Language, bool Flagged, string Text)[] Phrases = PhraseFile.Read("red-flag-phrases.csv");

    private static readonly (string Language, string Text)[] Everyday =
        [.. PhraseFile.Lines("everyday-texts.csv").Select(line => line.Split(';', 2)).Select(row => (row[0], row[1]))];

    [Fact]
    public void Words_that_may_mean_trouble_are_flagged_whatever_was_asked()
    {
        var wrong =
            from phrase in Phrases
            from asked in Enum.GetValues<AskedFor>()
            where ReplyReader.Read(phrase.Text, asked).RedFlag != phrase.Flagged
            select $"{phrase.Language} {(phrase.Flagged ? "missed" : "flagged")} '{phrase.Text}' after {asked}";
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    [Fact]
    public void Everyday_texts_wake_nobody_opt_nobody_out_and_are_nobody_elses()
    {
        var wrong =
            from text in Everyday
            let reading = ReplyReader.Read(text.Text, AskedFor.Nothing, ["Ada"])
            where reading.RedFlag || reading.Kind is ReplyKind.OptOut or ReplyKind.WrongNumber
            select $"{text.Language} '{text.Text}' was read as {reading.Kind}{(reading.RedFlag ? " and flagged" : "")}";
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    [Fact]
    public void A_symptom_is_found_beside_everyday_words_that_are_taken_out()
    {
        Assert.True(ReplyReader.Read("I can't see you tomorrow because my lip is swollen", AskedFor.Nothing).RedFlag);
        Assert.True(ReplyReader.Read("no te preocupes, pero tengo fiebre", AskedFor.Nothing).RedFlag);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    public void Each_language_has_a_fair_share_of_both(string language)
    {
        Assert.InRange(Phrases.Count(phrase => phrase.Flagged && phrase.Language == language), 100, int.MaxValue);
        Assert.InRange(Everyday.Count(text => text.Language == language), 150, int.MaxValue);
    }
}
