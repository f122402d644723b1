using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Bulk;
using FollowUp.Data.Direct;
using FollowUp.Data.Health;
using FollowUp.Data.Imports;
using FollowUp.Data.Webhooks;
using FollowUp.Workflows.Health;
using FollowUp.Workflows.Restoring;
using FollowUp.Workflows.Sending;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Running;

/// <summary>
/// Makes good what was lost between the store and the engine: a session whose orchestration was never started because the process died, a
/// change whose signal went astray, an orchestration that has ended with an error or is missing.
/// </summary>
public sealed class SessionSweep(
    AttentionStore attention,
    SessionOrchestrations orchestrations,
    DirectMessageStore messages,
    AlertStore alerts,
    WebhookPostStore posts,
    BulkCommandStore bulks,
    ImportStore imports,
    WebhookFeedStore feeds,
    SideOrchestrations sides,
    DeliveryCheck deliveries,
    LateTexts late,
    CatchUp catchUp,
    ILogger<SessionSweep> log)
{
    /// <summary>Younger changes are still on their ordinary way.</summary>
    private static readonly Duration UnseenFor = Duration.FromMinutes(1);

    /// <summary>A text this late is not waiting for a busy sender any more.</summary>
    private static readonly Duration StalledFor = Duration.FromMinutes(30);

    private const int AtOnce = 200;

    /// <summary>After an import all sessions wait to be started. So many take an engine in the cloud less than a minute.</summary>
    private const int SessionsAtOnce = 2000;

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        await CatchUpAsync(client, cancellation);
        await ForEachAsync(await attention.UnseenAsync(UnseenFor, SessionsAtOnce, cancellation), session => ReviveAsync(client, session, cancellation), cancellation);
        await ForEachAsync(await attention.StalledAsync(StalledFor, AtOnce, cancellation), session => ReviveAsync(client, session, cancellation), cancellation);
        await ForEachAsync(
            await messages.ForgottenAsync(UnseenFor, AtOnce, cancellation), text => sides.StartTextsAsync(client, [text], cancellation), cancellation);
        await ForEachAsync(await posts.ForgottenAsync(UnseenFor, AtOnce, cancellation), post => sides.StartPostsAsync(client, [post], cancellation), cancellation);
        await ForEachAsync(await bulks.ForgottenAsync(UnseenFor, AtOnce, cancellation), bulk => sides.StartBulkAsync(client, bulk, cancellation), cancellation);
        await ForEachAsync(
            await alerts.ForgottenAsync(UnseenFor, cancellation), clinic => sides.WakeStaffAlertsAsync(client, clinic, cancellation), cancellation);
        await ForEachAsync(
            await imports.ForgottenAsync(UnseenFor, AtOnce, cancellation),
            import => sides.StartImportAsync(client, import.Clinic, import.Import, cancellation), cancellation);
        await ForEachAsync(await feeds.ForgottenAsync(UnseenFor, AtOnce, cancellation), feed => sides.WakeFeedAsync(client, feed, cancellation), cancellation);
        await deliveries.RunAsync(client, cancellation);
        await late.LogAsync(cancellation);
    }

    /// <summary>After a restore. What it cannot do yet keeps texts from leaving, and nothing else from being done.</summary>
    private async Task CatchUpAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        try
        {
            await catchUp.IsDoneAsync(client, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(exception, "The replies that came after the backup could not be taken in; nothing is sent until they are.");
        }
    }

    /// <summary>One that always fails must not keep the others from their turn.</summary>
    private async Task ForEachAsync<T>(IReadOnlyList<T> items, Func<T, Task> act, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            try
            {
                await act(item);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(exception, "The sweep could do nothing for {Item}; it tries again in a minute.", item);
            }
        }
    }

    private async Task ReviveAsync(DurableTaskClient client, SessionAttention session, CancellationToken cancellation)
    {
        var instance = await client.GetInstanceAsync(session.Key.InstanceId, cancellation);

        // A paused session's texts lapse, and staff are told of that. One that has ended may still wait to learn what became of its last text.
        var open = session.State is SessionState.Scheduled or SessionState.Waiting or SessionState.Paused || (session.InFlight && session.State != SessionState.Failed);
        switch (instance)
        {
            case { IsCompleted: false }:
                await orchestrations.SignalAsync(client, session.Key, "sweep", cancellation);
                break;

            case { RuntimeStatus: OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated } when session.State == SessionState.Waiting:
                log.LogError("The orchestration of session {Session} has ended as {Status}.", session.Key, instance.RuntimeStatus);
                await attention.MarkFailedAsync(session.Key, cancellation);
                break;

            case var _ when open:
                log.LogInformation("Session {Session} had no orchestration; it is started now.", session.Key);
                await orchestrations.StartAsync(client, session.Key, cancellation);
                break;

            default:
                await attention.MarkSeenAsync(session, cancellation);
                break;
        }
    }
}
