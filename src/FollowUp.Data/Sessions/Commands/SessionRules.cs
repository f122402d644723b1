using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>Does the commands on a whole session that nothing forbids: pause, resume, cancel.</summary>
internal sealed class SessionRules(SessionPlanner planner)
{
    public async Task PauseAsync(FollowUpContext db, SessionTruth truth, Instant now, CancellationToken cancellation)
    {
        truth.Session.PausedAt = now;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
    }

    public async Task ResumeAsync(FollowUpContext db, SessionTruth truth, Instant now, CancellationToken cancellation)
    {
        // Once while it is paused, so that what the pause has cost says so.
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
        truth.Session.PausedAt = null;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
    }

    /// <summary>As by the event. The patient's other sessions are looked at when it is saved.</summary>
    public static void Cancel(SessionTruth truth, Instant now)
    {
        truth.Session.Outcome = SessionOutcome.Cancelled;
        truth.Session.OutcomeAt = now;
    }

    /// <summary>A session whose orchestration has failed is started anew.</summary>
    public Task RetryAsync(FollowUpContext db, SessionTruth truth, Instant now, CancellationToken cancellation) =>
        planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
}
