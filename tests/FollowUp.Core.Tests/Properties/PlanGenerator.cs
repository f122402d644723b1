using FollowUp.Core.CarePlans;
using FollowUp.Core.Timelines;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace FollowUp.Tests.Properties;

/// <summary>Random plans, as odd as the plan format lets them be, and among them the shipped ones.</summary>
internal static class PlanGenerator
{
    private static readonly Gen<bool> Coin = Gen.Elements(false, true);

    private static readonly Gen<bool> Seldom = Gen.Frequency((1, Gen.Constant(true)), (7, Gen.Constant(false)));

    private static readonly Gen<Period> Days = Gen.OneOf(
        Gen.Constant(Period.Zero),
        Gen.Choose(0, 14).Select(days => Period.FromDays(days)),
        Gen.Choose(1, 6).Select(weeks => Period.FromWeeks(weeks)),
        Gen.Choose(1, 6).Select(months => Period.FromMonths(months)));

    private static readonly Gen<Period> Hours = Gen.Choose(0, 96 * 60).Select(minutes => Period.FromMinutes(minutes));

    private static readonly Gen<LocalTime?> TimeOfDay = Gen.Frequency(
        (1, Gen.Constant<LocalTime?>(null)),
        (2, Gen.Choose(0, 1439).Select(minute => (LocalTime?)LocalTime.Midnight.PlusMinutes(minute))));

    private static readonly Gen<CarePlan> Shipped = Gen.Elements(CarePlanCatalogue.BuiltIn.Plans.ToArray());

    public static Gen<CarePlan> Plan => Gen.Frequency((4, Random), (1, Shipped));

    private static Gen<CarePlan> Random =>
        from count in Gen.Choose(1, 9)
        from steps in Gen.ListOf(Step, count)
        from minutes in Gen.Choose(15, 240)
        from spacing in Gen.Choose(1, 12)
        from slack in Gen.Choose(0, 4)
        select Some.Plan with
        {
            Steps = Linked(steps),
            SessionDuration = Duration.FromMinutes(minutes),
            Series = Some.Plan.Series with { SpacingMin = Period.FromWeeks(spacing), SpacingMax = Period.FromWeeks(spacing + slack) },
        };

    private static Gen<PlanStep> Step =>
        from kind in Gen.Elements(Enum.GetValues<StepKind>())
        from anchor in StepKinds.IsBeforeSession(kind)
            ? Gen.Elements(StepAnchor.Booked, StepAnchor.SessionStart, StepAnchor.PreviousStep)
            : Gen.Elements(StepAnchor.SessionStart, StepAnchor.SessionEnd, StepAnchor.PreviousStep, StepAnchor.WindowOpens, StepAnchor.WindowCloses, StepAnchor.LastSession)
        from timing in Timing(kind, anchor)
        from useful in Gen.OneOf(Days, Hours)
        from untilStart in Coin
        from sessions in Gen.Frequency((4, Gen.Constant(SessionCondition.All)), (3, Gen.Elements(Enum.GetValues<SessionCondition>())))
        from rebooked in Coin
        from reply in Seldom
        from noShow in Seldom
        from essential in Coin
        select Some.Step(kind, anchor, timing.Offset) with
        {
            At = timing.At,
            UsefulFor = StepKinds.IsBeforeSession(kind) && untilStart ? null : useful + Period.FromMinutes(1),
            Sessions = sessions,
            Until = (rebooked ? StepUntil.Rebooked : StepUntil.None) | (reply ? StepUntil.Reply : StepUntil.None),
            OnlyAfterNoShow = noShow,
            Essential = essential && !StepKinds.IsMarketing(kind),
        };

    /// <summary>Before the session the offset is negative, after it positive; of the next session's window it may be either.</summary>
    private static Gen<(Period Offset, LocalTime? At)> Timing(StepKind kind, StepAnchor anchor) =>
        from at in TimeOfDay
        from calendar in Coin
        from offset in at is not null || calendar ? Days : Hours
        from back in Coin
        select (Sign(kind, anchor, back) switch
        {
            < 0 => -(offset + OneMore(at, calendar)),
            0 => offset,
            _ => offset + OneMore(at, calendar),
        }, at);

    private static Period OneMore(LocalTime? at, bool calendar) => at is not null || calendar ? Period.FromDays(1) : Period.FromMinutes(1);

    private static int Sign(StepKind kind, StepAnchor anchor, bool back) => anchor switch
    {
        StepAnchor.Booked or StepAnchor.PreviousStep => 0,
        StepAnchor.WindowOpens or StepAnchor.WindowCloses => back ? -1 : 0,
        _ => StepKinds.IsBeforeSession(kind) ? -1 : 1,
    };

    /// <summary>Gives each step its id; one that would follow nothing, or a step on the other side of the session, counts from the session.</summary>
    private static List<PlanStep> Linked(IEnumerable<PlanStep> steps)
    {
        List<PlanStep> linked = [];
        foreach (PlanStep step in steps)
        {
            bool before = StepKinds.IsBeforeSession(step.Kind);
            bool follows = linked.Count > 0 && StepKinds.IsBeforeSession(linked[^1].Kind) == before;
            StepAnchor anchor = step.Anchor is not StepAnchor.PreviousStep || follows ? step.Anchor
                : before ? StepAnchor.Booked
                : StepAnchor.WindowOpens;
            linked.Add(step with { Id = $"s{linked.Count}", Anchor = anchor });
        }

        return linked;
    }
}
