using FollowUp.Data;
using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Sms;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Sending;

/// <summary>Sends a step: claims it in the ledger, calls Twilio once, records the outcome. A crash in between leaves the claim, never a blind second call.</summary>
public sealed class MessageSender(
    LedgerStore ledger, ISmsGateway gateway, SendTiming timing, CallbackAddress callbacks, ILogger<MessageSender> log)
{
    public async Task<NextAction> SendAsync(SessionKey session, string step, CancellationToken cancellation)
    {
        var claim = await ledger.ClaimAsync(session, step, Duration.FromTimeSpan(timing.DurableGrace), cancellation);
        if (claim.Text is not { } text)
        {
            return claim.Next;
        }

        // From here on nothing is cancelled: a host that stops waits for the call, which the time-out bounds, and for its record.
        if (claim.Age > timing.ClaimIsGoodFor)
        {
            log.LogWarning("Step {Step} of session {Session} was claimed too long ago to be sent now; it will be settled.", step, session);
            return await ledger.RecordUnknownAsync(session, step, text.Attempt, Duration.FromTimeSpan(timing.DurableGrace), CancellationToken.None);
        }

        var callback = callbacks.ForStatus(new SendReference(session, step, text.Attempt));
        var outcome = await gateway.SendAsync(new OutgoingSms(text.Recipient, text.Body, callback), CancellationToken.None);
        return await RecordAsync(session, step, text.Attempt, outcome);
    }

    private Task<NextAction> RecordAsync(SessionKey session, string step, int attempt, SendOutcome outcome)
    {
        var none = CancellationToken.None;
        switch (outcome)
        {
            case SendOutcome.Accepted accepted:
                log.LogInformation("Step {Step} of session {Session} was sent as {MessageSid}.", step, session, accepted.Sid);
                return ledger.RecordSentAsync(session, step, attempt, accepted.Sid, none);

            case SendOutcome.Refused refused:
                log.LogWarning("Twilio refused step {Step} of session {Session} with code {Code}.", step, session, refused.Code);
                return ledger.RecordRefusedAsync(session, step, attempt, refused.Code, none);

            case SendOutcome.OptedOut optedOut:
                log.LogInformation("The recipient of session {Session} has opted out at Twilio; consents are withdrawn.", session);
                return ledger.RecordOptedOutAsync(session, step, attempt, optedOut.Code, none);

            case SendOutcome.RetryLater later:
                var delay = later.After ?? SendTiming.RetryDelay(attempt);
                log.LogInformation("Twilio put off step {Step} of session {Session} with code {Code}; again in {Delay}.", step, session, later.Code, delay);
                return ledger.RecordRetryAsync(session, step, attempt, later.Code, Duration.FromTimeSpan(delay), none);

            case SendOutcome.Unknown unknown:
                log.LogWarning("Whether step {Step} of session {Session} was sent is unknown ({Reason}); it will be settled.", step, session, unknown.Reason);
                return ledger.RecordUnknownAsync(session, step, attempt, Duration.FromTimeSpan(timing.DurableGrace), none);

            default:
                throw new InvalidOperationException($"The outcome {outcome.GetType().Name} is not known here.");
        }
    }
}
