using FollowUp.Core.Texts;
using FollowUp.Core.Timelines;

namespace FollowUp.Tests.Texts;

public class TextRulesTests
{
    private static readonly TextUse Use = new()
    {
        Name = "the text 'prep'",
        Kind = StepKind.Preparation,
        Language = "en",
        OptOutLine = "Reply STOP to opt out.",
        Series = Some.Plan.Series,
    };

    [Fact]
    public void A_good_text_has_no_problems() =>
        Assert.Empty(TextRules.Check("Hi {firstName}, see you at {clinic} on {date}, {time}. Questions? Call {phone}.", Use));

    [Theory]
    [InlineData(" ", "The text 'prep' is empty.", "Write the text.")]
    [InlineData("Hi {name}", "In the text 'prep': There is no placeholder '{name}'.", "Use only: {firstName}, {clinic}, {phone}, {emergency}, {bookingUrl}, {date}, {time}, {session}, {sessions}, {series}, {spacing}, {treatment}, {sunscreen}, {makeUp}, {exercise}, {retinoids}, {sun}.")]
    [InlineData("Your {treatment}.", "In the text 'prep': A clinic may have no '{treatment}'.", "Write it in brackets with what to say without it: '[... {treatment}|...]'.")]
    [InlineData("Fine? Reply YES.", "The text 'prep' seems to invite the answer 'YES', which Twilio keeps to itself.", "Ask the patient to call instead.")]
    [InlineData("Stop taking pills.", "The text 'prep' tells the patient to change a medicine: 'Stop taking'.", "Ask the patient to call before changing anything.")]
    public void An_error_says_what_to_write_instead(string text, string problem, string remedy) =>
        Assert.Equal([new TextProblem(problem, remedy)], TextRules.Check(text, Use));

    [Fact]
    public void Everything_wrong_is_listed_and_errors_come_first()
    {
        IReadOnlyList<TextProblem> problems = TextRules.Check("Your laser visit – that's normal, reply YES " + new string('x', 300), Use);

        Assert.Equal([false, false, false, true, true, true], problems.Select(problem => problem.IsWarning));
        Assert.Equal("The text 'prep' in 'en' can come to 367 characters.", problems[2].Problem);
        Assert.Equal("Shorten it by 47, so that it stays within 320.", problems[2].Remedy);
        Assert.Equal("The text 'prep' names the treatment ('laser'), and others read a phone too.", problems[3].Problem);
    }

    [Fact]
    public void Length_counts_the_text_as_filled_in_with_its_opt_out_line()
    {
        string template = new('x', 297);

        Assert.Empty(TextRules.Check(template, Use));
        Assert.NotEmpty(TextRules.Check(template + "x", Use));
        Assert.Empty(TextRules.Check(template + "x", Use with { OptOutLine = "STOP to opt out." }));
    }

    [Fact]
    public void A_text_that_could_never_be_sent_is_refused_without_a_search() =>
        Assert.Equal(
            [new TextProblem("The text 'prep' has 60000 characters.", "Stay within 320.")],
            TextRules.Check(new string('x', 60_000), Use));

    [Theory]
    [InlineData("Wash gently.", false)]
    [InlineData("Pus or fever: call {phone}.", false)]
    [InlineData("Trouble breathing: call [{emergency}|an ambulance].", false)]
    [InlineData("Pus or fever: call {phone}. Trouble breathing: call [{emergency}|an ambulance].", true)]
    public void Aftercare_names_the_clinics_phone_and_the_emergency_number(string text, bool complete)
    {
        IReadOnlyList<TextProblem> problems = TextRules.Check(text, Use with { Kind = StepKind.Aftercare });

        Assert.Equal(complete, problems.Count == 0);
        Assert.All(problems, problem => Assert.Equal("The text 'prep' is aftercare and does not say whom to call when something is wrong.", problem.Problem));
    }

    [Theory]
    [InlineData("Reply STOP to opt out.", true)]
    [InlineData("Text STOP to unsubscribe", true)]
    [InlineData("Responde STOP para darte de baja.", true)]
    [InlineData("To opt out, tell us.", false)]
    public void The_opt_out_line_offers_STOP(string line, bool right) =>
        Assert.Equal(right, TextRules.Check(line, Use with { Kind = null, Name = "the opt-out line" }).Count == 0);

    [Fact]
    public void A_treatment_may_be_named_only_where_the_clinic_switched_that_on()
    {
        const string text = "Your laser visit is on {date}.";

        Assert.True(Assert.Single(TextRules.Check(text, Use)).IsWarning);
        Assert.False(Assert.Single(TextRules.Check(text, Use with { IsClinicWording = true })).IsWarning);
        Assert.Empty(TextRules.Check(text, Use with { IsClinicWording = true, NamesTreatment = true }));
    }

    [Theory]
    [InlineData("We plan {series} visits.", "The text 'prep' says {series}, but the plan leaves the number of sessions to the clinic.")]
    [InlineData("Visits are {spacing} apart.", "The text 'prep' says {spacing}, but the series has no spacing with two ends.")]
    public void What_the_plan_does_not_know_cannot_be_said(string text, string problem)
    {
        TextUse use = Use with { Series = Use.Series with { MinSessions = null, MaxSessions = null, SpacingMax = null } };

        Assert.Equal(problem, Assert.Single(TextRules.Check(text, use)).Problem);
    }

    [Theory]
    [InlineData("Book on [{bookingUrl}].", "on .")]
    [InlineData("To book: [{bookingUrl}].", "book: .")]
    [InlineData("To book: [{bookingUrl}|call {phone}].", null)]
    [InlineData("Book on our page[ {bookingUrl}] or call {phone}.", null)]
    [InlineData("And so on... Call {phone}.", null)]
    public void A_text_reads_well_without_its_optional_parts(string text, string? gap) =>
        Assert.Equal(
            gap is null ? [] : [$"The text 'prep' has a gap ('{gap}') where a clinic lacks what stands in brackets."],
            TextRules.Check(text, Use).Select(problem => problem.Problem));
}
