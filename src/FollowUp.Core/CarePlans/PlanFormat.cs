using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;

namespace FollowUp.Core.CarePlans;

/// <summary>The keys and words of a plan file. The JSON Schema beside this file has the same; a test compares the two.</summary>
internal static class PlanFormat
{
    public static readonly string[] PlanKeys =
        ["id", "version", "treatment", "sessionDuration", "clinicianApproved", "series", "fields", "steps", "texts"];

    public static readonly string[] SeriesKeys =
        ["minSessions", "maxSessions", "spacingMin", "spacingMax", "source", "grade", "sessionsSource", "sessionsGrade"];

    public static readonly string[] FieldKeys = ["value", "source", "grade"];

    public static readonly string[] StepKeys =
    [
        "id", "kind", "anchor", "offset", "at", "sessions", "until", "onlyAfter", "essential", "usefulFor", "asks", "text", "source", "grade",
    ];

    public static readonly Dictionary<string, EvidenceGrade> Grades = new()
    {
        ["A"] = EvidenceGrade.A,
        ["C"] = EvidenceGrade.C,
        ["J"] = EvidenceGrade.J,
        ["W"] = EvidenceGrade.W,
    };

    public static readonly Dictionary<string, StepKind> Kinds = Enum.GetValues<StepKind>().ToDictionary(StepKinds.NameOf);

    public static readonly Dictionary<string, StepAnchor> Anchors = new()
    {
        ["booked"] = StepAnchor.Booked,
        ["session-start"] = StepAnchor.SessionStart,
        ["session-end"] = StepAnchor.SessionEnd,
        ["previous-step"] = StepAnchor.PreviousStep,
        ["window-opens"] = StepAnchor.WindowOpens,
        ["window-closes"] = StepAnchor.WindowCloses,
        ["last-session"] = StepAnchor.LastSession,
    };

    public static readonly Dictionary<string, SessionCondition> Sessions = new()
    {
        ["all"] = SessionCondition.All,
        ["first"] = SessionCondition.First,
        ["later"] = SessionCondition.Later,
        ["last"] = SessionCondition.Last,
        ["not-last"] = SessionCondition.NotLast,
    };

    public static readonly Dictionary<string, StepUntil> Until = new()
    {
        ["rebooked"] = StepUntil.Rebooked,
        ["reply"] = StepUntil.Reply,
        ["rebooked-or-reply"] = StepUntil.Rebooked | StepUntil.Reply,
    };

    public static readonly Dictionary<string, AskedFor> Asks = new()
    {
        ["appointment"] = AskedFor.Appointment,
        ["rating"] = AskedFor.Rating,
    };

    public static readonly Dictionary<string, bool> OnlyAfter = new() { ["no-show"] = true };

    public static readonly Dictionary<string, bool> YesOrNo = new() { ["true"] = true, ["false"] = false };

    /// <summary>The word for a value of one of the tables above.</summary>
    public static string WordFor<T>(this IReadOnlyDictionary<string, T> words, T value)
        where T : struct => words.First(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Key;
}
