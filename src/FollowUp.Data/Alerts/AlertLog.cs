using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Alerts;

/// <summary>Raises alerts, inside the transaction of what they are about: an alert is never lost, and never about something that did not happen.</summary>
internal static class AlertLog
{
    /// <summary>Others that come within this time stand in the same digest.</summary>
    private static readonly Duration Gather = Duration.FromMinutes(5);

    /// <summary>Raises an alert, unless the same cause has one that nobody has acknowledged yet.</summary>
    public static async Task RaiseAsync(FollowUpContext db, Alert alert, Instant now, CancellationToken cancellation)
    {
        var isOpen = db.Alerts.Local.Any(row => row.ClinicId == alert.Clinic && row.Cause == alert.Cause && row.AcknowledgedAt is null)
            || await db.Alerts.AnyAsync(row => row.ClinicId == alert.Clinic && row.Cause == alert.Cause && row.AcknowledgedAt == null, cancellation);
        if (isOpen)
        {
            return;
        }

        var urgent = alert.Kind == AlertKind.RedFlag;
        db.Alerts.Add(new AlertRow
        {
            ClinicId = alert.Clinic,
            Kind = alert.Kind,
            Urgent = urgent,
            PatientId = alert.Patient,
            SessionId = alert.Session,
            Step = alert.Step,
            InboundSid = alert.InboundSid,
            Detail = alert.Detail,
            Cause = alert.Cause,
            RaisedAt = now,
            NotifyAt = urgent ? now : now + Gather,
        });
    }
}

/// <summary>What staff must learn.</summary>
/// <param name="Clinic">Whose staff.</param>
/// <param name="Kind">Why.</param>
/// <param name="Cause">The same cause while its alert is open is the same alert: a SID, or what makes it one of its kind. Ids only.</param>
internal sealed record Alert(string Clinic, AlertKind Kind, string Cause)
{
    public string? Patient { get; init; }
    public string? Session { get; init; }
    public string? Step { get; init; }
    public string? InboundSid { get; init; }

    /// <summary>Never a name, a number or a text: Twilio's code, a sender's pause.</summary>
    public string? Detail { get; init; }
}
