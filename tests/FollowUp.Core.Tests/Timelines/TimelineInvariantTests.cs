using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Tests.Timelines;

/// <summary>What must hold of every timeline, tried in every zone of the world over a year of start times.</summary>
public class TimelineInvariantTests
{
    private static readonly int[] BookedHoursBefore = [24 * 30, 24 * 5, 20, 2, -30];

    [Fact]
    public void Planned_steps_arrive_within_the_hours_in_order_and_while_they_are_true()
    {
        int planned = 0;
        foreach (SessionFacts facts in Sessions())
        {
            IReadOnlyList<TimelineStep> steps = Timeline.Compute(Some.Plan, facts);
            Assert.Equal(10, steps.Count);
            Instant previous = Instant.MinValue;
            foreach (TimelineStep step in steps)
            {
                if (step.DueAt < previous || step.Planned != (step.Reason is null) || (step.Planned && !IsSound(step, facts)))
                {
                    Assert.Fail($"{step} is wrong for {facts}");
                }

                previous = step.DueAt;
                planned += step.Planned ? 1 : 0;
            }
        }

        Assert.True(planned > 50_000, $"only {planned} planned steps were tried");
    }

    private static bool IsSound(TimelineStep step, SessionFacts facts) =>
        facts.Hours.Contains(step.DueAt.InZone(facts.Zone).TimeOfDay)
        && step.DueAt >= facts.BookedAt
        && step.DueAt < step.UsefulUntil
        && (StepKinds.IsBeforeSession(step.Kind) ? step.UsefulUntil <= facts.StartsAt : step.DueAt > facts.StartsAt);

    private static IEnumerable<SessionFacts> Sessions()
    {
        Instant newYear = Instant.FromUtc(2027, 1, 1, 0, 0);
        foreach (string id in DateTimeZoneProviders.Tzdb.Ids)
        {
            for (int day = 0; day < 365; day += 29)
            {
                // The hour walks around the clock, so that nights and clock changes are met too.
                Instant start = newYear + Duration.FromDays(day) + Duration.FromMinutes(day * 67 % 1440);
                yield return Some.Session(Some.FirstOfDecember) with
                {
                    StartsAt = start,
                    BookedAt = start - Duration.FromHours(BookedHoursBefore[day % BookedHoursBefore.Length]),
                    Zone = DateTimeZoneProviders.Tzdb[id],
                };
            }
        }
    }
}
