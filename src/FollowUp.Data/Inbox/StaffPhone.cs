using FollowUp.Core.Replies;
using FollowUp.Data.Alerts;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Inbox;

/// <summary>What a number is to clinics that alert it.</summary>
/// <param name="Clinics">Clinics that name it in their staff alerts: as far as they have texted it of late, or it writes to their sender.</param>
/// <param name="Last">The last text outside of a plan that may have reached it.</param>
internal sealed record StaffPhone(IReadOnlyList<string> Clinics, DirectMessageRow? Last)
{
    /// <summary>A number that no alert has gone to for so long is looked at as anybody's.</summary>
    private static readonly Duration Lately = Duration.FromDays(30);

    /// <summary>Whether a text from it may have followed an urgent alert, with nothing sent to it in between.</summary>
    /// <param name="texted">When a text of a plan was last sent to it.</param>
    public bool WasAlertedLast(Instant? texted) => Last is { AlertId: not null, ClaimedAt: { } at } && !(texted > at);

    /// <param name="possible">Clinics that it may be writing to, if it is no patient's.</param>
    public static async Task<StaffPhone> FindAsync(
        FollowUpContext db, string phone, IReadOnlyList<PossibleClinic> possible, Instant now, CancellationToken cancellation)
    {
        var since = now - Lately;
        var toIt = db.DirectMessages.Where(row => row.Recipient == phone && row.CreatedAt >= since);
        var alerting = await toIt.Where(row => row.Kind == DirectMessageKind.StaffAlert).Select(row => row.ClinicId).Distinct().ToListAsync(cancellation);
        var contacts = await db.Clinics.Where(clinic => alerting.Contains(clinic.Id))
            .Select(clinic => new { clinic.Id, clinic.StaffAlerts }).ToListAsync(cancellation);
        var clinics = contacts.Where(clinic => clinic.StaffAlerts.Contains(phone)).Select(clinic => clinic.Id)
            .Union(possible.Where(clinic => clinic.StaffAlerts.Contains(phone)).Select(clinic => clinic.Id), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToList();
        var last = clinics.Count > 0 ? await WhichMayHaveArrived(toIt).OrderByDescending(row => row.ClaimedAt).FirstOrDefaultAsync(cancellation) : null;
        return new StaffPhone(clinics, last);
    }

    /// <summary>
    /// Takes a text from it as the word of a member of staff that they have an alert: those whose texts may have reached this very number, in
    /// this thread, and no others.
    /// </summary>
    /// <returns>Clinics that must be told of something that came in since.</returns>
    public async Task<IReadOnlyList<string>> AcknowledgeAsync(
        FollowUpContext db, string phone, string? sender, Instant now, CancellationToken cancellation)
    {
        var texts = WhichMayHaveArrived(db.DirectMessages.Where(row => row.Recipient == phone && row.AlertId != null && (sender == null || row.Sender == sender)));
        var open = await db.Alerts
            .Where(alert => Clinics.Contains(alert.ClinicId) && alert.Urgent && alert.AcknowledgedAt == null).OrderBy(alert => alert.Id)
            .ToListAsync(cancellation);
        List<string> again = [];
        foreach (var alert in open)
        {
            var textAt = await texts.Where(row => row.AlertId == alert.Id)
                .OrderByDescending(row => row.CreatedAt).Select(row => (Instant?)row.CreatedAt).FirstOrDefaultAsync(cancellation);
            if (textAt is not null && await AlertLog.AcknowledgeAsync(db, alert, "text", "staff text", textAt, now, cancellation))
            {
                again.Add(alert.ClinicId);
            }
        }

        return again;
    }

    /// <summary>Whether a text from it says that somebody has the alert. From a patient's phone it must be clear that it answers one.</summary>
    public bool IsAcknowledgement(string body, bool isPatients, Instant? texted) =>
        Clinics.Count > 0 && (!isPatients || WasAlertedLast(texted)) && Acknowledgement.IsOne(body);

    private static IQueryable<DirectMessageRow> WhichMayHaveArrived(IQueryable<DirectMessageRow> rows) =>
        rows.Where(row => row.State == StepState.Sending || row.State == StepState.Unknown || row.State == StepState.Sent || row.State == StepState.Delivered);
}
