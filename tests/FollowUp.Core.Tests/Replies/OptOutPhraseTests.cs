using FollowUp.Core.Replies;

namespace FollowUp.Core.Tests.Replies;

/// <summary>Real wordings, in <c>opt-out-phrases.csv</c>: what must opt a patient out, and what must not.</summary>
public sealed class OptOutPhraseTests
{
    private static readonly (string Language, bool OptsOut, string Text)[] Phrases = PhraseFile.Read("opt-out-phrases.csv");

    [Fact]
    public void Every_wording_is_read_rightly_whatever_was_asked()
    {
        var wrong =
            from phrase in Phrases
            from asked in Enum.GetValues<AskedFor>()
            let reading = ReplyReader.Read(phrase.Text, asked)
            where (reading.Kind == ReplyKind.OptOut) != phrase.OptsOut
            select $"{phrase.Language} '{phrase.Text}' after {asked} was read as {reading.Kind}";
        Assert.True(!wrong.Any(), string.Join("\n", wrong.Distinct()));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    public void Each_language_has_a_fair_share_of_both(string language)
    {
        Assert.InRange(Phrases.Count(phrase => phrase.OptsOut && phrase.Language == language), 120, int.MaxValue);
        Assert.InRange(Phrases.Count(phrase => !phrase.OptsOut && phrase.Language == language), 120, int.MaxValue);
    }

    [Theory]
    [InlineData("STOP", true)]
    [InlineData("stop please", true)]
    [InlineData("no more texts", true)]
    [InlineData("Dejen de escribirme", true)]
    [InlineData("STOP, my cheek looks odd", false)]
    [InlineData("can you please remove me from this list? Thanks and have a nice day", false)]
    [InlineData("ya no quiero mensajes, me cambié de clínica", false)]
    public void An_opt_out_that_holds_more_than_that_is_told_from_a_bare_one(string text, bool bare)
    {
        var reading = ReplyReader.Read(text, AskedFor.Nothing);
        Assert.Equal(ReplyKind.OptOut, reading.Kind);
        Assert.Equal(bare, reading.IsOnlyThat);
    }

    [Fact]
    public void Politeness_case_signs_and_invisible_characters_never_change_the_verdict()
    {
        Func<string, string>[] changes =
        [
            text => text.ToUpperInvariant(), text => text.ToLowerInvariant(), text => "  " + text + "  ", text => text + " \U0001F64F", text => "Hi, " + text,
            text => text + "\nThanks!", text => string.Join('\u200B', text.ToCharArray()), text => text.Replace("'", "\u2019", StringComparison.Ordinal),
        ];
        var wrong =
            from phrase in Phrases
            from change in changes
            let reading = ReplyReader.Read(change(phrase.Text), AskedFor.Nothing)
            where (reading.Kind == ReplyKind.OptOut) != phrase.OptsOut
            select $"'{change(phrase.Text)}' was read as {reading.Kind}";
        Assert.True(!wrong.Any(), string.Join("\n", wrong.Distinct()));
    }
}
