using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>Skip and retry: whether a step is sent at all.</summary>
internal sealed class StepRules(SessionPlanner planner)
{
    public async Task<Ruling> SkipAsync(FollowUpContext db, SessionTruth truth, StepRow row, Instant now, CancellationToken cancellation)
    {
        if (row.HasLeft)
        {
            return Ruling.Refused(WhereItIs(row));
        }

        if (row.StaffSkippedAt is not null)
        {
            return Ruling.Unchanged;
        }

        if (SessionStore.HasEnded(truth.Session.State) && truth.Session.State != SessionState.Failed)
        {
            return Ruling.Ended(truth.Session.State);
        }

        // What is skipped for want of something may come back, and staff may not want that.
        if (row.State != StepState.Planned && row.UsefulUntil <= now)
        {
            return Ruling.Skipped(row.Reason);
        }

        row.StaffSkippedAt = now;
        row.SendNowAt = null;
        row.NotBefore = null;
        row.SlotAt = null;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
        return Ruling.Done("session-step-skipped", row.Step);
    }

    /// <summary>Plans a step again. The planner has the last word on it.</summary>
    public async Task<Ruling> RetryAsync(FollowUpContext db, SessionTruth truth, StepRow row, Instant now, CancellationToken cancellation)
    {
        if (WhyNotRetry(truth, row, now) is { } ruling)
        {
            return ruling;
        }

        if (row.State == StepState.Undelivered)
        {
            truth.SentMarketing = [.. truth.SentMarketing.Where(at => at != row.LeftAt)];
            if (row.MessageSid is not null)
            {
                // Should the first one arrive after all, the second is not sent.
                EarlierMessages.Resend(db, row, now);
            }

            row.State = StepState.Planned;
            row.NotBefore = null;
            row.SlotAt = null;
        }

        row.StaffSkippedAt = null;
        row.RetriedAt = now;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
        return row.State == StepState.Planned ? Ruling.Done("session-step-retried", row.Step) : Ruling.Skipped(row.Reason);
    }

    /// <summary>A session whose orchestration has failed is started anew.</summary>
    public async Task<Ruling> RetrySessionAsync(FollowUpContext db, SessionTruth truth, Instant now, CancellationToken cancellation)
    {
        if (truth.Session.State != SessionState.Failed)
        {
            return Ruling.Refused("The session has not failed: name the step to retry.");
        }

        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
        return Ruling.Done("session-retried");
    }

    /// <summary>Where the text of a step that has left, or may have, is; in a sentence.</summary>
    public static string WhereItIs(StepRow row) => row.State switch
    {
        StepState.Sending => "The step is being sent at this moment.",
        StepState.Unknown => "Whether the step was sent is being found out.",
        StepState.Delivered => "The step has been delivered.",
        StepState.Undelivered => "The step was sent and not delivered: retry it.",
        _ => "The step has been sent.",
    };

    private static Ruling? WhyNotRetry(SessionTruth truth, StepRow row, Instant now)
    {
        if (row.State == StepState.Undelivered)
        {
            if (truth.Session.Outcome == SessionOutcome.Cancelled || truth.OptedOut)
            {
                return Ruling.Ended(truth.Session.State);
            }

            return row.MessageSid is not null && !TwilioCodes.SaysNotDelivered(row.ErrorCode)
                ? Ruling.Refused($"The text may have arrived: {row.Reason ?? "nothing says why it did not"}. It is not sent twice; call the patient.")
                : null;
        }

        if (row.RetriedAt is not null && (row.State == StepState.Planned || row.HasLeft))
        {
            return Ruling.Unchanged;
        }

        if (row.StaffSkippedAt is null)
        {
            return row switch
            {
                { HasLeft: true } => Ruling.Refused(WhereItIs(row)),
                { State: StepState.Planned } => Ruling.Refused("The step is planned: there is nothing to retry."),
                _ => Ruling.Skipped(row.Reason),
            };
        }

        return truth.Session.Outcome == SessionOutcome.Cancelled || truth.OptedOut ? Ruling.Ended(truth.Session.State)
            : row.UsefulUntil <= now ? Ruling.Refused("The time of the step has passed: its text would not be true any more.")
            : null;
    }
}
