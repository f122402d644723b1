using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Sms;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace FollowUp.Workflows.Sending;

/// <summary>
/// Settles a send of unknown outcome by asking Twilio's list for the same text to the same number under a SID that the ledger does not know.
/// Only a list that was asked after the grace, and does not have it, allows the text to be sent again.
/// </summary>
public sealed class UnknownSettler(LedgerStore ledger, DeliveryStore delivery, ISmsGateway gateway, SendTiming timing, ILogger<UnknownSettler> log)
{
    private static readonly Duration AskAgainAfter = Duration.FromMinutes(1);

    public async Task<NextAction> SettleAsync(IOutgoingText text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (await text.FindUnknownAsync(cancellation) is null)
        {
            return await text.PlanAsync(cancellation);
        }

        if (timing.RealGrace > TimeSpan.Zero)
        {
            await Task.Delay(timing.RealGrace, TimeProvider.System, cancellation);
        }

        // Read again: a status callback may have settled it meanwhile.
        if (await text.FindUnknownAsync(cancellation) is not { } unknown)
        {
            return await text.PlanAsync(cancellation);
        }

        var reference = text.Reference(unknown.Attempt);
        IReadOnlyList<SentSms> listed;
        try
        {
            DateTimeOffset? since = timing.ClockIsSimulated ? null : unknown.ClaimedAt.ToDateTimeOffset();
            listed = await gateway.FindAsync(unknown.Recipient, unknown.Body, since, cancellation);
        }
        catch (SmsLookupException exception)
        {
            log.LogWarning(exception, "Twilio's list could not be read to settle {Text}.", reference);
            return await text.RecordAsync(unknown.Attempt, new SendRecord.Unknown(AskAgainAfter), cancellation);
        }

        var known = await ledger.KnownAsync([.. listed.Select(message => message.Sid)], cancellation);
        if (listed.FirstOrDefault(message => !known.Contains(message.Sid)) is not { } found)
        {
            log.LogInformation("{Text} was never sent; it may be claimed again.", reference);
            return await text.RecordAsync(unknown.Attempt, new SendRecord.NotSent(), cancellation);
        }

        log.LogInformation("{Text} was sent as {MessageSid} after all.", reference, found.Sid);
        await text.RecordAsync(unknown.Attempt, new SendRecord.Sent(found.Sid), cancellation);

        // Its reports may have come while nobody knew the message, or gone astray.
        await delivery.ReportAsync(found.Sid, found.Status, found.ErrorCode, reference: null, cancellation);
        return await text.PlanAsync(cancellation);
    }
}
