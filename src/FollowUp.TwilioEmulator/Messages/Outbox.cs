using System.Globalization;
using FollowUp.TwilioEmulator.Api;
using FollowUp.TwilioEmulator.Delivery;
using FollowUp.TwilioEmulator.Faults;
using FollowUp.TwilioEmulator.Storage;

namespace FollowUp.TwilioEmulator.Messages;

/// <summary>Accepts texts for phones and moves them, one status at a time, to their end.</summary>
internal sealed class Outbox(EmulatorOptions options, EmulatorDatabase database, TimeProvider clock)
{
    private const int BatchSize = 500;

    /// <summary>Accepts or refuses a create. The decision, the faults that it used up and the message are committed when this returns.</summary>
    public Acceptance Accept(MessageRequest request) => database.Write(session =>
    {
        var fault = FaultStore.TakeAnswer(session, request.To);
        var answer = fault?.Kind;
        if (answer is FaultKind.TooManyRequests)
        {
            return new Acceptance(null, TwilioError.TooManyRequests, null);
        }

        if (answer is FaultKind.Refused)
        {
            return new Acceptance(null, TwilioError.Of(fault!.Code!.Value), null);
        }

        if (answer is FaultKind.ErrorBeforeAccepting)
        {
            return new Acceptance(null, TwilioError.Internal, null);
        }

        if (answer is FaultKind.NoAnswerBeforeAccepting)
        {
            return new Acceptance(null, null, answer);
        }

        var from = request.From ?? options.PhoneNumber;
        if (MessageStore.HasOptedOut(session, from, request.To))
        {
            return new Acceptance(null, TwilioError.OptedOut, null);
        }

        var now = clock.GetUtcNow();
        var message = new Message
        {
            Sid = Message.NewSid(),
            Direction = Directions.OutboundApi,
            From = from,
            To = request.To,
            Body = request.Body,
            MessagingServiceSid = request.MessagingServiceSid,
            Status = request.MessagingServiceSid is null ? Statuses.Queued : Statuses.Accepted,
            StatusCallback = request.StatusCallback,
            CreatedAt = now,
            UpdatedAt = now,
            Journey = FaultStore.TakeJourney(session, request.To),
        };
        MessageStore.Insert(session, message);
        return new Acceptance(message, null, answer);
    });

    /// <summary>Sends a text that no request asked for: Twilio's own answer to a keyword, or a TwiML answer to a text.</summary>
    public void Reply(DatabaseSession session, Message inbound, string to, string body, string? statusCallback, bool evenIfOptedOut)
    {
        var now = clock.GetUtcNow();
        var refused = !evenIfOptedOut && MessageStore.HasOptedOut(session, inbound.To, to);
        MessageStore.Insert(session, new Message
        {
            Sid = Message.NewSid(),
            Direction = Directions.OutboundReply,
            From = inbound.To,
            To = to,
            Body = body,
            MessagingServiceSid = inbound.MessagingServiceSid,
            Status = refused ? Statuses.Failed : Statuses.Queued,
            ErrorCode = refused ? TwilioError.OptedOut.Code : null,
            StatusCallback = statusCallback,
            CreatedAt = now,
            UpdatedAt = now,
        });
    }

    /// <summary>Moves every travelling message on by one status and queues the callbacks of that.</summary>
    /// <returns>How many moved; 0 when all have arrived.</returns>
    public int Advance() => database.Write(session =>
    {
        var moving = MessageStore.Moving(session, BatchSize);
        foreach (var message in moving)
        {
            var next = Next(message, clock.GetUtcNow());
            MessageStore.UpdateStatus(session, next);
            QueueCallbacks(session, next);
        }

        return moving.Count;
    });

    private static Message Next(Message message, DateTimeOffset now) => message.Status switch
    {
        Statuses.Accepted or Statuses.Queued => message with { Status = Statuses.Sending, UpdatedAt = now },
        // A message that fails never left Twilio; an undelivered one did.
        Statuses.Sending when message.Journey.FinalStatus != Statuses.Failed =>
            message with { Status = Statuses.Sent, SentAt = now, UpdatedAt = now },
        _ => message with { Status = message.Journey.FinalStatus, ErrorCode = message.Journey.FinalError, UpdatedAt = now },
    };

    private static void QueueCallbacks(DatabaseSession session, Message message)
    {
        if (message.StatusCallback is null || message.Status == Statuses.Sending)
        {
            return;
        }

        var isSent = message.Status == Statuses.Sent;
        if (isSent && message.Journey.CallbacksReversed)
        {
            return;
        }

        Queue(message);
        if (!isSent && message.Journey.CallbacksReversed && message.SentAt is not null)
        {
            Queue(message with { Status = Statuses.Sent, ErrorCode = null });
        }

        void Queue(Message reported) => WebhookQueue.Add(
            session,
            new Webhook(reported.Sid, WebhookKind.Status, reported.StatusCallback!, StatusForm(reported)),
            reported.UpdatedAt + reported.Journey.CallbackDelay,
            reported.Journey.CallbackCopies);
    }

    private static Dictionary<string, string> StatusForm(Message message)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        // The account is the same for all messages; the webhook client adds it when it signs.
        form["MessageSid"] = form["SmsSid"] = message.Sid;
        form["MessageStatus"] = form["SmsStatus"] = message.Status;
        form["From"] = message.From;
        form["To"] = message.To;
        if (message.MessagingServiceSid is { } service)
        {
            form["MessagingServiceSid"] = service;
        }

        if (message.ErrorCode is { } code)
        {
            form["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);
        }

        if (message.Status == Statuses.Delivered)
        {
            form["RawDlrDoneDate"] = message.UpdatedAt.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture);
        }

        return form;
    }
}

/// <summary>What became of a create: a message, an error, or neither; and how the answer is to be spoilt, if it is.</summary>
internal sealed record Acceptance(Message? Message, TwilioError? Error, FaultKind? Fault);
