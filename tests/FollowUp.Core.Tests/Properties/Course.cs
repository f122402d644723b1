using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;

namespace FollowUp.Tests.Properties;

/// <summary>A plan, the facts of one of its sessions, and another time to which that session could be moved.</summary>
public sealed record Course(CarePlan Plan, SessionFacts Facts, SessionFacts Moved)
{
    public IReadOnlyList<TimelineStep> Timeline => FollowUp.Core.Timelines.Timeline.Compute(Plan, Facts);

    public PlanStep Step(string id) => Plan.Steps.Single(step => step.Id == id);

    /// <summary>All that is needed to write the case down as a test.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            "",
            .. Plan.Steps.Select(step => step.ToString()),
            $"{Plan.SessionDuration} {Plan.Series}",
            $"{Facts} {Facts.Phone?.E164}",
            $"sent: {string.Join(", ", Facts.AlreadySent)}; marketing: {string.Join(", ", Facts.SentMarketing)}",
            $"no marketing on {string.Join(", ", Facts.Rules.NoMarketingDays)}; holidays: {Facts.Rules.NoMarketingHolidays.Count}",
            $"moved to {Moved.StartsAt} at {Moved.BookedAt}",
        ]);
}
