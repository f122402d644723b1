using FollowUp.Data.Rows;
using FollowUp.Data.Webhooks;
using NodaTime;

namespace FollowUp.Data.Alerts;

/// <summary>Alerts as an event for a clinic's own systems: ids to look things up with.</summary>
internal static class AlertEvent
{
    /// <summary>A receiver that wants more than these asks for the alerts.</summary>
    private const int MostListed = 100;

    public static CloudEvent Of(string id, IReadOnlyList<AlertRow> alerts, Instant now) => new()
    {
        Id = $"{alerts[0].ClinicId}.{id}",
        Source = $"/clinics/{alerts[0].ClinicId}",
        Type = alerts is [{ Urgent: true } urgent] ? $"followup.alert.{EnumText.Of(urgent.Kind)}" : "followup.alert.digest",
        Time = now,
        Subject = alerts is [{ PatientId: { } patient }] ? $"patients/{patient}" : null,
        Data = new
        {
            count = alerts.Count,
            alerts = alerts.Take(MostListed).Select(alert => new
            {
                alert = alert.Id,
                kind = EnumText.Of(alert.Kind),
                alert.Urgent,
                patient = alert.PatientId,
                session = alert.SessionId,
                alert.Step,
                message = alert.InboundSid,
                alert.Detail,
                raisedAt = alert.RaisedAt.ToString(),
                timesTold = alert.Notifications,
            }).ToList(),
        },
    };
}
