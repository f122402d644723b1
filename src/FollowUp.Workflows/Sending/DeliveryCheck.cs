using FollowUp.Data.Delivery;
using FollowUp.Sms;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Sending;

/// <summary>
/// Asks Twilio what became of texts that it has not reported on: a status callback which met a stopped app is not made again for ever.
/// </summary>
public sealed class DeliveryCheck(
    DeliveryStore delivery, DeliveryReports reports, ISmsGateway gateway, SendTiming timing, ILogger<DeliveryCheck> log)
{
    private static readonly Duration Silence = Duration.FromHours(1);

    /// <summary>Each is a request to Twilio, so that a run has few.</summary>
    private const int AtOnce = 20;

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        foreach (var text in await delivery.SilentAsync(Silence, AtOnce, cancellation))
        {
            try
            {
                DateTimeOffset? since = timing.ClockIsSimulated ? null : text.ClaimedAt.ToDateTimeOffset();
                var listed = await gateway.FindAsync(text.Recipient, text.Text, since, cancellation);
                await delivery.AskedAsync(text.MessageSid, cancellation);
                if (listed.FirstOrDefault(message => message.Sid == text.MessageSid) is not { } found || !IsFinal(found.Status))
                {
                    continue;
                }

                await reports.TakeAsync(client, found.Sid, found.Status, found.ErrorCode, reference: null, cancellation);
            }
            catch (SmsLookupException exception)
            {
                log.LogWarning(exception, "Twilio's list could not be read to learn of {MessageSid}.", text.MessageSid);
                return;
            }
        }
    }

    private static bool IsFinal(string status) => status is "delivered" or "read" or "undelivered" or "failed" or "canceled";
}
