using FollowUp.Core.Replies;
using FollowUp.Data.Inbox;
using FollowUp.Sms;
using FollowUp.Workflows.Alerts;
using FollowUp.Workflows.Running;
using FollowUp.Workflows.Sending;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FollowUp.Workflows.Inbox;

/// <summary>Takes in what patients text, from the webhook or from Twilio's list. The same text twice changes nothing.</summary>
public sealed class PatientTexts(
    InboundStore inbound, IncomingTexts incoming, SessionOrchestrations orchestrations, SideOrchestrations sides, AlertNotifier alerts, ILogger<PatientTexts> log)
{
    public async Task TakeInAsync(DurableTaskClient client, InboundMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var news = await StoreAsync(message, cancellation);
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
    }

    /// <summary>While it is taken in no text leaves for its number; what answers it does afterwards.</summary>
    private async Task<ReceivedNews> StoreAsync(InboundMessage message, CancellationToken cancellation)
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
}
