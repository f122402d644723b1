using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>Patients, apart from their sessions.</summary>
public sealed class PatientStore
{
    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal PatientStore(Store store, PatientSessions sessions, SendRules rules, IClock clock) =>
        (_store, _sessions, _rules, _clock) = (store, sessions, rules, clock);

    /// <returns>Null when the clinic has no such patient.</returns>
    public Task<PatientView?> FindAsync(string clinic, string patient, CancellationToken cancellation) =>
        _store.ReadAsync(async db => await db.Patients.FindAsync([clinic, patient], cancellation) is { } row
            ? await ViewAsync(db, _rules, row, cancellation)
            : null, cancellation);

    /// <summary>
    /// Creates or changes a patient, and computes their sessions again. The same twice changes nothing the second time. What has been claimed
    /// or sent keeps the number that it was sent to.
    /// </summary>
    public Task<PatientPutResult> PutAsync(
        string clinic, BookedPatient patient, PatientCorrections corrections, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.Clinics.FindAsync([clinic], cancellation) is not { } clinicRow)
            {
                return new PatientPutResult(PatientVerdict.UnknownClinic, null, []);
            }

            var now = _clock.GetCurrentInstant();
            var sender = _rules.SenderOf(clinicRow);
            var row = await PatientPut.ApplyAsync(db, clinicRow, sender, patient, now, cancellation);
            var created = db.Entry(row).State == EntityState.Added;
            var changed = db.ChangeTracker.HasChanges();
            if (!await CorrectAsync(db, row, sender, patient, corrections, actor, now, cancellation) && !changed)
            {
                return new PatientPutResult(PatientVerdict.Unchanged, await ViewAsync(db, _rules, row, cancellation), []);
            }

            Audit(db, row, actor, created ? "patient-created" : "patient-changed", now);
            await db.SaveChangesAsync(cancellation);
            var affected = await _sessions.RefreshPatientAsync(db, clinic, row.Id, now, cancellation);
            return new PatientPutResult(
                created ? PatientVerdict.Created : PatientVerdict.Changed, await ViewAsync(db, _rules, row, cancellation), affected);
        }, cancellation);

    internal static async Task<PatientView> ViewAsync(FollowUpContext db, SendRules rules, PatientRow row, CancellationToken cancellation)
    {
        var history = await db.Consents.Where(entry => entry.ClinicId == row.ClinicId && entry.PatientId == row.Id).OrderBy(entry => entry.Id).ToListAsync(cancellation);
        var clinic = await db.Clinics.SingleAsync(clinic => clinic.Id == row.ClinicId, cancellation);
        var marks = await NumberMarks.FindAsync(db, row.Phone, rules.SenderOf(clinic), cancellation);
        var state = ConsentState.Of(history);
        var optedOut = state.OptedOut || marks.Contains(NumberMark.OptedOut);
        return new PatientView(
            row.ClinicId, row.Id, row.FirstName, row.Phone, row.Language, row.TimeZone, row.EssentialsOnly,
            optedOut ? [] : [.. Enum.GetValues<ConsentKind>().Where(kind => state.Entry(kind) is { Granted: true })],
            optedOut,
            marks.Contains(NumberMark.Unreachable),
            marks.Contains(NumberMark.WrongNumber),
            [.. history.Select(ConsentEntry.Of)]);
    }

    private static async Task<bool> CorrectAsync(
        FollowUpContext db, PatientRow row, string sender, BookedPatient patient, PatientCorrections corrections, string actor, Instant now,
        CancellationToken cancellation)
    {
        var corrected = false;
        if (corrections.Unreachable == false
            && await NumberMarks.LiftAsync(db, row.Phone, NumberMarkRow.EverySender, NumberMark.Unreachable, cancellation))
        {
            Audit(db, row, actor, "number-reachable-again", now);
            corrected = true;
        }

        if (corrections.WrongNumber == false
            && await NumberMarks.LiftAsync(db, row.Phone, NumberMarkRow.EverySender, NumberMark.WrongNumber, cancellation))
        {
            Audit(db, row, actor, "number-is-the-patients", now);
            corrected = true;
        }

        if (corrections.ConsentEvidence is { } evidence && patient.Consents is { Count: > 0 } consents
            && await ConsentHistory.GrantByStaffAsync(db, row, patient, evidence, now, cancellation))
        {
            // Staff answer for it: the mark of the number, if a STOP made it, goes too. Twilio's own list is the patient's to leave, by START.
            await NumberMarks.LiftAsync(db, row.Phone, sender, NumberMark.OptedOut, cancellation);
            Audit(db, row, actor, $"consent-granted-by-staff: {string.Join(", ", consents.Select(EnumText.Of))}", now);
            corrected = true;
        }

        return corrected;
    }

    private static void Audit(FollowUpContext db, PatientRow row, string actor, string action, Instant now) =>
        db.Audit.Add(new AuditRow { ClinicId = row.ClinicId, At = now, Actor = actor, Action = action, Subject = row.Id });
}
