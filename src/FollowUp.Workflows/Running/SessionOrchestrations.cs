using DurableTask.Core.Exceptions;
using FollowUp.Data;
using FollowUp.Workflows.Contracts;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Running;

/// <summary>Starts and signals sessions' orchestrations, after the store has committed. What fails here is made good by <see cref="SessionSweep"/>.</summary>
public sealed class SessionOrchestrations(ILogger<SessionOrchestrations> log)
{
    /// <summary>An instance that has not ended is never replaced; one that has may be: its session was opened again.</summary>
    private static readonly string[] NotEnded =
        [nameof(OrchestrationRuntimeStatus.Pending), nameof(OrchestrationRuntimeStatus.Running), nameof(OrchestrationRuntimeStatus.Suspended)];

    /// <summary>Starts the session's orchestration, or signals the one that is there.</summary>
    public async Task StartAsync(DurableTaskClient client, SessionKey session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            var options = new StartOrchestrationOptions(session.InstanceId) { DedupeStatuses = NotEnded };
            await client.ScheduleNewOrchestrationInstanceAsync(SessionFollowUp.Name, SessionRef.Of(session), options, cancellation);
        }
        catch (Exception exception) when (IsAlreadyThere(exception))
        {
            await SignalAsync(client, session, "started", cancellation);
        }
    }

    /// <summary>Tells the session's orchestration to look again. One that is missing or has ended is let be.</summary>
    /// <param name="what">What happened, for a reader of the history.</param>
    public async Task SignalAsync(DurableTaskClient client, SessionKey session, string what, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            // Looked at first, because an event to a missing or ended instance throws on one engine and vanishes on another.
            if (await client.GetInstanceAsync(session.InstanceId, cancellation) is { IsCompleted: false })
            {
                await client.RaiseEventAsync(session.InstanceId, SessionFollowUp.SignalEvent, new Signal(what), cancellation);
            }
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or ArgumentException)
        {
            log.LogInformation(exception, "The orchestration of session {Session} took no signal; it may have ended just now.", session);
        }
    }

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

    private static bool IsAlreadyThere(Exception exception) =>
        exception is OrchestrationAlreadyExistsException or RpcException { StatusCode: StatusCode.AlreadyExists };
}
