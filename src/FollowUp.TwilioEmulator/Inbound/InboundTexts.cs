using System.Globalization;
using System.Xml;
using FollowUp.TwilioEmulator.Api;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;
using Microsoft.Extensions.Logging;

namespace FollowUp.TwilioEmulator.Inbound;

/// <summary>Texts that phones send to the account: keywords are Twilio's own business, everything goes to the application's webhook.</summary>
internal sealed class InboundTexts(
    EmulatorOptions options, EmulatorDatabase database, Outbox outbox, TimeProvider clock, ILogger<InboundTexts> log)
{
    /// <summary>
    /// Takes a text from a phone; message, opt-out, automatic answer and webhook are committed together when this returns. An opt-in of a
    /// phone that never opted out, and a second opt-out, change nothing and so are not answered by Twilio; the webhook still hears of them.
    /// </summary>
    /// <param name="handset">The phone, in E.164.</param>
    /// <param name="to">Which of the account's senders; null: whoever last texted this phone, or else the account's own number.</param>
    /// <param name="body">1 to 1600 characters.</param>
    public Message Receive(string handset, string? to, string body) => database.Write(session =>
    {
        var now = clock.GetUtcNow();
        var thread = MessageStore.Thread(session, handset, limit: 1);
        var message = new Message
        {
            Sid = Message.NewSid(),
            Direction = Directions.Inbound,
            From = handset,
            To = to ?? MessageStore.LastSenderTo(session, handset) ?? options.PhoneNumber,
            Body = body,
            MessagingServiceSid = thread.FirstOrDefault()?.MessagingServiceSid,
            Status = Statuses.Received,
            CreatedAt = now,
            UpdatedAt = now,
            SentAt = now,
        };
        MessageStore.Insert(session, message);

        var keyword = Keywords.Find(body);
        var answer = keyword switch
        {
            Keyword.Stop when MessageStore.OptOut(session, message.To, handset) => Keywords.StopReply,
            Keyword.Start when MessageStore.OptIn(session, message.To, handset) => Keywords.StartReply,
            Keyword.Help => Keywords.HelpReply,
            _ => null,
        };
        if (answer is not null)
        {
            outbox.Reply(session, message, handset, answer, statusCallback: null, evenIfOptedOut: true);
        }

        if (options.InboundUrl is { } url)
        {
            WebhookQueue.Add(session, new Webhook(message.Sid, WebhookKind.Inbound, url, Form(message, keyword)), now, copies: 1);
        }

        return message;
    });

    /// <summary>Sends what the application answered to the webhook of a text: TwiML, or plain text.</summary>
    public void SendReplies(DatabaseSession session, string inboundSid, string answer, string? contentType)
    {
        if (string.IsNullOrWhiteSpace(answer) || MessageStore.Find(session, inboundSid) is not { } inbound)
        {
            return;
        }

        IReadOnlyList<TwiMLMessage> replies;
        try
        {
            replies = contentType == "text/plain" ? [new TwiMLMessage(answer.Trim(), null, null)] : TwiML.Read(answer);
        }
        catch (XmlException e)
        {
            log.LogWarning("The answer to the inbound message {Sid} is not TwiML: {Reason}", inboundSid, e.Message);
            return;
        }

        foreach (var reply in replies)
        {
            var to = reply.To is null ? inbound.From : Addresses.ReadNumber(reply.To);
            if (to is null || reply.Body.Length is 0 or > MessageRequest.MaxBody)
            {
                log.LogWarning("A TwiML reply to {Sid} was dropped: its number is not valid, or its text is empty or too long", inboundSid);
                continue;
            }

            var callback = reply.StatusCallback is { } url ? OwnAddress.ReadAbsolute(url)?.AbsoluteUri : null;
            outbox.Reply(session, inbound, to, reply.Body, callback, evenIfOptedOut: false);
        }
    }

    private static Dictionary<string, string> Form(Message message, Keyword keyword)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MessageSid"] = message.Sid,
            ["SmsSid"] = message.Sid,
            ["SmsMessageSid"] = message.Sid,
            ["SmsStatus"] = message.Status,
            ["From"] = message.From,
            ["To"] = message.To,
            ["Body"] = message.Body,
            ["NumMedia"] = "0",
            ["NumSegments"] = Segments.Count(message.Body).ToString(CultureInfo.InvariantCulture),
        };
        // Twilio sends these empty when it knows no place; a signature covers them all the same.
        foreach (var place in new[] { "City", "State", "Zip", "Country" })
        {
            form["From" + place] = form["To" + place] = "";
        }

        if (message.MessagingServiceSid is { } service)
        {
            form["MessagingServiceSid"] = service;
        }

        if (keyword != Keyword.None)
        {
            form["OptOutType"] = keyword.ToString().ToUpperInvariant();
        }

        return form;
    }
}
