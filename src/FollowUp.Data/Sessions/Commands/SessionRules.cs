using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>The commands on a whole session: pause, resume, cancel.</summary>
internal sealed class SessionRules(SessionPlanner planner)
{
    public async Task<Ruling> PauseAsync(FollowUpContext db, SessionTruth truth, Instant now, CancellationToken cancellation)
    {
        var session = truth.Session;
        if (session.State == SessionState.Failed)
        {
            return Ruling.Refused("The session has failed: nothing is sent for it until it is retried.");
        }

        if (SessionStore.HasEnded(session.State))
        {
            return Ruling.Ended(session.State);
        }

        if (truth.IsPaused)
        {
            return Ruling.Unchanged;
        }

        session.PausedAt = now;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
        return Ruling.Done("session-paused");
    }

    public async Task<Ruling> ResumeAsync(FollowUpContext db, SessionTruth truth, Instant now, CancellationToken cancellation)
    {
        var session = truth.Session;
        if (SessionStore.HasEnded(session.State))
        {
            return Ruling.Ended(session.State);
        }

        if (!truth.IsPaused)
        {
            return Ruling.Unchanged;
        }

        // Once while it is paused, so that what the pause has cost says so.
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
        session.PausedAt = null;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);
        return Ruling.Done("session-resumed");
    }

    public static Ruling Cancel(SessionTruth truth, Instant now)
    {
        var session = truth.Session;
        if (session.Outcome == SessionOutcome.Cancelled)
        {
            return Ruling.Unchanged;
        }

        if (SessionStore.HasEnded(session.State) && session.State != SessionState.Failed)
        {
            return Ruling.Ended(session.State);
        }

        session.Outcome = SessionOutcome.Cancelled;
        session.OutcomeAt = now;
        return Ruling.Done("session-cancelled") with { ConcernsOthers = true };
    }
}
