using FollowUp.Core.Replies;
using FollowUp.Core.Texts;

namespace FollowUp.Core.Tests.Replies;

public sealed class AnswerTests
{
    public static TheoryData<AnswerKind, string> All => [.. Answers.All.Select(answer => (answer.Kind, answer.Language))];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_answer_is_plain_short_and_keeps_to_the_rules_of_texts(AnswerKind kind, string language)
    {
        var text = Answers.Render(kind, [language], "Glow Clinic of San Francisco", "(415) 555-0199", "911");
        var segments = Segments.Count(text);
        Assert.Equal(SmsEncoding.Gsm7, segments.Encoding);
        Assert.InRange(segments.Segments, 1, 2);
        Assert.Empty(ForbiddenContent.Find(text));
        Assert.Null(ReservedWords.FindInvitation(ReservedWords.WithoutOptOutLine(text)));
    }

    [Fact]
    public void Every_answer_is_there_in_every_shipped_language() =>
        Assert.Equal(Enum.GetValues<AnswerKind>().Length * 2, Answers.All.Count());

    [Fact]
    public void A_patient_is_answered_in_the_best_language_that_there_is()
    {
        Assert.StartsWith("Glow: gracias", Answers.Render(AnswerKind.Confirmed, [null, "es-MX", "en"], "Glow", "1", null), StringComparison.Ordinal);
        Assert.StartsWith("Glow: thank you", Answers.Render(AnswerKind.Confirmed, ["fr"], "Glow", "1", null), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_emergency_number_the_patient_is_told_to_call_an_ambulance() =>
        Assert.Contains("call an ambulance", Answers.Render(AnswerKind.Call, ["en"], "Glow", "1", null), StringComparison.Ordinal);
}
