using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Inbox;

/// <summary>Whose text it is, and what it can be an answer to.</summary>
internal sealed class Correspondent
{
    /// <summary>Of an answer to something older nobody can be sure.</summary>
    private static readonly Duration AnswersWithin = Duration.FromDays(7);

    /// <summary>When two patients on one phone were texted within this time, an answer can be either's.</summary>
    private static readonly Duration AskedTogether = Duration.FromHours(48);

    /// <summary>Which of our senders it was sent to; null when that is not known.</summary>
    public required string? Sender { get; init; }

    /// <summary>Everybody on the number who gets texts from that sender.</summary>
    public required IReadOnlyList<PatientRow> Candidates { get; init; }

    /// <summary>The patient, when that is certain.</summary>
    public required PatientRow? Patient { get; init; }

    /// <summary>Whose staff reads it; null when nobody on the number is known and the sender is not one clinic's alone.</summary>
    public required ClinicRow? Clinic { get; init; }

    public required AskedFor Asked { get; init; }

    /// <summary>The one coming session that the patient was asked about, when there is exactly one.</summary>
    public required SessionRow? Session { get; init; }

    /// <summary>Everybody whose staff must learn of a symptom.</summary>
    public required IReadOnlyList<string> ConcernedClinics { get; init; }

    public static async Task<Correspondent> FindAsync(
        FollowUpContext db, SendRules rules, ReceivedText text, Instant now, CancellationToken cancellation)
    {
        var clinics = await db.Clinics.OrderBy(clinic => clinic.Id).ToListAsync(cancellation);
        var sender = SenderOf(clinics, rules, text);
        var candidates = await ConsentHistory.OnNumberAsync(db, rules, text.From, sender, cancellation);
        var texted = await TextedAsync(db, candidates, text.From, now, cancellation);
        var patient = candidates.Count == 1 ? candidates[0] : Certain(texted, now);
        var asked = patient is null ? [] : texted.Where(recent => recent.Session.PatientId == patient.Id && recent.Session.ClinicId == patient.ClinicId).ToList();
        var coming = texted
            .Where(recent => recent.Asks is AskedFor.Appointment or AskedFor.Visit && recent.Session.StartsAt > now
                && recent.Session.Outcome == SessionOutcome.Booked)
            .Select(recent => recent.Session).DistinctBy(session => session.Key).ToList();
        var last = asked is [var newest, ..] ? newest : null;

        var sendersClinics = clinics.Where(clinic => sender is null || rules.SenderOf(clinic) == sender).ToList();
        var clinicId = patient?.ClinicId ?? (texted is [var latest, ..] ? latest.Session.ClinicId : candidates is [var first, ..] ? first.ClinicId : null);
        return new Correspondent
        {
            Sender = sender,
            Candidates = candidates,
            Patient = patient,
            Clinic = clinicId is not null ? clinics.Find(clinic => clinic.Id == clinicId) : sendersClinics is [var only] ? only : null,
            Asked = last is null || (last.Asks is AskedFor.Appointment or AskedFor.Visit && last.Session.StartsAt <= now) ? AskedFor.Nothing : last.Asks,
            Session = coming is [var one] && patient is not null && one.PatientId == patient.Id && one.ClinicId == patient.ClinicId ? one : null,
            ConcernedClinics = patient is not null ? [patient.ClinicId]
                : candidates.Count > 0 ? [.. candidates.Select(candidate => candidate.ClinicId).Distinct()]
                : [.. sendersClinics.Select(clinic => clinic.Id)],
        };
    }

    /// <summary>The one who was texted last, unless another on the same phone was texted about the same time.</summary>
    private static PatientRow? Certain(List<Texted> texted, Instant now) =>
        texted is [var last, ..] && texted.TrueForAll(other =>
            (other.Patient.ClinicId == last.Patient.ClinicId && other.Patient.Id == last.Patient.Id) || other.Step.LeftAt < now - AskedTogether)
            ? last.Patient
            : null;

    private static string? SenderOf(List<ClinicRow> clinics, SendRules rules, ReceivedText text)
    {
        var senders = clinics.Select(rules.SenderOf).Append(rules.DefaultSender).ToHashSet(StringComparer.Ordinal);
        return senders.Contains(text.To) ? text.To
            : text.MessagingServiceSid is { } service && senders.Contains(service) ? service
            : null;
    }

    /// <summary>What left for the number of late, the newest first.</summary>
    private static async Task<List<Texted>> TextedAsync(
        FollowUpContext db, IReadOnlyList<PatientRow> candidates, string phone, Instant now, CancellationToken cancellation)
    {
        List<Texted> texted = [];
        var since = now - AnswersWithin;
        foreach (var patient in candidates)
        {
            var rows = await db.Steps
                .Join(
                    db.Sessions.Where(session => session.ClinicId == patient.ClinicId && session.PatientId == patient.Id),
                    step => new { step.ClinicId, step.SessionId },
                    session => new { session.ClinicId, SessionId = session.Id },
                    (step, session) => new { Step = step, Session = session })
                .Where(pair => pair.Step.Recipient == phone && pair.Step.ClaimedAt >= since)
                .ToListAsync(cancellation);
            texted.AddRange(rows.Where(pair => pair.Step.HasLeft).Select(pair => new Texted(patient, pair.Session, pair.Step)));
        }

        return [.. texted.OrderByDescending(recent => recent.Step.LeftAt)];
    }

    private sealed record Texted(PatientRow Patient, SessionRow Session, StepRow Step)
    {
        public AskedFor Asks => Step.Asks ?? Asking.Of(Step.Kind, Step.Text ?? "");
    }
}
