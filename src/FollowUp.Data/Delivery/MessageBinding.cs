using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Delivery;

/// <summary>Ties a ledger row to Twilio's message, and to what Twilio reports about it.</summary>
internal static class MessageBinding
{
    /// <summary>The row's text is Twilio's message of this SID. Reports that were faster than the answer are applied at once.</summary>
    public static async Task BindAsync(FollowUpContext db, StepRow row, string messageSid, Instant now, CancellationToken cancellation)
    {
        // The same text to the same number can stand in two rows. If the other one's settling took this message, it looks again.
        if (await db.Steps.SingleOrDefaultAsync(other => other.MessageSid == messageSid, cancellation) is { } other && other != row)
        {
            other.MessageSid = null;
            other.SentAt = null;
            other.DeliveredAt = null;
            other.State = StepState.Unknown;
            other.NotBefore = now;
            await db.SaveChangesAsync(cancellation);
        }

        row.MessageSid = messageSid;
        row.State = StepState.Sent;
        row.SentAt = now;
        row.NotBefore = null;
        row.Reason = null;
        row.ErrorCode = null;
        foreach (var report in await db.DeliveryReports.Where(report => report.MessageSid == messageSid).ToListAsync(cancellation))
        {
            Apply(row, report);
        }
    }

    /// <summary>Reports come in any order: delivered is the last word, and a late "sent" says nothing new.</summary>
    public static void Apply(StepRow row, DeliveryReportRow report)
    {
        switch (report.Status)
        {
            case "delivered" or "read" when row.State != StepState.Delivered:
                row.State = StepState.Delivered;
                row.DeliveredAt = report.ReceivedAt;
                row.Reason = null;
                row.ErrorCode = null;
                break;
            case "undelivered" or "failed" or "canceled" when row.State != StepState.Delivered:
                row.State = StepState.Undelivered;
                row.ErrorCode = report.ErrorCode;
                row.Reason = report.ErrorCode is { } code ? $"not delivered, Twilio code {code}" : "not delivered";
                break;
        }
    }
}
