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
