using FollowUp.Data.Alerts;
using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>Patients by themselves, apart from their bookings.</summary>
public sealed class PatientStore
{
    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal PatientStore(Store store, PatientSessions sessions, SendRules rules, IClock clock) =>
        (_store, _sessions, _rules, _clock) = (store, sessions, rules, clock);

    /// <summary>Null when the clinic has no such patient, or there is no such clinic.</summary>
    public Task<PatientView?> FindAsync(string clinic, string patient, CancellationToken cancellation) =>
        _store.ReadAsync(async db => await db.Patients.FindAsync([clinic, patient], cancellation) is { } row
            ? await ViewAsync(db, row, _rules, cancellation)
            : null, cancellation);

    /// <summary>
    /// Creates or changes a patient. Their sessions are computed anew in the same transaction; a text that has been claimed keeps its number
    /// and its words, and none is sent again. The same PUT twice changes nothing the second time.
    /// </summary>
    public Task<PatientPutResult> PutAsync(string clinic, PatientChange change, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            if (await db.Clinics.FindAsync([clinic], cancellation) is not { } clinicRow)
            {
                return new PatientPutResult(PatientPutVerdict.UnknownClinic, null, [], []);
            }

            var sender = _rules.SenderOf(clinicRow);
            var (row, consents) = await PatientPut.ApplyAsync(db, _rules, clinicRow, change.Patient, now, cancellation);
            var marks = await LiftMarksAsync(db, row.Phone, sender, change, consents, cancellation);
            if (marks.Contains(NumberMark.Unreachable))
            {
                await AlertLog.SettleUnreachableAsync(db, row, now, cancellation);
            }

            if (!db.ChangeTracker.HasChanges())
            {
                return new PatientPutResult(PatientPutVerdict.Unchanged, await ViewAsync(db, row, _rules, cancellation), consents.Ignored, []);
            }

            var created = db.Entry(row).State == EntityState.Added;
            Audit(created ? "patient-created" : "patient-changed", null);
            await db.SaveChangesAsync(cancellation);

            // Which entry, and not its words: they may hold what no audit should.
            consents.Lifted.ToList().ForEach(entry => Audit("consent-lifted", $"{EnumText.Of(entry.Kind)}, consent entry {entry.Id}"));
            marks.ForEach(mark => Audit("number-mark-lifted", EnumText.Of(mark)));
            await db.SaveChangesAsync(cancellation);

            var affected = await RefreshAsync(db, row, wholeNumber: marks.Count > 0, now, cancellation);
            return new PatientPutResult(
                created ? PatientPutVerdict.Created : PatientPutVerdict.Changed, await ViewAsync(db, row, _rules, cancellation), consents.Ignored, affected);

            void Audit(string action, string? detail) => db.Audit.Add(new AuditRow
            {
                ClinicId = clinic,
                At = now,
                Actor = actor,
                Action = action,
                Subject = row.Id,
                Detail = detail,
            });
        }, cancellation);

    internal static async Task<PatientView> ViewAsync(FollowUpContext db, PatientRow row, SendRules rules, CancellationToken cancellation)
    {
        var clinic = await db.Clinics.SingleAsync(clinic => clinic.Id == row.ClinicId, cancellation);
        var history = await db.Consents.Where(entry => entry.ClinicId == row.ClinicId && entry.PatientId == row.Id).ToListAsync(cancellation);
        return PatientView.Of(row, history, await NumberMarks.FindAsync(db, row.Phone, rules.SenderOf(clinic), cancellation));
    }

    private static async Task<List<NumberMark>> LiftMarksAsync(
        FollowUpContext db, string phone, string sender, PatientChange change, ConsentOutcome consents, CancellationToken cancellation)
    {
        List<NumberMark> lifted = consents.MarkLifted ? [NumberMark.OptedOut] : [];
        if (change.IsReachable && await NumberMarks.LiftAsync(db, phone, sender, NumberMark.Unreachable, cancellation))
        {
            lifted.Add(NumberMark.Unreachable);
        }

        if (change.IsRightNumber && await NumberMarks.LiftAsync(db, phone, sender, NumberMark.WrongNumber, cancellation))
        {
            lifted.Add(NumberMark.WrongNumber);
        }

        return lifted;
    }

    /// <param name="wholeNumber">What changed is true of the number, so of everybody on it.</param>
    private async Task<IReadOnlyList<ChangedSession>> RefreshAsync(
        FollowUpContext db, PatientRow row, bool wholeNumber, Instant now, CancellationToken cancellation)
    {
        var patients = wholeNumber ? await db.Patients.Where(other => other.Phone == row.Phone).ToListAsync(cancellation) : [row];
        List<ChangedSession> affected = [];
        foreach (var patient in patients)
        {
            affected.AddRange(await _sessions.RefreshPatientAsync(db, patient.ClinicId, patient.Id, now, cancellation));
        }

        return affected;
    }
}

/// <summary>What a PUT says of a patient. Already checked.</summary>
public sealed record PatientChange(BookedPatient Patient)
{
    /// <summary>Staff say that texts do arrive at the number.</summary>
    public bool IsReachable { get; init; }

    /// <summary>Staff say that the number is the patient's after all.</summary>
    public bool IsRightNumber { get; init; }
}

public enum PatientPutVerdict
{
    Created,
    Changed,

    /// <summary>All was known already; nothing was stored.</summary>
    Unchanged,
    UnknownClinic,
}

/// <param name="Verdict">What happened.</param>
/// <param name="Patient">The patient as they are now; null when there is no such clinic.</param>
/// <param name="IgnoredConsents">Listed, but the patient has withdrawn them and nothing was given to lift that.</param>
/// <param name="Affected">Sessions whose orchestrations must look again, now that the store has committed.</param>
public sealed record PatientPutResult(
    PatientPutVerdict Verdict, PatientView? Patient, IReadOnlyList<ConsentKind> IgnoredConsents, IReadOnlyList<ChangedSession> Affected);
