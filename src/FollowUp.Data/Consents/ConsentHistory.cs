using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
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
    /// <param name="sender">What the clinic's texts come from: a STOP of the number counts if it was sent there.</param>
    public static async Task RecordBookingAsync(
        FollowUpContext db, PatientRow patient, string sender, BookedPatient booked, Instant now, CancellationToken cancellation)
    {
        if (booked.Consents is not { } listed)
        {
            return;
        }

        var state = await StateAsync(db, patient, cancellation);
        if (db.Entry(patient).Property(row => row.Phone) is var phone && (phone.IsModified || db.Entry(patient).State == EntityState.Added)
            && (await NumberMarks.FindAsync(db, patient.Phone, sender, cancellation)).Contains(NumberMark.OptedOut))
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
                Add(db, patient, kind, granted: true, ConsentSource.Booking, null, now, booked);
            }
            else if (!listed.Contains(kind) && state.Entry(kind) is { Granted: true })
            {
                Add(db, patient, kind, granted: false, ConsentSource.Booking, null, now);
            }
        }
    }

    /// <summary>Staff enter, with evidence, that a patient agrees: the one way but the patient's own START by which a withdrawal is lifted.</summary>
    /// <returns>Whether anything was granted by it.</returns>
    public static async Task<bool> GrantByStaffAsync(
        FollowUpContext db, PatientRow patient, BookedPatient entry, string evidence, Instant now, CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        var state = await StateAsync(db, patient, cancellation);
        var missing = Kinds.Where(kind => entry.Consents!.Contains(kind) && state.Entry(kind) is not { Granted: true }).ToList();
        missing.ForEach(kind => Add(db, patient, kind, granted: true, ConsentSource.Staff, evidence, now, entry));
        return missing.Count > 0;
    }

    /// <summary>
    /// Marks a number as opted out of a sender's texts and withdraws every consent of everybody on it who gets texts from there. A patient who
    /// never consented gets the entry too: no booking may grant it later.
    /// </summary>
    /// <param name="sender">Where the word was sent to; null when that is not one of ours that is known, and then it counts for all.</param>
    /// <returns>The patients.</returns>
    public static async Task<IReadOnlyList<PatientRow>> WithdrawNumberAsync(
        FollowUpContext db, SendRules rules, string phone, string? sender, ConsentSource source, string evidence, Instant now, CancellationToken cancellation)
    {
        await NumberMarks.AddAsync(db, phone, rules.ScopeOfStop(sender), NumberMark.OptedOut, evidence, now, cancellation);
        var patients = await OnNumberAsync(db, rules, phone, sender, cancellation);
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
        FollowUpContext db, SendRules rules, string phone, string? sender, string evidence, Instant now, CancellationToken cancellation)
    {
        // A STOP that had to count for every sender is lifted for every sender.
        await NumberMarks.LiftAsync(db, phone, rules.ScopeOfStop(sender), NumberMark.OptedOut, cancellation);
        var patients = await OnNumberAsync(db, rules, phone, sender, cancellation);
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

    /// <summary>The patients on a number who get their texts from a sender.</summary>
    /// <param name="sender">Null for all.</param>
    public static async Task<IReadOnlyList<PatientRow>> OnNumberAsync(
        FollowUpContext db, SendRules rules, string phone, string? sender, CancellationToken cancellation)
    {
        var everySender = rules.ScopeOfStop(sender) == NumberMarkRow.EverySender;
        return await db.Patients
            .Where(row => row.Phone == phone
                && (everySender || db.Clinics.Any(clinic => clinic.Id == row.ClinicId && (clinic.Sender ?? rules.DefaultSender) == sender)))
            .OrderBy(row => row.ClinicId).ThenBy(row => row.Id)
            .ToListAsync(cancellation);
    }

    private static async Task<ConsentState> StateAsync(FollowUpContext db, PatientRow patient, CancellationToken cancellation) =>
        ConsentState.Of(await HistoryAsync(db, patient, cancellation));

    private static Task<List<ConsentRow>> HistoryAsync(FollowUpContext db, PatientRow patient, CancellationToken cancellation) =>
        db.Consents.Where(row => row.ClinicId == patient.ClinicId && row.PatientId == patient.Id).ToListAsync(cancellation);

    private static void Add(
        FollowUpContext db, PatientRow patient, ConsentKind kind, bool granted, ConsentSource source, string? evidence, Instant now,
        BookedPatient? shown = null) =>
        db.Consents.Add(new ConsentRow
        {
            ClinicId = patient.ClinicId,
            PatientId = patient.Id,
            Kind = kind,
            Granted = granted,
            Source = source,
            Evidence = evidence,
            Method = shown?.ConsentMethod,
            Wording = shown?.ConsentWording,
            At = now,
        });

    private static void Audit(FollowUpContext db, PatientRow patient, string action, ConsentSource source, Instant now) =>
        db.Audit.Add(new AuditRow { ClinicId = patient.ClinicId, At = now, Actor = EnumText.Of(source), Action = action, Subject = patient.Id });
}
