using FollowUp.Data.Alerts;
using FollowUp.Data.Webhooks;
using FollowUp.Workflows.Running;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Alerts;

/// <summary>
/// Wakes the orchestrations that tell a clinic's staff and its own systems, after anything that may be news to them. One that is lost is made good
/// by <see cref="SessionSweep"/>.
/// </summary>
public sealed class AlertNotifier(AlertStore alerts, WebhookFeedStore feeds, SideOrchestrations orchestrations)
{
    /// <summary>Starts or wakes those that have something new to tell.</summary>
    public async Task NotifyAsync(DurableTaskClient client, string clinic, CancellationToken cancellation)
    {
        if (await alerts.IsNewsAsync(clinic, cancellation))
        {
            await orchestrations.WakeStaffAlertsAsync(client, clinic, cancellation);
        }

        foreach (var feed in await feeds.DueAsync(clinic, cancellation))
        {
            await orchestrations.WakeFeedAsync(client, new WebhookFeedKey(clinic, feed), cancellation);
        }
    }
}
