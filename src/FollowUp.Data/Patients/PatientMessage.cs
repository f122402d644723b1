using FollowUp.Data.Inbox;
using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>A text to or from a patient.</summary>
public sealed record PatientMessage
{
    /// <summary>Orders messages of one moment; the same for as long as the message exists.</summary>
    public required string Key { get; init; }

    /// <summary>From the patient.</summary>
    public required bool Inbound { get; init; }

    /// <summary>When it was received, or when this text was about to be sent.</summary>
    public required Instant At { get; init; }

    /// <summary>The kind of step (<c>aftercare</c>) or of answer (<c>help</c>), or what was read in the patient's text (<c>opt-out</c>).</summary>
    public required string Kind { get; init; }

    /// <summary>Where its delivery stands; <c>received</c> for the patient's own.</summary>
    public required string State { get; init; }

    /// <summary>The patient's number at the time, E.164; null for a text that was sent again later, whose number is not kept.</summary>
    public string? Phone { get; init; }
    public required string Text { get; init; }
    public string? Session { get; init; }
    public string? Step { get; init; }
    public string? Reason { get; init; }

    /// <summary>Twilio's code, if it was not delivered.</summary>
    public int? ErrorCode { get; init; }
    public string? MessageSid { get; init; }
    public Instant? SentAt { get; init; }
    public Instant? DeliveredAt { get; init; }

    /// <summary>The patient's words may mean trouble.</summary>
    public bool RedFlag { get; init; }

    /// <summary>The answer to a check-in, 1 to 5.</summary>
    public int? Rating { get; init; }

    /// <summary>When somebody at the clinic has read it.</summary>
    public Instant? ReadAt { get; init; }

    /// <summary>It stands in the clinic's inbox, read or not, and can be answered.</summary>
    public bool InInbox { get; init; }

    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => Key;

    /// <summary>All of a patient's texts, newest first. A step that has not left has none yet.</summary>
    internal static IReadOnlyList<PatientMessage> Of(PatientFile file)
    {
        var steps = file.Steps.ToDictionary(step => (step.SessionId, step.Step));
        return
        [
            .. file.Steps.Where(row => row.HasLeft && row.Text is not null).Select(Of)
                .Concat(file.Earlier.Select(row => Of(row, steps[(row.SessionId, row.Step)])))
                .Concat(file.Direct.Select(Of))
                .Concat(file.Inbound.Select(Of))
                .OrderByDescending(message => message.At).ThenByDescending(message => message.Key, StringComparer.Ordinal),
        ];
    }

    private static PatientMessage Of(StepRow row) => new()
    {
        Key = $"step:{row.SessionId}:{row.Step}",
        Inbound = false,
        At = row.ClaimedAt ?? row.LeftAt,
        Kind = EnumText.Of(row.Kind),
        State = EnumText.Of(row.State),
        Phone = row.Recipient,
        Text = row.Text!,
        Session = row.SessionId,
        Step = row.Step,
        Reason = row.Reason,
        ErrorCode = row.ErrorCode,
        MessageSid = row.MessageSid,
        SentAt = row.SentAt,
        DeliveredAt = row.DeliveredAt,
    };

    private static PatientMessage Of(EarlierMessageRow row, StepRow step) => new()
    {
        Key = $"earlier:{row.MessageSid}",
        Inbound = false,
        At = row.SentAt,
        Kind = EnumText.Of(step.Kind),
        State = EnumText.Of(row.State),
        Text = row.Text,
        Session = row.SessionId,
        Step = row.Step,
        ErrorCode = row.ErrorCode,
        MessageSid = row.MessageSid,
        SentAt = row.SentAt,
    };

    private static PatientMessage Of(DirectMessageRow row) => new()
    {
        Key = $"direct:{row.Id}",
        Inbound = false,
        At = row.CreatedAt,
        Kind = EnumText.Of(row.Kind),
        State = EnumText.Of(row.State),
        Phone = row.Recipient,
        Text = row.Text,
        Reason = row.Reason,
        ErrorCode = row.ErrorCode,
        MessageSid = row.MessageSid,
        SentAt = row.SentAt,
        DeliveredAt = row.DeliveredAt,
    };

    private static PatientMessage Of(InboundText text) => new()
    {
        Key = $"inbound:{text.Message.MessageSid}",
        Inbound = true,
        At = text.Message.ReceivedAt,
        Kind = EnumText.Of(text.Message.Meaning),
        State = "received",
        Phone = text.Message.Sender,
        Text = text.Message.Body,
        Session = text.Copy?.SessionId,
        MessageSid = text.Message.MessageSid,
        RedFlag = text.Message.RedFlag,
        Rating = text.Message.Rating,
        ReadAt = text.Copy?.ReadAt,
        InInbox = text.Copy?.WantsReader == true,
    };
}
