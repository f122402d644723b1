using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Consents;

/// <summary>Adds entries to patients' consent histories.</summary>
internal static class ConsentHistory
{
    private static readonly ConsentKind[] Kinds = Enum.GetValues<ConsentKind>();

    /// <summary>
    /// A booking grants what was never decided and withdraws what it no longer lists. It never lifts a withdrawal: the clinic's system
    /// repeats old lists, and a patient's no must stand against them.
    /// </summary>
    public static async Task RecordBookingAsync(
        FollowUpContext db, PatientRow patient, IReadOnlySet<ConsentKind> listed, Instant now, CancellationToken cancellation)
    {
        var state = await StateAsync(db, patient, cancellation);
        if (db.Entry(patient).Property(row => row.Phone) is var phone && (phone.IsModified || db.Entry(patient).State == EntityState.Added)
            && await IsOptedOutAsync(db, patient.Phone, cancellation))
        {
            // STOP binds everybody on a number, those included who are booked on it later.
            foreach (var kind in Kinds)
            {
                Add(db, patient, kind, granted: false, ConsentSource.Patient, "the number had opted out", now);
            }

            return;
        }

        foreach (var kind in Kinds)
        {
            if (listed.Contains(kind) && state.Entry(kind) is null)
            {
                Add(db, patient, kind, granted: true, ConsentSource.Booking, null, now);
            }
            else if (!listed.Contains(kind) && state.Entry(kind) is { Granted: true })
            {
                Add(db, patient, kind, granted: false, ConsentSource.Booking, null, now);
            }
        }
    }

    /// <summary>Withdraws every consent of everybody on a number. A patient who never consented gets the entry too: no booking may grant it later.</summary>
    /// <returns>The patients on the number.</returns>
    public static async Task<IReadOnlyList<PatientRow>> WithdrawNumberAsync(
        FollowUpContext db, string phone, ConsentSource source, string evidence, Instant now, CancellationToken cancellation)
    {
        var patients = await db.Patients.Where(row => row.Phone == phone).ToListAsync(cancellation);
        foreach (var patient in patients)
        {
            var state = await StateAsync(db, patient, cancellation);
            foreach (var kind in Kinds.Where(kind => state.Entry(kind) is not { Granted: false, Source: ConsentSource.Patient or ConsentSource.Carrier }))
            {
                Add(db, patient, kind, granted: false, source, evidence, now);
            }

            Audit(db, patient, "opted-out", source, now);
        }

        return patients;
    }

    /// <summary>Gives back, to everybody on a number, what a STOP of that number took; what a patient never agreed to stays so.</summary>
    /// <inheritdoc cref="WithdrawNumberAsync"/>
    public static async Task<IReadOnlyList<PatientRow>> LiftNumberAsync(
        FollowUpContext db, string phone, string evidence, Instant now, CancellationToken cancellation)
    {
        var patients = await db.Patients.Where(row => row.Phone == phone).ToListAsync(cancellation);
        foreach (var patient in patients)
        {
            var history = await HistoryAsync(db, patient, cancellation);
            foreach (var kind in Kinds)
            {
                var entries = history.Where(entry => entry.Kind == kind).OrderBy(entry => entry.Id).ToList();
                var beforeNo = entries.FindLast(entry => entry.Granted || entry.Source is not (ConsentSource.Patient or ConsentSource.Carrier));
                if (entries.Count > 0 && !entries[^1].Granted && beforeNo is { Granted: true })
                {
                    Add(db, patient, kind, granted: true, ConsentSource.Patient, evidence, now);
                }
            }

            Audit(db, patient, "opted-in", ConsentSource.Patient, now);
        }

        return patients;
    }

    private static async Task<bool> IsOptedOutAsync(FollowUpContext db, string phone, CancellationToken cancellation)
    {
        foreach (var other in await db.Patients.AsNoTracking().Where(row => row.Phone == phone).ToListAsync(cancellation))
        {
            if ((await StateAsync(db, other, cancellation)).OptedOut)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<ConsentState> StateAsync(FollowUpContext db, PatientRow patient, CancellationToken cancellation) =>
        ConsentState.Of(await HistoryAsync(db, patient, cancellation));

    private static Task<List<ConsentRow>> HistoryAsync(FollowUpContext db, PatientRow patient, CancellationToken cancellation) =>
        db.Consents.Where(row => row.ClinicId == patient.ClinicId && row.PatientId == patient.Id).ToListAsync(cancellation);

    private static void Add(
        FollowUpContext db, PatientRow patient, ConsentKind kind, bool granted, ConsentSource source, string? evidence, Instant now) =>
        db.Consents.Add(new ConsentRow
        {
            ClinicId = patient.ClinicId,
            PatientId = patient.Id,
            Kind = kind,
            Granted = granted,
            Source = source,
            Evidence = evidence,
            At = now,
        });

    private static void Audit(FollowUpContext db, PatientRow patient, string action, ConsentSource source, Instant now) =>
        db.Audit.Add(new AuditRow { ClinicId = patient.ClinicId, At = now, Actor = EnumText.Of(source), Action = action, Subject = patient.Id });
}
