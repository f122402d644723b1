using FollowUp.Data.Delivery;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Running;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Sending;

/// <summary>Takes in what Twilio says of a text, whether it called us or was asked, and sets off what follows from it.</summary>
public sealed class DeliveryReports(DeliveryStore delivery, SessionOrchestrations sessions, AlertNotifier alerts, ILogger<DeliveryReports> log)
{
    /// <inheritdoc cref="DeliveryStore.ReportAsync"/>
    public async Task TakeAsync(
        DurableTaskClient client, string messageSid, string status, int? errorCode, SendReference? reference, CancellationToken cancellation)
    {
        var news = await delivery.ReportAsync(messageSid, status, errorCode, reference, cancellation);
        if (news.Clinic is not { } clinic)
        {
            return;
        }

        if (status is "undelivered" or "failed")
        {
            log.LogWarning("{MessageSid} was not delivered: Twilio reports {Status} with code {Code}.", messageSid, status, errorCode);
        }

        // Committed: a caller that hangs up now must not keep what follows from happening.
        await sessions.NotifyAsync(client, news.Changed, "delivery", CancellationToken.None);
        await alerts.NotifyAsync(client, clinic, CancellationToken.None);
    }
}
