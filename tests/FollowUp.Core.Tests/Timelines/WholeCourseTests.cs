using System.Text;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

/// <summary>The whole timeline of the shipped plan, in the patient's local time, for the three places a session can have in a course.</summary>
public class WholeCourseTests
{
    [Fact]
    public void The_first_of_four_sessions() =>
        Assert.Equal(
            """
            prep-7d+opt-out           preparation  2026-11-24 10:00 to 2026-11-28 10:00 planned
            remind-3d                 reminder     2026-11-28 10:00 to 2026-11-30 10:00 planned
            remind-1d                 reminder     2026-11-30 10:00 to 2026-12-01 10:00 planned
            care-4h                   aftercare    2026-12-01 15:00 to 2026-12-02 11:00 planned
            care-24h                  aftercare    2026-12-02 11:00 to 2026-12-03 11:00 planned
            check-3d                  check-in     2026-12-04 10:00 to 2026-12-07 10:00 planned
            care-7d                   aftercare    2026-12-08 10:00 to 2026-12-12 10:00 planned
            rebook-opens+opt-out      rebooking    2026-12-29 10:00 to 2027-01-05 10:00 planned
            rebook-nudge+opt-out      rebooking    2027-01-05 10:00 to 2027-01-12 10:00 planned
            rebook-last-call+opt-out  rebooking    2027-01-12 10:00 to 2027-01-19 10:00 planned

            """,
            Table(Some.Session(Some.FirstOfDecember)));

    [Fact]
    public void A_later_session_has_fewer_texts() =>
        Assert.Equal(
            """
            prep-7d+opt-out           preparation  2026-11-24 10:00 to 2026-11-28 10:00 planned
            remind-1d                 reminder     2026-11-30 10:00 to 2026-12-01 10:00 planned
            care-4h                   aftercare    2026-12-01 15:00 to 2026-12-02 11:00 planned
            care-24h                  aftercare    2026-12-02 11:00 to 2026-12-03 11:00 planned
            check-3d                  check-in     2026-12-04 10:00 to 2026-12-07 10:00 planned
            rebook-opens+opt-out      rebooking    2026-12-29 10:00 to 2027-01-05 10:00 planned
            rebook-nudge+opt-out      rebooking    2027-01-05 10:00 to 2027-01-12 10:00 planned
            rebook-last-call+opt-out  rebooking    2027-01-12 10:00 to 2027-01-19 10:00 planned

            """,
            Table(Some.Session(Some.FirstOfDecember) with { SessionNumber = 2 }));

    [Fact]
    public void The_last_session_is_followed_by_results_and_maintenance() =>
        Assert.Equal(
            """
            prep-7d+opt-out           preparation  2026-11-24 10:00 to 2026-11-28 10:00 planned
            remind-1d                 reminder     2026-11-30 10:00 to 2026-12-01 10:00 planned
            care-4h                   aftercare    2026-12-01 15:00 to 2026-12-02 11:00 planned
            care-24h                  aftercare    2026-12-02 11:00 to 2026-12-03 11:00 planned
            check-3d                  check-in     2026-12-04 10:00 to 2026-12-07 10:00 planned
            results-3mo               results      2027-03-01 10:00 to 2027-03-15 10:00 planned
            results-6mo               results      2027-06-01 10:00 to 2027-06-15 10:00 planned
            maintenance-6mo+opt-out   maintenance  2027-06-03 10:00 to 2027-06-17 10:00 planned

            """,
            Table(Some.Session(Some.FirstOfDecember) with { SessionNumber = 4 }));

    [Fact]
    public void A_course_of_one_session_is_the_first_and_the_last() =>
        Assert.Equal(
            ["prep-7d", "remind-3d", "remind-1d", "care-4h", "care-24h", "check-3d", "care-7d", "results-3mo", "results-6mo", "maintenance-6mo"],
            Timeline.Compute(Some.Plan, Some.Session(Some.FirstOfDecember) with { PlannedSessions = 1 }).Select(step => step.Step));

    [Fact]
    public void The_same_input_gives_the_same_output() =>
        Assert.Equal(
            Timeline.Compute(Some.Plan, Some.Session(Some.FirstOfDecember)),
            Timeline.Compute(Some.Plan, Some.Session(Some.FirstOfDecember)));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_session_number_outside_the_course_is_refused(int number) =>
        Assert.Throws<ArgumentException>(() => Timeline.Compute(Some.Plan, Some.Session(Some.FirstOfDecember) with { SessionNumber = number }));

    private static string Table(SessionFacts facts)
    {
        StringBuilder table = new();
        foreach (TimelineStep step in Timeline.Compute(Some.Plan, facts))
        {
            table.Append($"{step.TextKey,-25} {StepKinds.NameOf(step.Kind),-12} {Local(step.DueAt, facts)} to {Local(step.UsefulUntil, facts)} ");
            table.Append(step.Planned ? "planned" : step.Reason).Append('\n');
        }

        return table.ToString();
    }

    private static string Local(Instant instant, SessionFacts facts) =>
        instant.InZone(facts.Zone).ToString("uuuu-MM-dd HH:mm", null);
}
