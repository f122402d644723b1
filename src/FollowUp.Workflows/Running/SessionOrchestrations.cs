using FollowUp.Data;
using FollowUp.Workflows.Contracts;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Running;

/// <summary>Starts and signals sessions' orchestrations, after the store has committed.</summary>
public sealed class SessionOrchestrations(InstanceStarter starter)
{
    /// <summary>Starts the session's orchestration, or signals the one that is there. One that has ended is started anew: its session was opened again.</summary>
    public async Task StartAsync(DurableTaskClient client, SessionKey session, CancellationToken cancellation)
    {
        if (!await starter.TryStartAsync(client, SessionFollowUp.Name, session.InstanceId, SessionRef.Of(session), cancellation))
        {
            await SignalAsync(client, session, "started", cancellation);
        }
    }

    /// <summary>Tells the session's orchestration to look again. One that is missing or has ended is let be.</summary>
    /// <param name="what">What happened, for a reader of the history.</param>
    public Task SignalAsync(DurableTaskClient client, SessionKey session, string what, CancellationToken cancellation) =>
        starter.TrySignalAsync(client, session.InstanceId, SessionFollowUp.SignalEvent, new Signal(what), cancellation);

    /// <summary>Starts an orchestration for those of the sessions that need one, and signals the others'.</summary>
    public async Task NotifyAsync(
        DurableTaskClient client, IEnumerable<ChangedSession> sessions, string what, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(sessions);
        foreach (var session in sessions)
        {
            await (session.State == SessionState.Scheduled
                ? StartAsync(client, session.Key, cancellation)
                : SignalAsync(client, session.Key, what, cancellation));
        }
    }
}
