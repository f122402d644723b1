using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>Refuses steps that could never be right, whether a file or a clinic's override has them.</summary>
internal static class PlanStepRules
{
    /// <summary>What is wrong with a step, by the key of the plan file that it is wrong in.</summary>
    public sealed record Mistake(string Key, string Problem, string Remedy);

    /// <summary>Every mistake of a step that does not lie in its offset.</summary>
    /// <param name="step">The step.</param>
    /// <param name="previous">The step before it in the file, if there is one.</param>
    /// <param name="series">Null if it could not be read, which leaves the rules that need it out.</param>
    public static IEnumerable<Mistake> OfStep(PlanStep step, PlanStep? previous, Series? series)
    {
        string kind = StepKinds.NameOf(step.Kind);
        bool before = StepKinds.IsBeforeSession(step.Kind);
        if (before && step.Anchor is not (StepAnchor.SessionStart or StepAnchor.Booked or StepAnchor.PreviousStep))
        {
            yield return new(
                "anchor",
                $"A step of kind {kind} comes before the session.",
                "Write 'anchor: session-start' with a negative offset, or 'anchor: booked'.");
        }

        if (!before && step.Anchor is StepAnchor.Booked)
        {
            yield return new(
                "anchor",
                $"A step of kind {kind} comes after the session.",
                "Count it from session-start, session-end, window-opens, window-closes or last-session.");
        }

        if (!before && step.UsefulFor is null)
        {
            yield return new(
                "usefulFor",
                $"A step of kind {kind} must say how long its text stays true.",
                "Add for example 'usefulFor: P2D'.");
        }

        if (step.Essential && StepKinds.IsMarketing(step.Kind))
        {
            yield return new(
                "essential",
                $"A step of kind {kind} counts as marketing, which is never essential.",
                "Leave out 'essential'.");
        }

        if (step.Asks is AskedFor.Appointment && !before)
        {
            yield return new("asks", $"A step of kind {kind} comes after the session, which nobody can confirm any more.", "Leave out 'asks'.");
        }

        if (step.Asks is AskedFor.Rating && step.Kind is not StepKind.CheckIn)
        {
            yield return new("asks", $"A step of kind {kind} is no check-in.", "Write 'kind: check-in', or leave out 'asks'.");
        }

        foreach (Mistake mistake in OfPrevious(step, previous).Concat(series is null ? [] : OfSeries(step, series)))
        {
            yield return mistake;
        }
    }

    /// <summary>Every mistake in the offset of a step.</summary>
    public static IEnumerable<Mistake> OfOffset(PlanStep step, Series? series)
    {
        double days = PlanPeriods.RoughDays(step.Offset);
        string kind = StepKinds.NameOf(step.Kind);
        bool before = StepKinds.IsBeforeSession(step.Kind);
        if (Math.Abs(days) > 3 * 366)
        {
            yield return new("offset", "The offset is longer than three years.", "Write a shorter period, such as P6M.");
        }

        if (step.At is not null && step.Offset.HasTimeComponent)
        {
            yield return new(
                "at",
                "A step with a time of day cannot have hours or minutes in its offset.",
                "Write the offset in days, weeks or months, or leave out 'at'.");
        }

        if (before && step.Anchor is StepAnchor.SessionStart && days >= 0)
        {
            yield return new("offset", $"A step of kind {kind} comes before the session.", "Write a negative offset, such as -P1D.");
        }

        if (!before && days <= 0 && step.Anchor is StepAnchor.SessionStart or StepAnchor.SessionEnd or StepAnchor.LastSession)
        {
            yield return new("offset", $"A step of kind {kind} comes after the session.", "Write a positive offset, such as P3D.");
        }

        if (step.Anchor is StepAnchor.Booked && days < 0)
        {
            yield return new("offset", "Nothing can be sent before the booking.", "Write an offset of PT0M or more.");
        }

        if (step.Anchor is StepAnchor.PreviousStep && days <= 0)
        {
            yield return new(
                "offset",
                "A step cannot come before the step that it is counted from.",
                "Write a positive offset, such as P3D, or order the steps by time.");
        }

        if (series?.SpacingMin is { } spacing && PromptsTooEarly(step, days, PlanPeriods.RoughDays(spacing)))
        {
            yield return new(
                "offset",
                "The prompt to book comes before the next session is advised.",
                $"Write an offset of {PlanPeriods.Write(spacing)} or more, or 'anchor: window-opens'.");
        }
    }

    private static IEnumerable<Mistake> OfPrevious(PlanStep step, PlanStep? previous)
    {
        if (step.Anchor is not StepAnchor.PreviousStep)
        {
            yield break;
        }

        if (previous is null)
        {
            yield return new("anchor", "There is no step before this one.", "Count the first step from session-start or booked.");
        }
        else if (StepKinds.IsBeforeSession(previous.Kind) != StepKinds.IsBeforeSession(step.Kind))
        {
            yield return new(
                "anchor",
                $"The step '{previous.Id}' before this one is on the other side of the session.",
                "Count this step from session-start or session-end.");
        }
        else if (previous.Sessions is not SessionCondition.All && previous.Sessions != step.Sessions)
        {
            string sessions = PlanFormat.Sessions.WordFor(previous.Sessions);
            yield return new(
                "anchor",
                $"Some sessions with this step lack the step '{previous.Id}' that it is counted from.",
                $"Write 'sessions: {sessions}' here too, or count this step from another anchor.");
        }
        else if (previous.Anchor is StepAnchor.LastSession && step.Sessions is not SessionCondition.Last)
        {
            yield return new(
                "sessions",
                $"Some sessions with this step lack the step '{previous.Id}' that it is counted from.",
                "Write 'sessions: last' here.");
        }
    }

    private static IEnumerable<Mistake> OfSeries(PlanStep step, Series series)
    {
        bool window = step.Anchor is StepAnchor.WindowOpens or StepAnchor.WindowCloses;
        if (window && (step.Anchor is StepAnchor.WindowOpens ? series.SpacingMin : series.SpacingMax) is null)
        {
            string key = step.Anchor is StepAnchor.WindowOpens ? "spacingMin" : "spacingMax";
            yield return new(
                "anchor",
                $"The series has no {key}, so there is no such moment.",
                $"Write {key} under 'series', or count this step from last-session.");
        }

        if (window && step.Sessions is SessionCondition.Last)
        {
            yield return new(
                "sessions",
                "After the last session no window opens for a next one.",
                "Write 'sessions: not-last', or 'anchor: last-session'.");
        }

        if (step.Anchor is StepAnchor.LastSession && step.Sessions is SessionCondition.NotLast)
        {
            yield return new("sessions", "A step counted from the last session cannot leave that session out.", "Leave out 'sessions'.");
        }

        if (series.IsSingle && step.Sessions is SessionCondition.Later or SessionCondition.NotLast)
        {
            yield return new(
                "sessions",
                "The course is a single session, so no session would have this step.",
                "Leave out 'sessions', or raise maxSessions.");
        }
    }

    private static bool PromptsTooEarly(PlanStep step, double days, double spacing) =>
        StepKinds.IsMarketing(step.Kind)
        && step.Anchor is StepAnchor.SessionStart or StepAnchor.SessionEnd or StepAnchor.LastSession
        && days > 0 && days < spacing;
}
