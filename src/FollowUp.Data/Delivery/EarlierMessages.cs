using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Delivery;

/// <summary>The first messages of steps whose text is, or was, sent once more because the phone could not be reached.</summary>
internal static class EarlierMessages
{
    /// <summary>The step is to be sent once more: its present message becomes an earlier one.</summary>
    public static void Resend(FollowUpContext db, StepRow step, Instant at)
    {
        db.EarlierMessages.Add(new EarlierMessageRow
        {
            MessageSid = step.MessageSid!,
            ClinicId = step.ClinicId,
            SessionId = step.SessionId,
            Step = step.Step,
            Attempt = step.Attempt,
            State = StepState.Undelivered,
            ErrorCode = step.ErrorCode,
            Text = step.Text!,
            SentAt = step.SentAt!.Value,
        });
        step.State = StepState.Planned;
        step.Resends++;
        step.NotBefore = at;
        step.SlotAt = null;
        step.MessageSid = null;
        step.SentAt = null;
    }

    /// <summary>Whether the first message has arrived after all, so that a second would be one too many.</summary>
    public static Task<EarlierMessageRow?> FindDeliveredAsync(FollowUpContext db, StepRow step, CancellationToken cancellation) =>
        step.Resends == 0
            ? Task.FromResult<EarlierMessageRow?>(null)
            : db.EarlierMessages.FirstOrDefaultAsync(
                row => row.ClinicId == step.ClinicId && row.SessionId == step.SessionId && row.Step == step.Step && row.State == StepState.Delivered, cancellation);

    /// <summary>If the first message has arrived after all, and the second has not left, the first is the step's and no second is sent.</summary>
    /// <returns>Whether that is so.</returns>
    public static async Task<bool> AdoptAsync(FollowUpContext db, StepRow step, CancellationToken cancellation)
    {
        if (step.HasLeft || await FindDeliveredAsync(db, step, cancellation) is not { } earlier)
        {
            return false;
        }

        var report = await db.DeliveryReports
            .Where(row => row.MessageSid == earlier.MessageSid && (row.Status == "delivered" || row.Status == "read"))
            .OrderBy(row => row.ReceivedAt).FirstAsync(cancellation);
        db.EarlierMessages.Remove(earlier);
        await db.SaveChangesAsync(cancellation);
        step.MessageSid = earlier.MessageSid;
        step.SentAt = earlier.SentAt;
        step.Text = earlier.Text;
        step.NotBefore = null;
        step.SlotAt = null;
        step.State = StepState.Sent;
        MessageBinding.Apply(step, report);
        return true;
    }
}
