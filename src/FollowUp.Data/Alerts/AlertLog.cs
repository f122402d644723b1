using System.Globalization;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Alerts;

/// <summary>
/// Raises and settles alerts, inside the transaction of what they are about: an alert is never lost, and never about something that did not
/// happen. Red flags, which gather several texts, are raised by <see cref="RedFlags"/>.
/// </summary>
internal static class AlertLog
{
    /// <summary>Who has settled an alert whose cause is over.</summary>
    private const string ByItself = "followup";

    /// <summary>Others that come within this time stand in the same digest.</summary>
    private static readonly Duration Gather = Duration.FromMinutes(5);

    /// <summary>
    /// Raises an alert, unless the same cause has one that will still be told. What was told in a digest and happens again is told again; an
    /// urgent one is told until somebody acknowledges it, and stays one for as long.
    /// </summary>
    public static async Task RaiseAsync(FollowUpContext db, Alert alert, Instant now, CancellationToken cancellation)
    {
        var isOpen = db.Alerts.Local.Any(row => row.ClinicId == alert.Clinic && row.Cause == alert.Cause && row.AcknowledgedAt is null && (row.Urgent || row.NotifiedAt is null))
            || await db.Alerts.AnyAsync(
                row => row.ClinicId == alert.Clinic && row.Cause == alert.Cause && row.AcknowledgedAt == null && (row.Urgent || row.NotifiedAt == null), cancellation);
        if (!isOpen)
        {
            Add(db, alert, now);
        }
    }

    /// <summary>Puts an alert on record, whatever else is open.</summary>
    public static AlertRow Add(FollowUpContext db, Alert alert, Instant now)
    {
        var urgent = alert.Kind is AlertKind.RedFlag or AlertKind.PatientNotAnswered;
        var row = new AlertRow
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
        };
        db.Alerts.Add(row);
        return row;
    }

    /// <summary>There is somebody to tell now: what is open and was never told is told, and what is urgent is told again.</summary>
    public static async Task TellUntoldAsync(FollowUpContext db, string clinic, Instant now, CancellationToken cancellation)
    {
        foreach (var alert in await db.Alerts
            .Where(row => row.ClinicId == clinic && row.NotifyAt == null && row.AcknowledgedAt == null && (row.Urgent || row.NotifiedAt == null))
            .ToListAsync(cancellation))
        {
            alert.NotifyAt = now;
        }
    }

    /// <summary>Somebody has seen it: it is not told again. Doing it twice changes nothing.</summary>
    /// <param name="by">Who, in the clinic's words.</param>
    /// <param name="actor">By which way they said so.</param>
    /// <param name="toldAt">When they were told; null for when anybody was told last.</param>
    /// <returns>Whether texts that they have not been told of were parted from it, see <see cref="RedFlags.PartAsync"/>: staff must be told at once.</returns>
    public static async Task<bool> AcknowledgeAsync(
        FollowUpContext db, AlertRow alert, string by, string actor, Instant? toldAt, Instant now, CancellationToken cancellation)
    {
        if (alert.AcknowledgedAt is not null)
        {
            return false;
        }

        Acknowledge(db, alert, by, actor, now);
        return alert is { Kind: AlertKind.RedFlag, NotifiedAt: not null } && await RedFlags.PartAsync(db, alert, toldAt, now, cancellation);
    }

    /// <summary>A clinic has read a text: what was raised because of it is settled, a red flag when all its texts are read.</summary>
    public static async Task AcknowledgeMessageAsync(
        FollowUpContext db, InboundCopyRow copy, string by, string actor, Instant now, CancellationToken cancellation)
    {
        var alerts = await db.Alerts
            .Where(row => row.ClinicId == copy.ClinicId && row.AcknowledgedAt == null
                && ((row.InboundSid == copy.MessageSid && row.Kind != AlertKind.RedFlag && row.Kind != AlertKind.PatientNotAnswered)
                    || (row.Id == copy.AlertId
                        && !db.InboundCopies.Any(other => other.AlertId == row.Id && other.MessageSid != copy.MessageSid && other.ReadAt == null))))
            .ToListAsync(cancellation);
        alerts.ForEach(alert => Acknowledge(db, alert, by, actor, now));
    }

    /// <summary>Texts leave from a sender again: that it was paused is nothing to learn any more, and the next pause is.</summary>
    public static Task SettlePauseAsync(FollowUpContext db, string sender, Instant now, CancellationToken cancellation) =>
        SettleAsync(db, PauseCause(sender), clinic: null, now, cancellation);

    /// <summary>A number can be texted after all.</summary>
    public static Task SettleUnreachableAsync(FollowUpContext db, PatientRow patient, Instant now, CancellationToken cancellation) =>
        SettleAsync(db, UnreachableCause(patient.Id), patient.ClinicId, now, cancellation);

    public static string PauseCause(string sender) => $"paused:{sender}";

    public static string UnreachableCause(string patient) => $"unreachable:{patient}";

    private static async Task SettleAsync(FollowUpContext db, string cause, string? clinic, Instant now, CancellationToken cancellation)
    {
        var over = await db.Alerts
            .Where(row => row.Cause == cause && row.AcknowledgedAt == null && (clinic == null || row.ClinicId == clinic)).ToListAsync(cancellation);
        over.ForEach(alert => Acknowledge(db, alert, ByItself, ByItself, now));
    }

    private static void Acknowledge(FollowUpContext db, AlertRow alert, string by, string actor, Instant now)
    {
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
}

/// <summary>What staff must learn.</summary>
/// <param name="Clinic">Whose staff.</param>
/// <param name="Kind">Why.</param>
/// <param name="Cause">The same cause while its alert is to be told is the same alert: a SID, or what makes it one of its kind. Ids only.</param>
internal sealed record Alert(string Clinic, AlertKind Kind, string Cause)
{
    public string? Patient { get; init; }
    public string? Session { get; init; }
    public string? Step { get; init; }
    public string? InboundSid { get; init; }

    /// <summary>Never a name, a number or a text: Twilio's code, a sender's pause.</summary>
    public string? Detail { get; init; }
}
