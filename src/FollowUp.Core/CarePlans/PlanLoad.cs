using FollowUp.Core.Timelines;

namespace FollowUp.Core.CarePlans;

/// <summary>How much a plan asks of a patient's attention.</summary>
public static class PlanLoad
{
    /// <summary>From so many texts a year on, more patients opt out (428,242 adults, JAMA Netw Open 2021.3479).</summary>
    public const int ManyTextsAYear = 10;

    private const double Year = 365;

    /// <summary>
    /// The most texts that a patient gets from the plan within 365 days, taking the longest course at its shortest spacing and a patient
    /// who books the next session at the first prompt. Months count as 31 days.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="essentialsOnly">Whether the patient asked for essentials only.</param>
    public static int MostTextsInAYear(CarePlan plan, bool essentialsOnly)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<double> days = [];
        double spacing = plan.Series.SpacingMin is { } period ? PlanPeriods.RoughDays(period) : Year;
        int sessions = plan.Series.MaxSessions ?? (int)Math.Ceiling(Year / spacing);
        for (int number = 1; number <= sessions; number++)
        {
            days.AddRange(DaysOfSession(plan, number, sessions, essentialsOnly).Select(day => day + ((number - 1) * spacing)));
        }

        return days.Count == 0 ? 0 : days.Max(from => days.Count(day => day >= from && day < from + Year));
    }

    private static IEnumerable<double> DaysOfSession(CarePlan plan, int number, int sessions, bool essentialsOnly)
    {
        double previous = 0;
        bool prompted = false;
        foreach (PlanStep step in plan.Steps.Where(step => step.IsPartOf(number, sessions)))
        {
            previous = PlanPeriods.RoughDays(step.Offset) + step.Anchor switch
            {
                StepAnchor.WindowOpens => PlanPeriods.RoughDays(plan.Series.SpacingMin!),
                StepAnchor.WindowCloses => PlanPeriods.RoughDays(plan.Series.SpacingMax!),
                StepAnchor.PreviousStep => previous,
                _ => 0,
            };
            bool answered = prompted && number < sessions && step.Until.HasFlag(StepUntil.Rebooked);
            prompted |= step.Kind is StepKind.Rebooking;
            if (!answered && !step.OnlyAfterNoShow && (step.Essential || !essentialsOnly))
            {
                yield return previous;
            }
        }
    }
}
