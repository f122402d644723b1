using FollowUp.Data.Alerts;
using FollowUp.Workflows.Contracts;
using FollowUp.Workflows.Running;
using FollowUp.Workflows.Sending;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Alerts;

/// <summary>What the orchestration of a clinic's alerts can do.</summary>
public sealed class AlertActivities(AlertStore alerts, SideOrchestrations orchestrations, CallbackAddress addresses)
{
    /// <summary>Puts on record what is to be told now, and starts the texts and posts. Running it twice tells nothing twice.</summary>
    [Function(nameof(TellStaff))]
    public async Task<NextLook> TellStaff(
        [ActivityTrigger] ClinicRef clinic, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(clinic);
        var notice = await alerts.TellAsync(clinic.Clinic, addresses.Of("/dashboard", "")?.AbsoluteUri, cancellation);
        await orchestrations.StartTextsAsync(client, notice.Texts, CancellationToken.None);
        await orchestrations.StartPostsAsync(client, notice.Posts, CancellationToken.None);
        return NextLook.Of(notice.NextAt);
    }
}
