using FollowUp.Core.Replies;

namespace FollowUp.Core.Tests.Replies;

/// <summary>Real wordings, in <c>opt-out-phrases.csv</c>: what must opt a patient out, and what must not.</summary>
public sealed class OptOutPhraseTests
{
    private static readonly (string Language, bool OptsOut, string Text)[] Phrases =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Replies", "opt-out-phrases.csv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(';', 3))
            .Select(row => (row[0], row[1] == "yes", row[2])),
    ];

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
