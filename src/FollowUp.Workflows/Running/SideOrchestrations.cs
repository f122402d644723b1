using FollowUp.Data.Bulk;
using FollowUp.Data.Direct;
using FollowUp.Data.Webhooks;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Bulk;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Direct;
using FollowUp.Workflows.Imports;
using FollowUp.Workflows.Webhooks;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Running;

/// <summary>
/// Starts the orchestrations beside the sessions': texts outside of a plan, alerts, posts, events, imports, commands on many sessions. Starting one that
/// runs changes nothing.
/// </summary>
public sealed class SideOrchestrations(InstanceStarter starter)
{
    public async Task StartTextsAsync(DurableTaskClient client, IEnumerable<DirectMessageKey> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var message in messages)
        {
            await starter.TryStartAsync(client, DirectMessage.Name, message.InstanceId, DirectRef.Of(message), cancellation);
        }
    }

    /// <summary>Tells the orchestrations of texts to look again. One that is missing is started by the sweep.</summary>
    public async Task WakeTextsAsync(DurableTaskClient client, IEnumerable<DirectMessageKey> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var message in messages)
        {
            await starter.TrySignalAsync(client, message.InstanceId, DirectMessage.SignalEvent, new Signal("resumed"), cancellation);
        }
    }

    public Task StartBulkAsync(DurableTaskClient client, BulkKey bulk, CancellationToken cancellation) =>
        starter.TryStartAsync(client, BulkCommand.Name, bulk.InstanceId, BulkRef.Of(bulk), cancellation);

    public async Task StartPostsAsync(DurableTaskClient client, IEnumerable<string> posts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(posts);
        foreach (var post in posts)
        {
            await starter.TryStartAsync(client, WebhookDelivery.Name, WebhookDelivery.InstanceId(post), new PostRef(post), cancellation);
        }
    }

    public Task StartImportAsync(DurableTaskClient client, string clinic, string import, CancellationToken cancellation) =>
        starter.TryStartAsync(client, ImportBookings.Name, ImportBookings.InstanceId(clinic, import), new ImportRef(clinic, import), cancellation);

    /// <summary>Starts the orchestration that posts events to an address, or signals the one that runs.</summary>
    public async Task WakeFeedAsync(DurableTaskClient client, WebhookFeedKey feed, CancellationToken cancellation)
    {
        var instance = EventFeed.InstanceId(feed.Clinic, feed.Feed);
        if (!await starter.TryStartAsync(client, EventFeed.Name, instance, FeedRef.Of(feed), cancellation))
        {
            await starter.TrySignalAsync(client, instance, EventFeed.SignalEvent, new Signal("event"), cancellation);
        }
    }

    /// <summary>Starts the orchestration that tells a clinic's staff, or signals the one that runs.</summary>
    public async Task WakeStaffAlertsAsync(DurableTaskClient client, string clinic, CancellationToken cancellation)
    {
        var instance = StaffAlerts.InstanceId(clinic);
        if (!await starter.TryStartAsync(client, StaffAlerts.Name, instance, new ClinicRef(clinic), cancellation))
        {
            await starter.TrySignalAsync(client, instance, StaffAlerts.SignalEvent, new Signal("alert"), cancellation);
        }
    }
}
