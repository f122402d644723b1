using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Sms;
using FollowUp.Workflows.Restoring;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Sending;

/// <summary>
/// Sends a text: claims it in the store, looks a last time, calls Twilio once, records the outcome. A crash in between leaves the claim, never
/// a blind second call.
/// </summary>
public sealed class TextSender(
    ISmsGateway gateway, IncomingTexts incoming, CatchUp catchUp, SendTiming timing, CallbackAddress callbacks, IClock clock, ILogger<TextSender> log)
{
    /// <summary>What may not leave yet, because a restored store has not caught up, asks again after this time.</summary>
    private static readonly Duration AskAgainAfter = Duration.FromMinutes(1);

    public async Task<NextAction> SendAsync(IOutgoingText text, DurableTaskClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!await catchUp.IsDoneAsync(client, cancellation))
        {
            var planned = await text.PlanAsync(cancellation);
            var again = clock.GetCurrentInstant() + AskAgainAfter;
            return planned.At < again ? planned with { At = again } : planned;
        }

        var claim = await text.ClaimAsync(Duration.FromTimeSpan(timing.DurableGrace), cancellation);
        if (claim.Text is not { } claimed)
        {
            return claim.Next;
        }

        // From here on nothing is cancelled: a host that stops waits for the call, which the time-out bounds, and for its record.
        var none = CancellationToken.None;
        var reference = text.Reference(claimed.Attempt);
        var heard = incoming.CountOf(claimed.Recipient);
        var stands = await text.MaySendAsync(claimed.Attempt, none);
        if (claim.Age > timing.ClaimIsGoodFor)
        {
            // Too old to call: by the time of the call somebody may have settled it as never sent. It is settled like any other.
            log.LogWarning("{Text} was claimed too long ago to be sent now; it will be settled.", reference);
            return await text.RecordAsync(claimed.Attempt, new SendRecord.Unknown(Duration.FromTimeSpan(timing.DurableGrace)), none);
        }

        var message = new OutgoingSms(claimed.Recipient, claimed.Body, callbacks.ForStatus(reference)) { Sender = claimed.Sender };
        if (!stands || !incoming.IsQuietSince(claimed.Recipient, heard))
        {
            log.LogInformation("{Text} was held back: something came in between its claim and the call.", reference);
            return await text.RecordAsync(claimed.Attempt, new SendRecord.NotSent(), none);
        }

        var outcome = await gateway.SendAsync(message, none);
        return await text.RecordAsync(claimed.Attempt, Record(reference, outcome), none);
    }

    private SendRecord Record(SendReference text, SendOutcome outcome)
    {
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                log.LogInformation("{Text} was sent as {MessageSid}.", text, accepted.Sid);
                return new SendRecord.Sent(accepted.Sid);

            case SendOutcome.Refused refused:
                log.LogWarning("Twilio refused {Text} with code {Code}.", text, refused.Code);
                return new SendRecord.Refused(refused.Code);

            case SendOutcome.OptedOut optedOut:
                log.LogInformation("The recipient of {Text} has opted out at Twilio; consents are withdrawn.", text);
                return new SendRecord.OptedOut(optedOut.Code);

            case SendOutcome.RetryLater later:
                var delay = SendTiming.RetryDelay(text.Attempt, later.After);
                log.LogInformation("Twilio put off {Text} with code {Code}; again in {Delay}.", text, later.Code, delay);
                return new SendRecord.Retry(later.Code, Duration.FromTimeSpan(delay));

            case SendOutcome.AccountTrouble trouble:
                log.LogError("Twilio refuses every text like {Text} with code {Code}; sending pauses.", text, trouble.Code);
                return new SendRecord.AccountTrouble(trouble.Code);

            case SendOutcome.Unknown unknown:
                log.LogWarning("Whether {Text} was sent is unknown ({Reason}); it will be settled.", text, unknown.Reason);
                return new SendRecord.Unknown(Duration.FromTimeSpan(timing.DurableGrace));

            default:
                throw new InvalidOperationException($"The outcome {outcome.GetType().Name} is not known here.");
        }
    }
}
