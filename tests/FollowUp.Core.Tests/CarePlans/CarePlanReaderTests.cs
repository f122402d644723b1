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

        Assert.Equal(
            ("peel", 2, "Superficial peel", true, "en"),
            (plan.Id, plan.Version, plan.Treatment, plan.ClinicianApproved, plan.DefaultLanguage));
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

    [Fact]
    public void Conditions_and_fields_are_read_as_they_are_written()
    {
        string yaml = Changed(
            ("steps:\n", "fields:\n  sun:\n    value: P2W\n    source: clinic sheets\n    grade: C\n  exercise:\n    value:\n    source: they disagree\n    grade: C\nsteps:\n"),
            (
                "anchor: session-start\n    offset: P2D\n    at: 09:30",
                "anchor: window-closes\n    offset: P2D\n    until: rebooked-or-reply\n    onlyAfter: no-show"));

        CarePlan plan = CarePlanReader.Read(yaml, "peel.yaml");

        PlanStep look = plan.Steps[1];
        Assert.Equal(
            (StepAnchor.WindowCloses, StepUntil.Rebooked | StepUntil.Reply, true),
            (look.Anchor, look.Until, look.OnlyAfterNoShow));
        Assert.Equal(
            [new PlanField("sun", Period.FromWeeks(2), "clinic sheets", EvidenceGrade.C), new PlanField("exercise", null, "they disagree", EvidenceGrade.C)],
            plan.Fields);
    }

    [Fact]
    public void What_only_weak_sources_tell_is_read_as_unknown()
    {
        string yaml = Changed(
            ("minSessions: 4\n  maxSessions: 6", "minSessions:\n  maxSessions:\n  sessionsSource: a forum\n  sessionsGrade: W"),
            ("offset: P2D", "offset:"),
            ("source: clinic sheets\n    grade: C\ntexts", "source: a forum\n    grade: W\ntexts"));

        CarePlan plan = CarePlanReader.Read(yaml, "peel.yaml");

        Assert.Equal(
            (null, null, EvidenceGrade.W, "a forum"),
            (plan.Series.MinSessions, plan.Series.MaxSessions, plan.Series.SessionsGrade, plan.Series.SessionsSource));
        Assert.Equal(Period.FromWeeks(2), plan.Series.SpacingMin);
        Assert.Equal(["prep"], plan.Steps.Select(step => step.Id));
        UnsetStep look = Assert.Single(plan.UnsetSteps);
        Assert.Equal(
            ("look", StepKind.CheckIn, StepAnchor.SessionStart, "look", "a forum"),
            (look.Id, look.Kind, look.Anchor, look.TextKey, look.Source));
    }

    [Fact]
    public void A_step_can_be_counted_from_the_one_before_it()
    {
        string yaml = Changed((
            "  - id: look",
            "  - id: again\n    kind: reminder\n    anchor: previous-step\n    offset: P1D\n    text: prep\n    source: our choice\n    grade: J\n  - id: look"));

        PlanStep again = CarePlanReader.Read(yaml, "peel.yaml").Steps[1];

        Assert.Equal(("again", StepAnchor.PreviousStep, Period.FromDays(1)), (again.Id, again.Anchor, again.Offset));
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

    private static string Changed(params (string From, string To)[] changes)
    {
        string yaml = Good;
        foreach ((string from, string to) in changes)
        {
            Assert.Contains(from, yaml);
            yaml = yaml.Replace(from, to, StringComparison.Ordinal);
        }

        return yaml;
    }
}
