using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Direct;

/// <summary>Puts texts outside of a plan on record, in the transaction of what causes them.</summary>
internal static class DirectMessages
{
    /// <summary>Enqueues a text, unless the same cause has one already.</summary>
    /// <returns>The text to start, or null when it was there.</returns>
    public static async Task<DirectMessageKey?> EnqueueAsync(FollowUpContext db, NewDirectMessage message, Instant now, CancellationToken cancellation)
    {
        if (await db.DirectMessages.FindAsync([message.Key.Clinic, message.Key.Id], cancellation) is not null)
        {
            return null;
        }

        db.DirectMessages.Add(new DirectMessageRow
        {
            ClinicId = message.Key.Clinic,
            Id = message.Key.Id,
            Kind = message.Kind,
            PatientId = message.Patient,
            InboundSid = message.InboundSid,
            AlertId = message.Alert,
            State = StepState.Planned,
            Recipient = message.Recipient,
            Text = message.Text,
            DueAt = now,
            UsefulUntil = now + message.UsefulFor,
            CreatedAt = now,
        });
        return message.Key;
    }
}

/// <summary>A text outside of a plan, to be sent at once.</summary>
/// <param name="Key">Made from what causes it, so that the same cause makes one text.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Recipient">E.164.</param>
/// <param name="Text">The exact text.</param>
/// <param name="UsefulFor">After that it is not sent any more.</param>
internal sealed record NewDirectMessage(DirectMessageKey Key, DirectMessageKind Kind, string Recipient, string Text, Duration UsefulFor)
{
    public string? Patient { get; init; }
    public string? InboundSid { get; init; }

    /// <summary>The urgent alert that it tells of.</summary>
    public long? Alert { get; init; }

    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => Key.ToString();
}
