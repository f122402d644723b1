using FollowUp.Data.Context;
using FollowUp.Data.Ledger;
using FollowUp.Data.Rows;
using FollowUp.Data.Senders;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Delivery;

/// <summary>Ties a row to Twilio's message, and to what Twilio reports about it.</summary>
internal static class MessageBinding
{
    /// <summary>The row whose text is Twilio's message of this SID; null when none is known to be.</summary>
    public static async Task<IAttempt?> FindAsync(FollowUpContext db, string messageSid, CancellationToken cancellation) =>
        (IAttempt?)await db.Steps.SingleOrDefaultAsync(row => row.MessageSid == messageSid, cancellation)
        ?? await db.DirectMessages.SingleOrDefaultAsync(row => row.MessageSid == messageSid, cancellation);

    /// <summary>The row's text is Twilio's message of this SID. Reports that were faster than the answer are applied at once.</summary>
    /// <returns>The reports that say that it was not delivered, for the caller to draw conclusions from.</returns>
    public static async Task<DeliveryReportRow?> BindAsync(
        FollowUpContext db, IAttempt row, string messageSid, Instant now, CancellationToken cancellation)
    {
        // The same text to the same number can stand in two rows. If the other one's settling took this message, it looks again.
        if (await FindAsync(db, messageSid, cancellation) is { } other && other != row)
        {
            other.MessageSid = null;
            other.SentAt = null;
            other.DeliveredAt = null;
            other.State = StepState.Unknown;
            other.NotBefore = now;
            if (other is StepRow step)
            {
                (await db.Sessions.SingleAsync(session => session.ClinicId == step.ClinicId && session.Id == step.SessionId, cancellation)).Reopen(now);
            }

            await db.SaveChangesAsync(cancellation);
        }

        await SenderPause.TakenAsync(db, row, now, cancellation);
        row.MessageSid = messageSid;
        row.State = StepState.Sent;
        row.SentAt = now;
        row.NotBefore = null;
        row.SlotAt = null;
        row.Reason = null;
        row.ErrorCode = null;
        DeliveryReportRow? failed = null;
        foreach (var report in await db.DeliveryReports.Where(report => report.MessageSid == messageSid).ToListAsync(cancellation))
        {
            failed = Apply(row, report) ? report : failed;
        }

        if (row.State == StepState.Delivered)
        {
            await SenderPause.DeliveredAsync(db, row, now, cancellation);
        }

        return row.State == StepState.Undelivered ? failed : null;
    }

    /// <summary>Reports come in any order: delivered is the last word, and a late "sent" says nothing new.</summary>
    /// <returns>Whether the report is news of a failure.</returns>
    public static bool Apply(IAttempt row, DeliveryReportRow report)
    {
        switch (report.Status)
        {
            case "delivered" or "read" when row.State != StepState.Delivered:
                row.State = StepState.Delivered;
                row.DeliveredAt = report.ReceivedAt;
                row.Reason = null;
                row.ErrorCode = null;
                return false;
            case "undelivered" or "failed" or "canceled" when row.State is not (StepState.Delivered or StepState.Undelivered):
                row.State = StepState.Undelivered;
                row.ErrorCode = report.ErrorCode;
                row.Reason = report.ErrorCode is { } code ? $"not delivered, Twilio code {code}" : "not delivered";
                return true;
            default:
                return false;
        }
    }
}
