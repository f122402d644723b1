using FollowUp.Data.Alerts;
using FollowUp.Data.Inbox;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Running;
using Microsoft.DurableTask.Client;

namespace FollowUp.Workflows.Inbox;

/// <summary>
/// What staff do with patients' texts and with alerts, and what has to be started because of it. Each act is committed before anything is started:
/// whoever hangs up then must not keep the orchestrations from hearing of it, so those calls are not cancelled.
/// </summary>
public sealed class StaffDesk(
    InboxStore inbox, AlertStore alerts, SessionOrchestrations orchestrations, SideOrchestrations sides, AlertNotifier notifier)
{
    /// <summary>Somebody has read a text.</summary>
    public async Task<InboxResult> ReadAsync(
        DurableTaskClient client, string clinic, string messageSid, string by, string actor, CancellationToken cancellation) =>
        await StartAsync(client, await inbox.ReadAsync(clinic, messageSid, by, actor, cancellation));

    /// <summary>Somebody answers a text in the clinic's own words.</summary>
    /// <param name="seen">What they have seen of it; null when that is not known.</param>
    public async Task<InboxResult> ReplyAsync(
        DurableTaskClient client, string clinic, string messageSid, string text, string by, string actor, SeenText? seen, CancellationToken cancellation) =>
        await StartAsync(client, await inbox.ReplyAsync(clinic, messageSid, text, by, actor, cancellation, seen));

    /// <summary>Somebody has seen an alert. What has come in since staff were told of it is told at once.</summary>
    /// <returns>Null when the clinic has no such alert.</returns>
    public async Task<AlertAcknowledged?> AcknowledgeAsync(
        DurableTaskClient client, string clinic, long alert, string by, string actor, CancellationToken cancellation)
    {
        var acknowledged = await alerts.AcknowledgeAsync(clinic, alert, by, actor, cancellation);
        if (acknowledged?.RaisedAgain == true)
        {
            await notifier.NotifyAsync(client, clinic, CancellationToken.None);
        }

        return acknowledged;
    }

    private async Task<InboxResult> StartAsync(DurableTaskClient client, InboxResult result)
    {
        await orchestrations.NotifyAsync(client, result.Changed, "message read", CancellationToken.None);
        await sides.StartTextsAsync(client, result.Reply is { } reply ? [reply] : [], CancellationToken.None);
        return result;
    }
}
