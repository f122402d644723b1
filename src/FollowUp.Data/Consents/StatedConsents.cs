using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Consents;

/// <summary>
/// What a clinic says of a patient's consents. It grants what was never decided and withdraws what it no longer lists. It never lifts a
/// withdrawal by itself: the clinic's system repeats old lists, and a patient's no must stand against them. Staff who say what they know
/// the patient's new word from do lift it.
/// </summary>
internal static class StatedConsents
{
    private const string NumberOptedOut = "the number had opted out";

    private static readonly ConsentKind[] Kinds = Enum.GetValues<ConsentKind>();

    /// <remarks>A STOP of the number counts if it was sent to what the clinic's texts come from.</remarks>
    public static async Task<ConsentOutcome> RecordAsync(
        FollowUpContext db, SendRules rules, ClinicRow clinic, PatientRow patient, BookedPatient stated, Instant now, CancellationToken cancellation)
    {
        var sender = rules.SenderOf(clinic);
        var state = await ConsentState.LoadAsync(db, patient, cancellation);
        var byStaff = stated.ConsentEvidence is not null;
        var liftsStop = byStaff && stated.Consents?.Contains(ConsentKind.Care) == true;
        if (!liftsStop && await IsOptedOutAsync(db, rules, sender, patient, cancellation))
        {
            // STOP binds everybody on a number, those included who are booked on it later.
            foreach (var kind in Kinds.Where(kind => state.Entry(kind) is not { Granted: false, Source: ConsentSource.Patient or ConsentSource.Carrier }))
            {
                db.Consents.Add(Entry(patient, kind, granted: false, ConsentSource.Patient, now, evidence: NumberOptedOut));
            }

            return new ConsentOutcome([.. Kinds.Where(kind => stated.Consents?.Contains(kind) == true)], [], MarkLifted: false);
        }

        if (stated.Consents is not { } listed)
        {
            return ConsentOutcome.Nothing;
        }

        List<ConsentKind> ignored = [];
        List<ConsentRow> lifted = [];
        foreach (var kind in Kinds)
        {
            var known = state.Entry(kind);
            if (listed.Contains(kind) && known is { Granted: false } && !(byStaff && (liftsStop || !state.OptedOut)))
            {
                ignored.Add(kind);
            }
            else if (listed.Contains(kind) != (known?.Granted ?? false))
            {
                var entry = Entry(patient, kind, listed.Contains(kind), byStaff ? ConsentSource.Staff : ConsentSource.Booking, now, stated);
                db.Consents.Add(entry);
                if (known is { Granted: false })
                {
                    lifted.Add(entry);
                }
            }
        }

        var markLifted = liftsStop && await NumberMarks.LiftAsync(db, patient.Phone, sender, NumberMark.OptedOut, cancellation);
        return new ConsentOutcome(ignored, lifted, markLifted);
    }

    /// <summary>
    /// Whether the patient's number has opted out of the clinic's sender: by its mark, or, for a number that is new to the patient, by the
    /// history of others on it. (Words that came before there were marks stand in histories alone.)
    /// </summary>
    private static async Task<bool> IsOptedOutAsync(
        FollowUpContext db, SendRules rules, string sender, PatientRow patient, CancellationToken cancellation)
    {
        if ((await NumberMarks.FindAsync(db, patient.Phone, sender, cancellation)).Contains(NumberMark.OptedOut))
        {
            return true;
        }

        if (db.Entry(patient).State != EntityState.Added && !db.Entry(patient).Property(row => row.Phone).IsModified)
        {
            return false;
        }

        var others = await db.Patients.AsNoTracking()
            .Where(row => row.Phone == patient.Phone && (row.ClinicId != patient.ClinicId || row.Id != patient.Id)
                && db.Clinics.Any(other => other.Id == row.ClinicId && (other.Sender ?? rules.DefaultSender) == sender))
            .ToListAsync(cancellation);
        foreach (var other in others)
        {
            if ((await ConsentState.LoadAsync(db, other, cancellation)).OptedOut)
            {
                return true;
            }
        }

        return false;
    }

    private static ConsentRow Entry(
        PatientRow patient, ConsentKind kind, bool granted, ConsentSource source, Instant now, BookedPatient? stated = null, string? evidence = null) => new()
        {
            ClinicId = patient.ClinicId,
            PatientId = patient.Id,
            Kind = kind,
            Granted = granted,
            Source = source,
            Evidence = stated?.ConsentEvidence ?? evidence,
            Method = stated?.ConsentMethod,
            Wording = stated?.ConsentWording,
            At = now,
        };
}

/// <summary>What a clinic's list of consents did.</summary>
/// <param name="Ignored">Listed, and withdrawn all the same: the patient's no stands.</param>
/// <param name="Lifted">Entries that give back what had been withdrawn.</param>
/// <param name="MarkLifted">The number is no longer marked as opted out.</param>
internal sealed record ConsentOutcome(IReadOnlyList<ConsentKind> Ignored, IReadOnlyList<ConsentRow> Lifted, bool MarkLifted)
{
    public static ConsentOutcome Nothing { get; } = new([], [], false);
}
