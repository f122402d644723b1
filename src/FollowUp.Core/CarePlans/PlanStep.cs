using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>One text of a plan: when it is due, for which sessions, and how long it stays true.</summary>
public sealed record PlanStep
{
    /// <summary>Unique in the plan, stable across versions: the message ledger is keyed by it.</summary>
    public required string Id { get; init; }

    /// <summary>What the text is for. It decides which consent it needs.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>The moment from which <see cref="Offset"/> counts.</summary>
    public required StepAnchor Anchor { get; init; }

    /// <summary>
    /// From the anchor to the due time; negative is before. Days, weeks and months are counted on the patient's calendar, so that
    /// "3 days after 10:00" is at 10:00 on either side of a daylight-saving change; hours and minutes are elapsed time.
    /// </summary>
    public required Period Offset { get; init; }

    /// <summary>The patient's local time of day at which the step is due, or null for the time of day of the anchor.</summary>
    public LocalTime? At { get; init; }

    /// <summary>Which sessions of a course have this step.</summary>
    public SessionCondition Sessions { get; init; } = SessionCondition.All;

    /// <summary>What makes the step fall away before it is sent.</summary>
    public StepUntil Until { get; init; }

    /// <summary>Whether the step is only for patients who missed an earlier session without calling it off.</summary>
    public bool OnlyAfterNoShow { get; init; }

    /// <summary>Whether a patient who asked for essentials only still gets it.</summary>
    public required bool Essential { get; init; }

    /// <summary>
    /// How long after its due time the text is still true and welcome, counted like <see cref="Offset"/>. Null is until the session
    /// starts, which also ends every preparation and reminder.
    /// </summary>
    public Period? UsefulFor { get; init; }

    /// <summary>Which answer the text asks for, if any: <see cref="AskedFor.Appointment"/> or <see cref="AskedFor.Rating"/>.</summary>
    public AskedFor Asks { get; init; }

    /// <summary>Key of the text in <see cref="CarePlan.Texts"/>.</summary>
    public required string TextKey { get; init; }

    /// <summary>Where the timing comes from.</summary>
    public required string Source { get; init; }

    /// <summary>How far that source can be trusted.</summary>
    public required EvidenceGrade Grade { get; init; }

    /// <summary>Whether a session of the course has this step.</summary>
    /// <param name="number">Which session it is, from 1.</param>
    /// <param name="planned">How many are planned.</param>
    public bool IsPartOf(int number, int planned) => (Anchor is not StepAnchor.LastSession || number == planned) && Sessions switch
    {
        SessionCondition.First => number == 1,
        SessionCondition.Later => number > 1,
        SessionCondition.Last => number == planned,
        SessionCondition.NotLast => number < planned,
        _ => true,
    };
}

/// <summary>Moments in a session's life that a step can be timed from.</summary>
public enum StepAnchor
{
    /// <summary><c>booked</c>: when the session got its present time.</summary>
    Booked,

    /// <summary><c>session-start</c></summary>
    SessionStart,

    /// <summary><c>session-end</c>: the start plus the plan's session duration.</summary>
    SessionEnd,

    /// <summary>
    /// <c>previous-step</c>: the due time of the step that stands before it in the plan, which is on the same side of the session and
    /// which every session with this step has too.
    /// </summary>
    PreviousStep,

    /// <summary><c>window-opens</c>: the earliest advised time of the next session, the start plus the shortest spacing.</summary>
    WindowOpens,

    /// <summary><c>window-closes</c>: the latest advised time of the next session, the start plus the longest spacing.</summary>
    WindowCloses,

    /// <summary><c>last-session</c>: the start of the last planned session. Other sessions do not have the step.</summary>
    LastSession,
}

/// <summary>Which sessions of a course have a step.</summary>
public enum SessionCondition
{
    /// <summary><c>all</c></summary>
    All,

    /// <summary><c>first</c>: number 1.</summary>
    First,

    /// <summary><c>later</c>: every one but the first.</summary>
    Later,

    /// <summary><c>last</c>: the last planned one, also when it is the only one.</summary>
    Last,

    /// <summary><c>not-last</c>: every one that another planned session follows.</summary>
    NotLast,
}

/// <summary>What ends a step before it is sent.</summary>
[Flags]
public enum StepUntil
{
    /// <summary>Nothing but its time.</summary>
    None = 0,

    /// <summary><c>rebooked</c>: the patient has a later session of the same plan.</summary>
    Rebooked = 1,

    /// <summary><c>reply</c>: the patient has written something since the session began.</summary>
    Reply = 2,
}
