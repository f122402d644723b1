using FollowUp.Core.Replies;
using FollowUp.Data.Delivery;
using FollowUp.Data.Inbox;
using FollowUp.Functions.Http;
using FollowUp.Sms;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Running;
using FollowUp.Workflows.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Functions.TwilioWebhooks;

/// <summary>What Twilio calls. Only what Twilio signed comes this far.</summary>
public sealed class WebhookFunctions(
    DeliveryReports reports,
    InboundStore inbound,
    IncomingTexts incoming,
    SessionOrchestrations orchestrations,
    SideOrchestrations sides,
    AlertNotifier alerts,
    ILogger<WebhookFunctions> log)
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

        var news = await TakeInAsync(message, cancellation);
        if (news.OptsOut)
        {
            log.LogInformation("The sender of {MessageSid} has opted out; consents are withdrawn.", message.MessageSid);
        }

        // Committed: a caller that hangs up now must not keep what follows from happening.
        await orchestrations.NotifyAsync(client, news.Changed, "reply", CancellationToken.None);
        await sides.StartTextsAsync(client, news.Answers, CancellationToken.None);
        foreach (var clinic in news.Concerned)
        {
            await alerts.NotifyAsync(client, clinic, CancellationToken.None);
        }

        // Our answers are sent as texts of their own, which a crash cannot lose or double; this one adds nothing.
        return Results.Content("<Response/>", "text/xml");
    }

    /// <summary>While it is taken in no text leaves for its number; what answers it does afterwards.</summary>
    private async Task<ReceivedNews> TakeInAsync(InboundMessage message, CancellationToken cancellation)
    {
        using var arrival = incoming.Begin(message.From);
        return await inbound.ReceiveAsync(
            new ReceivedText(message.MessageSid, message.From, message.To, message.Body)
            {
                MessagingServiceSid = message.MessagingServiceSid,
                TakenByTwilio = TakenByTwilio(message),
            },
            cancellation);
    }

    /// <summary>A messaging service can have words of its own for opting out, in, and for help; Twilio says so when it has acted on one.</summary>
    private static ReplyKind? TakenByTwilio(InboundMessage message) => message.OptOutType switch
    {
        "STOP" => ReplyKind.OptOut,
        "START" => ReplyKind.OptIn,
        "HELP" => ReplyKind.Help,
        _ => null,
    };

    private static async Task<IReadOnlyDictionary<string, string>> ReadFormAsync(HttpRequest request, CancellationToken cancellation) =>
        TwilioForm.Read(await request.ReadFormAsync(cancellation));
}
