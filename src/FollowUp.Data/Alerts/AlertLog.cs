using System.Globalization;
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

    /// <summary>There is somebody to tell now: what is open and was never told is told.</summary>
    public static async Task TellUntoldAsync(FollowUpContext db, string clinic, Instant now, CancellationToken cancellation)
    {
        foreach (var alert in await db.Alerts
            .Where(row => row.ClinicId == clinic && row.NotifiedAt == null && row.NotifyAt == null && row.AcknowledgedAt == null).ToListAsync(cancellation))
        {
            alert.NotifyAt = now;
        }
    }

    /// <summary>Somebody has seen it: it is not told again. Doing it twice changes nothing.</summary>
    /// <param name="by">Who, in the clinic's words.</param>
    /// <param name="actor">By which way they said so.</param>
    public static void Acknowledge(FollowUpContext db, AlertRow alert, string by, string actor, Instant now)
    {
        if (alert.AcknowledgedAt is not null)
        {
            return;
        }

        alert.AcknowledgedAt = now;
        alert.AcknowledgedBy = by;
        alert.NotifyAt = null;
        db.Audit.Add(new AuditRow
        {
            ClinicId = alert.ClinicId,
            At = now,
            Actor = actor,
            Action = "alert-acknowledged",
            Subject = alert.Id.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>A patient's text has been read: what was raised because of it is settled.</summary>
    public static async Task AcknowledgeMessageAsync(
        FollowUpContext db, string clinic, string inboundSid, string by, string actor, Instant now, CancellationToken cancellation)
    {
        foreach (var alert in await db.Alerts
            .Where(row => row.ClinicId == clinic && row.InboundSid == inboundSid && row.AcknowledgedAt == null).ToListAsync(cancellation))
        {
            Acknowledge(db, alert, by, actor, now);
        }
    }

    /// <summary>Staff have planned a text again that was not delivered: should it fail once more, that is news.</summary>
    public static async Task AcknowledgeStepAsync(
        FollowUpContext db, SessionKey session, string step, string actor, Instant now, CancellationToken cancellation)
    {
        foreach (var alert in await db.Alerts
            .Where(row => row.ClinicId == session.Clinic && row.SessionId == session.Session && row.Step == step && row.Kind == AlertKind.Undelivered
                && row.AcknowledgedAt == null)
            .ToListAsync(cancellation))
        {
            Acknowledge(db, alert, actor, actor, now);
        }
    }

    /// <summary>A member of staff has answered an alert: the urgent ones that they have been told are theirs.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> AcknowledgeByTextAsync(FollowUpContext db, string clinic, string actor, Instant now, CancellationToken cancellation)
    {
        var told = await db.Alerts
            .Where(row => row.ClinicId == clinic && row.Urgent && row.NotifiedAt != null && row.AcknowledgedAt == null).ToListAsync(cancellation);
        told.ForEach(alert => Acknowledge(db, alert, "text", actor, now));
        return told.Count;
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
