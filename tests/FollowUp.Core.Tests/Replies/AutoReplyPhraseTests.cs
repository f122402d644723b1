using FollowUp.Core.Replies;

namespace FollowUp.Core.Tests.Replies;

/// <summary>What phones and carriers answer by themselves, in <c>auto-reply-phrases.csv</c>, and what a human wrote.</summary>
public sealed class AutoReplyPhraseTests
{
    private static readonly (string Language, bool Automatic, string Text)[] Phrases = PhraseFile.Read("auto-reply-phrases.csv");

    [Fact]
    public void An_automatic_reply_is_told_from_what_a_human_wrote_and_its_own_emergency_line_is_no_alarm()
    {
        var wrong =
            from phrase in Phrases
            from asked in Enum.GetValues<AskedFor>()
            let reading = ReplyReader.Read(phrase.Text, asked)
            where (reading.Kind == ReplyKind.AutoReply) != phrase.Automatic || (phrase.Automatic && reading.RedFlag)
            select $"{phrase.Language} '{phrase.Text}' after {asked} was read as {reading.Kind}{(reading.RedFlag ? " and flagged" : "")}";
        Assert.True(!wrong.Any(), string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("I'm driving right now and my lips are swelling")]
    [InlineData("I am out of the office. If this is urgent, call 911. Fever")]
    [InlineData("Estoy manejando ahora, tengo fiebre")]
    public void A_symptom_in_an_automatic_reply_is_flagged(string text) =>
        Assert.True(ReplyReader.Read(text, AskedFor.Nothing).RedFlag);

    [Theory]
    [InlineData("I'm driving right now. Stop", ReplyKind.OptOut)]
    [InlineData("I'm driving right now, C", ReplyKind.Confirm)]
    [InlineData("Estoy manejando, R", ReplyKind.Reschedule)]
    public void What_a_human_adds_to_an_automatic_reply_counts(string text, ReplyKind kind) =>
        Assert.Equal(kind, ReplyReader.Read(text, AskedFor.Appointment).Kind);
}
