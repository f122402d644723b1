using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.CarePlans;

public class CarePlanReaderTests
{
    private const string Good = """
        id: peel
        version: 2
        treatment: Superficial peel
        sessionDuration: PT45M
        clinicianApproved: true
        series:
          minSessions: 4
          maxSessions: 6
          spacingMin: P2W
          spacingMax: P5W
          source: clinic sheets
          grade: C
        steps:
          - id: prep
            kind: preparation
            anchor: session-start
            offset: -P3D
            text: prep
            source: our choice
            grade: J
          - id: look
            kind: check-in
            anchor: session-start
            offset: P2D
            at: 09:30
            sessions: first
            usefulFor: P1D
            essential: true
            text: look
            source: clinic sheets
            grade: C
        texts:
          en:
            opt-out: Reply STOP to opt out.
            prep: Hi {firstName}, see you on {date}.
            look: Hi {firstName}, questions? Call {phone}.

        """;

    [Fact]
    public void A_plan_is_read_as_it_is_written()
    {
        CarePlan plan = CarePlanReader.Read(Good, "peel.yaml");

        Assert.Equal(("peel", 2, "Superficial peel", true, "en"), (plan.Id, plan.Version, plan.Treatment, plan.ClinicianApproved, plan.DefaultLanguage));
        Assert.Equal(Duration.FromMinutes(45), plan.SessionDuration);
        Assert.Equal(new Series(4, 6, Period.FromWeeks(2), Period.FromWeeks(5), "clinic sheets", EvidenceGrade.C), plan.Series);
        Assert.Equal(
            new PlanStep
            {
                Id = "prep",
                Kind = StepKind.Preparation,
                Anchor = StepAnchor.SessionStart,
                Offset = Period.FromDays(-3),
                Essential = true,
                TextKey = "prep",
                Source = "our choice",
                Grade = EvidenceGrade.J,
            },
            plan.Steps[0]);
        Assert.Equal(
            new PlanStep
            {
                Id = "look",
                Kind = StepKind.CheckIn,
                Anchor = StepAnchor.SessionStart,
                Offset = Period.FromDays(2),
                At = new LocalTime(9, 30),
                Sessions = SessionCondition.First,
                UsefulFor = Period.FromDays(1),
                Essential = true,
                TextKey = "look",
                Source = "clinic sheets",
                Grade = EvidenceGrade.C,
            },
            plan.Steps[1]);
        Assert.Equal("Hi {firstName}, see you on {date}.", plan.Texts["en"]["prep"]);
    }

    [Theory]
    [InlineData("version: 2", "version: two", 2, "'version: two' is not understood.", "Write for example 'version: 1'.")]
    [InlineData("version: 2", "version: 0", 2, "'version: 0' is not understood.", "Write for example 'version: 1'.")]
    [InlineData("version: 2", "versoin: 2", 2, "A plan has no key 'versoin'.", "Use only: id, version, treatment, sessionDuration, clinicianApproved, series, steps, texts.")]
    [InlineData("version: 2\n", "", 1, "A plan lacks the key 'version'.", "Add 'version: 1'.")]
    [InlineData("id: peel", "id: a peel", 1, "'a peel' cannot be an id.", "Write 1 to 64 of A-Z a-z 0-9 . _ - that begin with a letter or digit.")]
    [InlineData("clinicianApproved: true", "clinicianApproved: perhaps", 5, "'clinicianApproved: perhaps' is not understood.", "Write one of: true, false.")]
    [InlineData("PT45M", "45 minutes", 4, "'sessionDuration: 45 minutes' is not understood.", "Write for example 'sessionDuration: PT1H'.")]
    [InlineData("PT45M", "P1D", 4, "A session cannot take 'P1D'.", "Write more than nothing and at most PT12H, such as PT1H or PT45M.")]
    [InlineData("maxSessions: 6", "maxSessions: 3", 8, "The most sessions (3) are fewer than the fewest (4).", "Write maxSessions as a number not below minSessions.")]
    [InlineData("spacingMax: P5W", "spacingMax: P1W", 10, "The longest spacing is shorter than the shortest.", "Write spacingMax as a period not shorter than spacingMin.")]
    [InlineData("spacingMin: P2W", "spacingMin: P2W1D", 9, "'spacingMin: P2W1D' is not understood.", "Write for example 'spacingMin: P4W'.")]
    [InlineData("grade: J", "grade: W", 20, "'grade: W' is not understood.", "Write one of: A, C, J.")]
    [InlineData("kind: preparation", "kind: prep", 15, "'kind: prep' is not understood.", "Write one of: preparation, reminder, aftercare, check-in, rebooking, results, maintenance.")]
    [InlineData("id: look", "id: prep", 21, "The step id 'prep' is used twice.", "Give each step an id of its own.")]
    [InlineData("offset: -P3D", "offset: 3 days", 17, "'offset: 3 days' is not understood.", "Write for example 'offset: -P7D'.")]
    [InlineData("offset: -P3D", "offset: P3D", 17, "A step of kind preparation comes before the session.", "Write a negative offset, such as -P1D.")]
    [InlineData("offset: P2D", "offset: -P2D", 24, "A step of kind check-in comes after the session.", "Write a positive offset, such as P3D.")]
    [InlineData("offset: P2D", "offset: P9Y", 24, "The offset is longer than three years.", "Write a shorter period, such as P6M.")]
    [InlineData("offset: P2D", "offset: PT2H", 25, "A step with a time of day cannot have hours or minutes in its offset.", "Write the offset in days, weeks or months, or leave out 'at'.")]
    [InlineData("at: 09:30", "at: 9:30 AM", 25, "'at: 9:30 AM' is not understood.", "Write for example 'at: 10:00'.")]
    [InlineData("sessions: first", "session: first", 26, "A step has no key 'session'.", "Use only: id, kind, anchor, offset, at, sessions, until, essential, usefulFor, text, source, grade.")]
    [InlineData("    usefulFor: P1D\n", "", 21, "A step of kind check-in must say how long its text stays true.", "Add for example 'usefulFor: P2D'.")]
    [InlineData("usefulFor: P1D", "usefulFor: -P1D", 27, "A text is useful for some time, at most a year.", "Write a positive period, such as PT12H or P2D.")]
    [InlineData("kind: check-in", "kind: rebooking", 28, "A step of kind rebooking counts as marketing, which is never essential.", "Leave out 'essential'.")]
    [InlineData("text: look", "text: lokk", 36, "The language 'en' has no key 'look'.", "Use only: prep, lokk, opt-out, treatment.")]
    [InlineData("    look: Hi {firstName}, questions? Call {phone}.\n", "", 34, "The language 'en' lacks the key 'look'.", "Add 'look: (the text)'.")]
    [InlineData("    opt-out: Reply STOP to opt out.\n", "", 34, "The language 'en' lacks the key 'opt-out'.", "Add 'opt-out: Reply STOP to opt out.'.")]
    [InlineData("  en:", "  fr:", 34, "Dates cannot be written in the language 'fr'.", "Use only: en, es, also with a region.")]
    [InlineData("{date}", "{day}", 35, "In the text 'prep': There is no placeholder '{day}'.", "Use only: {firstName}, {clinic}, {phone}, {emergency}, {bookingUrl}, {date}, {time}, {session}, {sessions}, {series}, {spacing}, {treatment}, {sunscreen}, {makeUp}, {exercise}, {retinoids}, {sun}.")]
    [InlineData("{date}", "{date", 35, "In the text 'prep': A '{' has no '}'.", "Write placeholders as {firstName}.")]
    [InlineData("{date}", "{bookingUrl}", 35, "In the text 'prep': A clinic may have no '{bookingUrl}'.", "Write it in brackets with what to say without it: '[... {bookingUrl}|...]'.")]
    [InlineData("{date}", "[{date}", 35, "In the text 'prep': A '[' has no ']'.", "Write '[text with {bookingUrl}|text without]'.")]
    [InlineData("questions? Call", "all well? Reply YES or call", 36, "The text 'look' seems to invite the answer 'YES', which Twilio keeps to itself.", "Ask the patient to call instead.")]
    [InlineData("questions? Call", "to change it send back 'cancel' or call", 36, "The text 'look' seems to invite the answer 'cancel', which Twilio keeps to itself.", "Ask the patient to call instead.")]
    public void A_mistake_is_reported_with_its_line_and_what_to_write_instead(string right, string wrong, int line, string problem, string remedy)
    {
        Assert.Contains(right, Good);
        int at = Good.IndexOf(right, StringComparison.Ordinal);

        CarePlanException mistake = Assert.Throws<CarePlanException>(
            () => CarePlanReader.Read(Good[..at] + wrong + Good[(at + right.Length)..], "peel.yaml"));

        Assert.Equal((line, problem, remedy), (mistake.Line, mistake.Problem, mistake.Remedy));
        Assert.Equal($"peel.yaml:{line}: {problem} {remedy}", mistake.Message);
    }

    [Fact]
    public void A_text_that_can_become_too_long_is_reported_with_by_how_much()
    {
        string plan = Good.Replace("questions?", new string('q', 300), StringComparison.Ordinal);

        CarePlanException mistake = Assert.Throws<CarePlanException>(() => CarePlanReader.Read(plan, "peel.yaml"));

        Assert.Equal(36, mistake.Line);
        Assert.Equal("The text 'look' in 'en' can come to 360 characters.", mistake.Problem);
        Assert.Equal("Shorten it by 40, so that it stays within 320.", mistake.Remedy);
    }

    [Fact]
    public void A_language_that_lacks_a_text_is_reported()
    {
        CarePlanException mistake = Assert.Throws<CarePlanException>(
            () => CarePlanReader.Read(Good + "  es:\n    opt-out: Responde STOP para darte de baja.\n    prep: Hola {firstName}.\n", "peel.yaml"));

        Assert.Equal((38, "The language 'es' lacks the key 'look'."), (mistake.Line, mistake.Problem));
    }

    [Theory]
    [InlineData("version: 2", "version: 2\nversion: 3", 3)]
    [InlineData("version: 2", "version: \"2", 2)]
    public void What_is_not_YAML_is_reported_with_its_line(string right, string wrong, int line)
    {
        CarePlanException mistake = Assert.Throws<CarePlanException>(
            () => CarePlanReader.Read(Good.Replace(right, wrong, StringComparison.Ordinal), "peel.yaml"));

        Assert.Equal(line, mistake.Line);
        Assert.StartsWith("This is not valid YAML", mistake.Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just words")]
    [InlineData("- a\n- list")]
    [InlineData("id: a\n---\nid: b")]
    public void A_file_that_is_no_plan_is_reported(string yaml) =>
        Assert.Equal(1, Assert.Throws<CarePlanException>(() => CarePlanReader.Read(yaml, "peel.yaml")).Line);
}
