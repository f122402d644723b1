using FollowUp.Data.Patients;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Patients;

/// <summary>A text to or from a patient, as the contract shows it.</summary>
internal static class MessageAnswer
{
    public static object Of(PatientMessage message) => new
    {
        direction = message.Inbound ? "inbound" : "outbound",
        at = Answers.Moment(message.At),
        message.Kind,
        message.State,
        message.Phone,
        message.Text,
        message.Session,
        message.Step,
        message.Reason,
        message.ErrorCode,
        message.MessageSid,
        sentAt = Answers.Moment(message.SentAt),
        deliveredAt = Answers.Moment(message.DeliveredAt),
        message.RedFlag,
        message.Rating,
        readAt = Answers.Moment(message.ReadAt),
    };
}
