using FollowUp.Data.Alerts;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>All that is held about a patient: to show, to hand over, to erase.</summary>
public sealed class PatientRecordStore
{
    private readonly Store _store;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal PatientRecordStore(Store store, SendRules rules, IClock clock) => (_store, _rules, _clock) = (store, rules, clock);

    /// <summary>Both directions, newest first; null when the clinic has no such patient.</summary>
    public Task<IReadOnlyList<PatientMessage>?> MessagesAsync(string clinic, string patient, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<PatientMessage>?>(async db =>
            await db.Patients.AnyAsync(row => row.ClinicId == clinic && row.Id == patient, cancellation)
                ? await PatientMessages.ListAsync(db, clinic, patient, cancellation)
                : null, cancellation);

    /// <summary>Everything held about a patient, for the patient. That it was handed out is audited. Null when the clinic has no such patient.</summary>
    public Task<PatientRecord?> ExportAsync(string clinic, string patient, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.Patients.FindAsync([clinic, patient], cancellation) is not { } row)
            {
                return null;
            }

            Audit(db, clinic, patient, actor, "patient-exported");
            await db.SaveChangesAsync(cancellation);
            var sessions = await db.Sessions.Where(session => session.ClinicId == clinic && session.PatientId == patient).OrderBy(session => session.StartsAt).ToListAsync(cancellation);
            List<SessionView> views = [];
            foreach (var session in sessions)
            {
                views.Add((await SessionStore.ViewAsync(db, session.Key, cancellation))!);
            }

            List<string> subjects = [patient, .. sessions.Select(session => session.Id)];
            var audit = await db.Audit.Where(entry => entry.ClinicId == clinic && subjects.Contains(entry.Subject)).OrderBy(entry => entry.Id).ToListAsync(cancellation);
            var alerts = await db.Alerts.Where(alert => alert.ClinicId == clinic && alert.PatientId == patient).OrderBy(alert => alert.Id).ToListAsync(cancellation);
            return new PatientRecord(
                await PatientStore.ViewAsync(db, _rules, row, cancellation),
                views,
                await PatientMessages.ListAsync(db, clinic, patient, cancellation),
                [.. alerts.Select(AlertView.Of)],
                [.. audit.Select(entry => new AuditEntry(entry.At, entry.Actor, entry.Action, entry.Subject, entry.Detail))]);
        }, cancellation);

    /// <summary>
    /// Removes names, numbers and texts of a patient and keeps counts. What marks a number as opted out stays, as a keyed hash: an erasure
    /// must not bring texts back. A send that is under way finds nothing to record itself on.
    /// </summary>
    /// <returns>The sessions whose orchestrations are to be ended; null when the clinic has no such patient.</returns>
    public async Task<IReadOnlyList<SessionKey>?> EraseAsync(string clinic, string patient, string actor, CancellationToken cancellation)
    {
        var erased = await _store.WriteAsync<IReadOnlyList<SessionKey>?>(async db =>
        {
            if (await db.Patients.FindAsync([clinic, patient], cancellation) is not { } row)
            {
                return null;
            }

            var sessions = await db.Sessions.Where(session => session.ClinicId == clinic && session.PatientId == patient).ToListAsync(cancellation);
            var texts = await PatientMessages.ListAsync(db, clinic, patient, cancellation);
            db.Erasures.Add(new ErasureRow
            {
                ClinicId = clinic,
                At = _clock.GetCurrentInstant(),
                Actor = actor,
                Sessions = sessions.Count,
                TextsSent = texts.Count(text => text.Outgoing),
                TextsReceived = texts.Count(text => !text.Outgoing),
            });
            Audit(db, clinic, patient, actor, "patient-erased");

            // Steps, earlier messages and consents go with sessions and patient.
            await db.DirectMessages.Where(text => text.ClinicId == clinic && text.PatientId == patient).ExecuteDeleteAsync(cancellation);
            await db.InboundMessages.Where(text => text.ClinicId == clinic && text.PatientId == patient).ExecuteDeleteAsync(cancellation);
            await db.Alerts.Where(alert => alert.ClinicId == clinic && alert.PatientId == patient).ExecuteDeleteAsync(cancellation);
            if (!await db.Patients.AnyAsync(other => other.Phone == row.Phone && !(other.ClinicId == clinic && other.Id == patient), cancellation))
            {
                // Texts that were never certain to be one patient's, of a number that nobody else has.
                await db.InboundMessages.Where(text => text.Sender == row.Phone).ExecuteDeleteAsync(cancellation);
                await db.DirectMessages.Where(text => text.Recipient == row.Phone && text.Kind != DirectMessageKind.StaffAlert).ExecuteDeleteAsync(cancellation);
            }

            db.Sessions.RemoveRange(sessions);
            db.Patients.Remove(row);
            return [.. sessions.Select(session => session.Key)];
        }, cancellation);
        if (erased is not null)
        {
            await _store.ForgetDeletedAsync(cancellation);
        }

        return erased;
    }

    private void Audit(FollowUpContext db, string clinic, string patient, string actor, string action) =>
        db.Audit.Add(new AuditRow { ClinicId = clinic, At = _clock.GetCurrentInstant(), Actor = actor, Action = action, Subject = patient });
}

/// <summary>Everything held about a patient.</summary>
public sealed record PatientRecord(
    PatientView Patient, IReadOnlyList<SessionView> Sessions, IReadOnlyList<PatientMessage> Messages, IReadOnlyList<AlertView> Alerts,
    IReadOnlyList<AuditEntry> Audit);

/// <summary>Who did what.</summary>
public sealed record AuditEntry(Instant At, string Actor, string Action, string Subject, string? Detail);
