using FollowUp.Data;
using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Sms;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Sending;

/// <summary>
/// Settles a send of unknown outcome by asking Twilio's list for the same text to the same number under a SID that the ledger does not know.
/// Only a list that was asked after the grace, and does not have it, allows the step to be sent again.
/// </summary>
public sealed class UnknownSettler(LedgerStore ledger, DeliveryStore delivery, ISmsGateway gateway, SendTiming timing, ILogger<UnknownSettler> log)
{
    private static readonly Duration AskAgainAfter = Duration.FromMinutes(1);

    public async Task<NextAction> SettleAsync(SessionKey session, string step, CancellationToken cancellation)
    {
        if (await ledger.FindUnknownAsync(session, step, cancellation) is null)
        {
            return await ledger.PlanAsync(session, cancellation);
        }

        if (timing.RealGrace > TimeSpan.Zero)
        {
            await Task.Delay(timing.RealGrace, TimeProvider.System, cancellation);
        }

        // Read again: a status callback may have settled it meanwhile.
        if (await ledger.FindUnknownAsync(session, step, cancellation) is not { } text)
        {
            return await ledger.PlanAsync(session, cancellation);
        }

        IReadOnlyList<SentSms> listed;
        try
        {
            DateTimeOffset? since = timing.ClockIsSimulated ? null : text.ClaimedAt.ToDateTimeOffset();
            listed = await gateway.FindAsync(text.Recipient, text.Body, since, cancellation);
        }
        catch (SmsLookupException exception)
        {
            log.LogWarning(exception, "Twilio's list could not be read to settle step {Step} of session {Session}.", step, session);
            return await ledger.RecordUnknownAsync(session, step, text.Attempt, AskAgainAfter, cancellation);
        }

        var known = await ledger.KnownAsync([.. listed.Select(message => message.Sid)], cancellation);
        if (listed.FirstOrDefault(message => !known.Contains(message.Sid)) is not { } found)
        {
            log.LogInformation("Step {Step} of session {Session} was never sent; it may be claimed again.", step, session);
            return await ledger.RecordNeverSentAsync(session, step, text.Attempt, cancellation);
        }

        log.LogInformation("Step {Step} of session {Session} was sent as {MessageSid} after all.", step, session, found.Sid);
        var next = await ledger.RecordSentAsync(session, step, text.Attempt, found.Sid, cancellation);

        // Its reports may have come while nobody knew the message, or gone astray.
        await delivery.ReportAsync(found.Sid, found.Status, errorCode: null, reference: null, cancellation);
        return next;
    }
}
