using FollowUp.Data;
using FollowUp.Data.Alerts;
using FollowUp.Data.Patients;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;

namespace FollowUp.Functions.Patients;

/// <summary>Patients, and what is held about them, as the contract shows it.</summary>
internal static class PatientAnswer
{
    public static object Of(PatientView patient) => new
    {
        patient.Clinic,
        patient.Id,
        patient.FirstName,
        patient.Phone,
        patient.Language,
        patient.TimeZone,
        consents = patient.Consents.Select(EnumText.Of),
        patient.EssentialsOnly,
        patient.OptedOut,
        patient.Unreachable,
        patient.WrongNumber,
        consentHistory = patient.History.Select(entry => new
        {
            kind = EnumText.Of(entry.Kind),
            entry.Granted,
            source = EnumText.Of(entry.Source),
            entry.Method,
            entry.Wording,
            entry.Evidence,
            at = Answers.Moment(entry.At),
        }),
    };

    public static object Of(PatientMessage message) => new
    {
        direction = message.Outgoing ? "out" : "in",
        kind = message.What,
        message.Session,
        message.MessageSid,
        phone = message.Phone.Length == 0 ? null : message.Phone,
        message.Text,
        message.State,
        message.Reason,
        message.ErrorCode,
        message.RedFlag,
        at = Answers.Moment(message.At),
        deliveredAt = Answers.Moment(message.DeliveredAt),
    };

    public static object Of(PatientRecord record) => new
    {
        patient = Of(record.Patient),
        sessions = record.Sessions.Select(SessionAnswer.Of),
        messages = record.Messages.Select(Of),
        alerts = record.Alerts.Select(alert => new
        {
            kind = EnumText.Of(alert.Kind),
            alert.Session,
            alert.Step,
            alert.Detail,
            raisedAt = Answers.Moment(alert.RaisedAt),
            acknowledgedAt = Answers.Moment(alert.AcknowledgedAt),
            alert.AcknowledgedBy,
        }),
        audit = record.Audit.Select(entry => new { at = Answers.Moment(entry.At), entry.Actor, entry.Action, entry.Subject, entry.Detail }),
    };
}
