using FollowUp.Data.Context;
using FollowUp.Data.Inbox;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>A text to or from a patient.</summary>
/// <param name="Id">Sorts texts of one instant; unique for a patient.</param>
/// <param name="Outgoing">To the patient, or from them.</param>
/// <param name="What">The step, or what it answers, or what was read in it.</param>
/// <param name="At">When it left, or came.</param>
public sealed record PatientMessage(
    string Id, bool Outgoing, string What, string? Session, string? MessageSid, string Phone, string Text, string State, string? Reason, int? ErrorCode,
    bool RedFlag, Instant At, Instant? DeliveredAt)
{
    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => Id;
}

/// <summary>Both directions of the conversation with a patient, from all the tables that have a part of it.</summary>
internal static class PatientMessages
{
    /// <summary>All texts of a patient, newest first. A patient has hundreds at most.</summary>
    public static async Task<IReadOnlyList<PatientMessage>> ListAsync(
        FollowUpContext db, string clinic, string patient, CancellationToken cancellation)
    {
        List<PatientMessage> messages = [];
        var sessions = await db.Sessions.Where(row => row.ClinicId == clinic && row.PatientId == patient).Select(row => row.Id).ToListAsync(cancellation);
        foreach (var row in await db.Steps
            .Where(row => row.ClinicId == clinic && sessions.Contains(row.SessionId) && row.ClaimedAt != null && row.Text != null).ToListAsync(cancellation))
        {
            if (row.HasLeft)
            {
                messages.Add(new PatientMessage(
                    $"{row.SessionId}.{row.Step}.{row.Attempt}", true, row.Step, row.SessionId, row.MessageSid, row.Recipient!, row.Text!,
                    EnumText.Of(row.State), row.Reason, row.ErrorCode, false, row.LeftAt, row.DeliveredAt));
            }
        }

        foreach (var row in await db.EarlierMessages.Where(row => row.ClinicId == clinic && sessions.Contains(row.SessionId)).ToListAsync(cancellation))
        {
            messages.Add(new PatientMessage(
                $"{row.SessionId}.{row.Step}.{row.Attempt}", true, row.Step, row.SessionId, row.MessageSid, "", row.Text,
                EnumText.Of(row.State), "it was sent once more", row.ErrorCode, false, row.SentAt, null));
        }

        foreach (var row in await db.DirectMessages.Where(row => row.ClinicId == clinic && row.PatientId == patient).ToListAsync(cancellation))
        {
            messages.Add(new PatientMessage(
                row.Id, true, EnumText.Of(row.Kind), null, row.MessageSid, row.Recipient, row.Text, EnumText.Of(row.State), row.Reason, row.ErrorCode,
                false, row.SentAt ?? row.CreatedAt, row.DeliveredAt));
        }

        foreach (var row in await db.InboundMessages.Where(row => row.ClinicId == clinic && row.PatientId == patient).ToListAsync(cancellation))
        {
            messages.Add(new PatientMessage(
                row.MessageSid, false, EnumText.Of(row.Meaning), row.SessionId, row.MessageSid, row.Sender, row.Body,
                row.WantsReader && row.ReadAt is null ? "unread" : "read", null, null, row.RedFlag, row.ReceivedAt, null));
        }

        return [.. messages.OrderByDescending(message => message.At).ThenByDescending(message => message.Id, StringComparer.Ordinal)];
    }
}
