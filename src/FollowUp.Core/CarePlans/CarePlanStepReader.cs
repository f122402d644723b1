using FollowUp.Core.Contacts;
using FollowUp.Core.Timelines;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Reads the steps of a plan and refuses those that could never be right.</summary>
internal static class CarePlanStepReader
{
    public static readonly Dictionary<string, EvidenceGrade> Grades = new()
    {
        ["A"] = EvidenceGrade.A,
        ["C"] = EvidenceGrade.C,
        ["J"] = EvidenceGrade.J,
    };

    private static readonly string[] StepKeys =
        ["id", "kind", "anchor", "offset", "at", "sessions", "until", "essential", "usefulFor", "text", "source", "grade"];

    private static readonly Dictionary<string, StepKind> Kinds = Enum.GetValues<StepKind>().ToDictionary(StepKinds.NameOf);

    private static readonly Dictionary<string, StepAnchor> Anchors = new()
    {
        ["booked"] = StepAnchor.Booked,
        ["session-start"] = StepAnchor.SessionStart,
        ["session-end"] = StepAnchor.SessionEnd,
        ["window-opens"] = StepAnchor.WindowOpens,
        ["window-closes"] = StepAnchor.WindowCloses,
        ["last-session"] = StepAnchor.LastSession,
    };

    private static readonly Dictionary<string, SessionCondition> Conditions = new()
    {
        ["all"] = SessionCondition.All,
        ["first"] = SessionCondition.First,
        ["later"] = SessionCondition.Later,
        ["last"] = SessionCondition.Last,
        ["not-last"] = SessionCondition.NotLast,
    };

    private static readonly Dictionary<string, bool> Until = new() { ["rebooked"] = true };

    private static readonly Dictionary<string, bool> YesOrNo = new() { ["true"] = true, ["false"] = false };

    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public static IEnumerable<PlanStep> ReadAll(YamlSection root)
    {
        IReadOnlyList<YamlNode> nodes = root.List("steps", "(a list)");
        if (nodes.Count == 0)
        {
            throw root.At("steps", "The plan has no steps.", "Write at least one entry under 'steps:'.");
        }

        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (YamlNode node in nodes)
        {
            YamlSection section = new(node, root.File, "a step", StepKeys);
            PlanStep step = Read(section);
            if (!ids.Add(step.Id))
            {
                throw section.At("id", $"The step id '{step.Id}' is used twice.", "Give each step an id of its own.");
            }

            yield return step;
        }
    }

    private static PlanStep Read(YamlSection section)
    {
        string id = section.Text("id", "prep-7d");
        if (!Identifier.IsValid(id))
        {
            throw section.At("id", $"'{id}' cannot be an id.", $"Write {Identifier.Rule}.");
        }

        StepKind kind = section.OneOf("kind", Kinds);
        PlanStep step = new()
        {
            Id = id,
            Kind = kind,
            Anchor = section.OneOf("anchor", Anchors),
            Offset = ReadOffset(section),
            At = section.Has("at") ? section.Value("at", "10:00", ParseTime) : null,
            Sessions = section.Has("sessions") ? section.OneOf("sessions", Conditions) : SessionCondition.All,
            Until = section.Has("until") && section.OneOf("until", Until) ? StepUntil.Rebooked : StepUntil.None,
            Essential = section.Has("essential") ? section.OneOf("essential", YesOrNo) : StepKinds.IsEssentialByDefault(kind),
            UsefulFor = section.Has("usefulFor") ? ReadUsefulFor(section) : null,
            TextKey = section.Text("text", id),
            Source = section.Text("source", "where the timing comes from"),
            Grade = section.OneOf("grade", Grades),
        };
        RefuseImpossible(step, section);
        return step;
    }

    private static Period ReadOffset(YamlSection section)
    {
        Period offset = section.Value("offset", "-P7D", CarePlanReader.ParsePeriod);
        return Math.Abs(RoughDays(offset)) <= 3 * 366
            ? offset
            : throw section.At("offset", "The offset is longer than three years.", "Write a shorter period, such as P6M.");
    }

    private static Period ReadUsefulFor(YamlSection section)
    {
        Period period = section.Value("usefulFor", "P1D", CarePlanReader.ParsePeriod);
        return RoughDays(period) is > 0 and <= 366
            ? period
            : throw section.At("usefulFor", "A text is useful for some time, at most a year.", "Write a positive period, such as PT12H or P2D.");
    }

    private static void RefuseImpossible(PlanStep step, YamlSection section)
    {
        double days = RoughDays(step.Offset);
        string kind = StepKinds.NameOf(step.Kind);
        if (step.At is not null && step.Offset.HasTimeComponent)
        {
            throw section.At("at", "A step with a time of day cannot have hours or minutes in its offset.", "Write the offset in days, weeks or months, or leave out 'at'.");
        }

        bool before = StepKinds.IsBeforeSession(step.Kind);
        if (before && step.Anchor is not (StepAnchor.SessionStart or StepAnchor.Booked))
        {
            throw section.At("anchor", $"A step of kind {kind} comes before the session.", "Write 'anchor: session-start' with a negative offset, or 'anchor: booked'.");
        }

        if (before && step.Anchor is StepAnchor.SessionStart && days >= 0)
        {
            throw section.At("offset", $"A step of kind {kind} comes before the session.", "Write a negative offset, such as -P1D.");
        }

        if (!before && step.Anchor is StepAnchor.Booked)
        {
            throw section.At("anchor", $"A step of kind {kind} comes after the session.", "Count it from session-start, session-end, window-opens, window-closes or last-session.");
        }

        if (!before && days <= 0 && step.Anchor is (StepAnchor.SessionStart or StepAnchor.SessionEnd or StepAnchor.LastSession))
        {
            throw section.At("offset", $"A step of kind {kind} comes after the session.", "Write a positive offset, such as P3D.");
        }

        if (step.Anchor is StepAnchor.Booked && days < 0)
        {
            throw section.At("offset", "Nothing can be sent before the booking.", "Write an offset of PT0M or more.");
        }

        if (!before && step.UsefulFor is null)
        {
            throw section.At("usefulFor", $"A step of kind {kind} must say how long its text stays true.", "Add for example 'usefulFor: P2D'.");
        }

        if (step.Essential && StepKinds.IsMarketing(step.Kind))
        {
            throw section.At("essential", $"A step of kind {kind} counts as marketing, which is never essential.", "Leave out 'essential'.");
        }
    }

    private static LocalTime? ParseTime(string text) =>
        TimeOfDay.Parse(text).TryGetValue(default, out LocalTime time) ? time : null;

    /// <summary>Length in days, taking a month as 31 and a year as 366 of them: enough for the sign and for bounds.</summary>
    private static double RoughDays(Period period) =>
        (period.Years * 366.0) + (period.Months * 31.0) + (period.Weeks * 7.0) + period.Days
        + (period.Hours / 24.0) + (period.Minutes / 1440.0) + (period.Seconds / 86_400.0)
        + (period.Milliseconds / 86_400e3) + (period.Ticks / 864e9) + (period.Nanoseconds / 86_400e9);
}
