using FollowUp.Data.Delivery;
using FollowUp.Functions.Http;
using FollowUp.Sms;
using FollowUp.Workflows.Inbox;
using FollowUp.Workflows.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.TwilioWebhooks;

/// <summary>What Twilio calls. Only what Twilio signed comes this far.</summary>
public sealed class WebhookFunctions(DeliveryReports reports, PatientTexts texts)
{
    [Function(nameof(TwilioStatus))]
    public async Task<IResult> TwilioStatus(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/twilio/status")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var form = await ReadFormAsync(request, cancellation);
        if (StatusCallback.Read(form) is not { } report)
        {
            throw Problems.Invalid("MessageSid", "A status report names its message and the status.");
        }

        var reference = SendReference.TryParse(request.Query[CallbackAddress.ReferenceParameter]);
        await reports.TakeAsync(client, report.MessageSid, report.MessageStatus, report.ErrorCode, reference, cancellation);
        return Results.NoContent();
    }

    [Function(nameof(TwilioInbound))]
    public async Task<IResult> TwilioInbound(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/twilio/inbound")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (InboundMessage.Read(await ReadFormAsync(request, cancellation)) is not { } message)
        {
            throw Problems.Invalid("MessageSid", "An incoming text names its message, sender and recipient.");
        }

        await texts.TakeInAsync(client, message, cancellation);

        // Our answers are sent as texts of their own, which a crash cannot lose or double; this one adds nothing.
        return Results.Content("<Response/>", "text/xml");
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadFormAsync(HttpRequest request, CancellationToken cancellation) =>
        TwilioForm.Read(await request.ReadFormAsync(cancellation));
}
