using FollowUp.Core.Timelines;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>What the rows of a session and of a step say to a command by themselves, without all that decides about the session's texts.</summary>
internal static class FirstRules
{
    /// <summary>Whether a command may be done, as far as the rows tell.</summary>
    /// <param name="command">The command.</param>
    /// <param name="session">The session.</param>
    /// <param name="row">The step that the command names, if the session has it.</param>
    /// <param name="now">The present.</param>
    /// <returns>Done when nothing forbids it; null when the rows do not tell.</returns>
    public static Ruling? Of(SessionCommand command, SessionRow session, StepRow? row, Instant now) => command switch
    {
        { Step: { } unknown } when row is null => Ruling.UnknownStep(unknown),
        { Kind: SessionCommandKind.Pause } => Pause(session),
        { Kind: SessionCommandKind.Resume } => Resume(session),
        { Kind: SessionCommandKind.Cancel } => Cancel(session),
        { Kind: SessionCommandKind.Retry, Step: null } => RetrySession(session),
        { Kind: SessionCommandKind.Retry } => Retry(row!),
        { Kind: SessionCommandKind.Skip, Step: not null } => Skip(session, row!, now),
        _ => null,
    };

    /// <summary>Where the text of a step that has left, or may have, is; in a sentence.</summary>
    public static string WhereItIs(StepRow row) => row.State switch
    {
        StepState.Sending => "The step is being sent at this moment.",
        StepState.Unknown => "Whether the step was sent is being found out.",
        StepState.Delivered => "The step has been delivered.",
        StepState.Undelivered => "The step was sent and not delivered: retry it.",
        _ => "The step has been sent.",
    };

    private static Ruling Pause(SessionRow session) =>
        session.State == SessionState.Failed ? Ruling.Refused("The session has failed: nothing is sent for it until it is retried.")
        : SessionStore.HasEnded(session.State) ? Ruling.Ended(session.State)
        : session.PausedAt is not null ? Ruling.Unchanged
        : Ruling.Done("session-paused");

    private static Ruling Resume(SessionRow session) =>
        SessionStore.HasEnded(session.State) ? Ruling.Ended(session.State)
        : session.PausedAt is null ? Ruling.Unchanged
        : Ruling.Done("session-resumed");

    private static Ruling Cancel(SessionRow session) =>
        session.Outcome == SessionOutcome.Cancelled ? Ruling.Unchanged
        : HasEndedForGood(session) ? Ruling.Ended(session.State)
        : Ruling.Done("session-cancelled") with { ConcernsOthers = true };

    private static Ruling RetrySession(SessionRow session) => session.State == SessionState.Failed
        ? Ruling.Done("session-retried")
        : Ruling.Refused("The session has not failed: name the step to retry.");

    private static Ruling Skip(SessionRow session, StepRow row, Instant now) =>
        row.HasLeft ? Ruling.Refused(WhereItIs(row))
        : row.StaffSkippedAt is not null ? Ruling.Unchanged
        : HasEndedForGood(session) ? Ruling.Ended(session.State)

        // What is skipped for want of something may come back, and staff may not want that.
        : row.State != StepState.Planned && row.UsefulUntil <= now ? Ruling.Skipped(row.Reason)
        : Ruling.Done("session-step-skipped", row.Step);

    /// <summary>A step that was not delivered, or that staff have skipped, is the planner's to decide.</summary>
    private static Ruling? Retry(StepRow row) =>
        row.State == StepState.Undelivered ? null
        : row.RetriedAt is not null && (row.State == StepState.Planned || row.HasLeft) ? Ruling.Unchanged
        : row.StaffSkippedAt is not null ? null
        : row switch
        {
            { HasLeft: true } => Ruling.Refused(WhereItIs(row)),
            { State: StepState.Planned } => Ruling.Refused("The step is planned: there is nothing to retry."),
            _ => Ruling.Skipped(row.Reason),
        };

    /// <summary>A session that has failed has not ended: somebody may go on with it.</summary>
    private static bool HasEndedForGood(SessionRow session) => SessionStore.HasEnded(session.State) && session.State != SessionState.Failed;
}
