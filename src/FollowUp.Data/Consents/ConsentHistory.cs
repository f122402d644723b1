using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Consents;

/// <summary>Adds to patients' consent histories what a word from their number, or the carrier, says. What a clinic says of them is <see cref="StatedConsents"/>.</summary>
internal static class ConsentHistory
{
    private static readonly ConsentKind[] Kinds = Enum.GetValues<ConsentKind>();

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
        var patients = await BoundByStopAsync(db, rules, phone, sender, cancellation);
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
    /// <returns>The patients to whom something was given back.</returns>
    public static async Task<IReadOnlyList<PatientRow>> LiftNumberAsync(
        FollowUpContext db, SendRules rules, string phone, string? sender, string evidence, Instant now, CancellationToken cancellation)
    {
        // A STOP that had to count for every sender is lifted for every sender.
        var lifted = await NumberMarks.LiftAsync(db, phone, rules.ScopeOfStop(sender), NumberMark.OptedOut, cancellation);
        await db.SaveChangesAsync(cancellation);
        List<PatientRow> concerned = [];
        foreach (var patient in await BoundByStopAsync(db, rules, phone, sender, cancellation))
        {
            // A STOP to another sender, which binds the patient too, is not this word's to lift.
            var own = rules.SenderOf(await db.Clinics.SingleAsync(clinic => clinic.Id == patient.ClinicId, cancellation));
            if ((await NumberMarks.FindAsync(db, phone, own, cancellation)).Contains(NumberMark.OptedOut))
            {
                continue;
            }

            var gaveBack = lifted;
            var history = await HistoryAsync(db, patient, cancellation);
            foreach (var kind in Kinds)
            {
                var entries = history.Where(entry => entry.Kind == kind).OrderBy(entry => entry.Id).ToList();
                var beforeNo = entries.FindLast(entry => entry.Granted || entry.Source is not (ConsentSource.Patient or ConsentSource.Carrier));
                if (entries.Count > 0 && !entries[^1].Granted && beforeNo is { Granted: true })
                {
                    Add(db, patient, kind, granted: true, ConsentSource.Patient, evidence, now);
                    gaveBack = true;
                }
            }

            if (gaveBack)
            {
                concerned.Add(patient);
                Audit(db, patient, "opted-in", ConsentSource.Patient, now);
            }
        }

        return concerned;
    }

    /// <summary>The patients on a number whom a STOP to a sender binds. Whose answer a text is is another question.</summary>
    /// <param name="sender">Null for all.</param>
    private static async Task<IReadOnlyList<PatientRow>> BoundByStopAsync(
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
