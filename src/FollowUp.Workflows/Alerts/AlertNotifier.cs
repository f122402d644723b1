using FollowUp.Data.Alerts;
using FollowUp.Workflows.Running;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Alerts;

/// <summary>
/// Wakes the orchestration that tells a clinic's staff, after anything that may have raised an alert. One that is lost is made good by
/// <see cref="SessionSweep"/>.
/// </summary>
public sealed class AlertNotifier(AlertStore alerts, SideOrchestrations orchestrations)
{
    /// <summary>Starts or wakes it, if something was raised just now.</summary>
    public async Task NotifyAsync(DurableTaskClient client, string clinic, CancellationToken cancellation)
    {
        if (await alerts.IsNewsAsync(clinic, cancellation))
        {
            await orchestrations.WakeStaffAlertsAsync(client, clinic, cancellation);
        }
    }
}
