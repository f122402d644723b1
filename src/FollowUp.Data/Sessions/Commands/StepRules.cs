using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>Skip and retry: whether a step is sent at all. What the rows alone forbid is <see cref="FirstRules"/>'s.</summary>
internal sealed class StepRules(SessionPlanner planner)
{
    public async Task SkipAsync(FollowUpContext db, SessionTruth truth, StepRow row, Instant now, CancellationToken cancellation)
    {
        row.StaffSkippedAt = now;
        row.SendNowAt = null;
        row.NotBefore = null;
        row.SlotAt = null;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
    }

    /// <summary>Plans a step again that was not delivered, or that staff have skipped. The planner has the last word on it.</summary>
    public async Task<Ruling> RetryAsync(FollowUpContext db, SessionTruth truth, StepRow row, Instant now, CancellationToken cancellation)
    {
        if (WhyNot(truth, row, now) is { } ruling)
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

    private static Ruling? WhyNot(SessionTruth truth, StepRow row, Instant now)
    {
        if (truth.Session.Outcome == SessionOutcome.Cancelled || truth.OptedOut)
        {
            return Ruling.Ended(truth.Session.State);
        }

        if (row.State == StepState.Undelivered)
        {
            return row.MessageSid is not null && !TwilioCodes.SaysNotDelivered(row.ErrorCode)
                ? Ruling.Refused($"The text may have arrived: {row.Reason ?? "nothing says why it did not"}. It is not sent twice; call the patient.")
                : null;
        }

        return row.UsefulUntil <= now ? Ruling.Refused("The time of the step has passed: its text would not be true any more.") : null;
    }
}
