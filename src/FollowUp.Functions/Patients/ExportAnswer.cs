using FollowUp.Data;
using FollowUp.Data.Patients;
using FollowUp.Functions.Http;
using FollowUp.Functions.Sessions;

namespace FollowUp.Functions.Patients;

/// <summary>Everything about a patient as one document.</summary>
internal static class ExportAnswer
{
    public static object Of(PatientExport export) => new
    {
        exportedAt = Answers.Moment(export.At),
        patient = PatientAnswer.Of(export.Patient),
        createdAt = Answers.Moment(export.CreatedAt),
        changedAt = Answers.Moment(export.ChangedAt),
        sessions = export.Sessions.Select(session => new
        {
            booking = SessionAnswer.Of(session.Session),
            outcome = EnumText.Of(session.Outcome),
            outcomeAt = Answers.Moment(session.OutcomeAt),
            confirmedAt = Answers.Moment(session.ConfirmedAt),
            bookedAt = Answers.Moment(session.BookedAt),
            createdAt = Answers.Moment(session.CreatedAt),
            changedAt = Answers.Moment(session.ChangedAt),
        }).ToList(),
        messages = export.Messages.Select(MessageAnswer.Of).ToList(),
        alerts = export.Alerts.Select(alert => new
        {
            alert = alert.Id,
            kind = EnumText.Of(alert.Kind),
            alert.Session,
            alert.Step,
            alert.MessageSid,
            alert.Detail,
            raisedAt = Answers.Moment(alert.RaisedAt),
            acknowledgedAt = Answers.Moment(alert.AcknowledgedAt),
            alert.AcknowledgedBy,
        }).ToList(),
        audit = export.Audit.Select(act => new { at = Answers.Moment(act.At), act.Actor, act.Action, act.Subject, act.Detail }).ToList(),
    };
}
