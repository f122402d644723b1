using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Inbox;

/// <summary>Whose text it is, what it can be an answer to, and which clinics it concerns.</summary>
internal sealed class Correspondent
{
    /// <summary>Of an answer to something older nobody can be sure.</summary>
    private static readonly Duration AnswersWithin = Duration.FromDays(7);

    /// <summary>When two patients on one phone were texted within this time, an answer can be either's.</summary>
    private static readonly Duration AskedTogether = Duration.FromHours(48);

    /// <summary>Which of our senders it was sent to; null when that is not known.</summary>
    public required string? Sender { get; init; }

    /// <summary>Everybody on the number who gets texts from that sender; or, when nobody does, everybody on the number.</summary>
    public required IReadOnlyList<PatientRow> Candidates { get; init; }

    /// <summary>
    /// Nobody on the number gets texts from that sender: it is an old thread, such as that of a clinic which has moved to a sender of its own.
    /// A no in it counts for all that the number gets.
    /// </summary>
    public required bool IsOldThread { get; init; }

    /// <summary>The patient, when that is certain.</summary>
    public required PatientRow? Patient { get; init; }

    /// <summary>In whose name it is answered; null when nobody on the number is known and the sender is not one clinic's alone.</summary>
    public required ClinicRow? Clinic { get; init; }

    public required AskedFor Asked { get; init; }

    /// <summary>The one coming session that the patient was asked about, when there is exactly one.</summary>
    public required SessionRow? Session { get; init; }

    /// <summary>Whose staff read it, if it is to be read.</summary>
    public required IReadOnlyList<string> Readers { get; init; }

    /// <summary>Everybody whose staff must learn of a symptom.</summary>
    public required IReadOnlyList<string> Concerned { get; init; }

    /// <summary>The clinics that it can be for when the number is nobody's.</summary>
    public required IReadOnlyList<PossibleClinic> Possible { get; init; }

    /// <summary>Which clinics' staff the number is.</summary>
    public required StaffPhone Staff { get; init; }

    /// <summary>When the last text of a plan left for the number, of those that it may be an answer to.</summary>
    public required Instant? LastTextedAt { get; init; }

    /// <summary>The number has opted out already, of the sender that a STOP would be about.</summary>
    public required bool HasOptedOut { get; init; }

    /// <summary>Which sender a STOP or START in it is about; null for all.</summary>
    public string? StopSender => IsOldThread ? null : Sender;

    public static async Task<Correspondent> FindAsync(
        FollowUpContext db, SendRules rules, ReceivedText text, Instant now, CancellationToken cancellation)
    {
        var sender = await SenderOfAsync(db, rules, text, cancellation);
        var candidates = await OnNumberAsync(db, rules, text.From, sender, cancellation);
        var isOldThread = candidates.Count == 0 && sender is not null;
        if (isOldThread)
        {
            candidates = await OnNumberAsync(db, rules, text.From, sender: null, cancellation);
            isOldThread = candidates.Count > 0;
        }

        var texted = await TextedAsync(db, candidates, text.From, now, cancellation);
        var patient = candidates.Count == 1 ? candidates[0] : Certain(texted, now);
        var asked = patient is null ? [] : texted.Where(recent => recent.Session.PatientId == patient.Id && recent.Session.ClinicId == patient.ClinicId).ToList();
        var coming = texted
            .Where(recent => recent.Asks is AskedFor.Appointment or AskedFor.Visit && recent.IsAboutPresentTime && recent.Session.StartsAt > now
                && recent.Session.Outcome == SessionOutcome.Booked)
            .Select(recent => recent.Session).DistinctBy(session => session.Key).ToList();

        var possible = candidates.Count > 0 ? [] : await PossibleClinic.FindAsync(db, rules, sender, cancellation);
        var staff = await StaffPhone.FindAsync(db, text.From, possible, now, cancellation);
        IReadOnlyList<string> concerned = candidates.Count > 0 ? [.. candidates.Select(candidate => candidate.ClinicId).Distinct(StringComparer.Ordinal)]
            : staff.Clinics.Count > 0 ? staff.Clinics
            : [.. possible.Select(clinic => clinic.Id)];
        var answering = patient?.ClinicId
            ?? (texted is [var latest, ..] ? latest.Session.ClinicId
                : candidates is [var first, ..] ? first.ClinicId
                : staff.Clinics is [var employer, ..] ? employer
                : possible is [var only] ? only.Id
                : null);
        return new Correspondent
        {
            Sender = sender,
            Candidates = candidates,
            IsOldThread = isOldThread,
            HasOptedOut = (await NumberMarks.FindAsync(db, text.From, rules.ScopeOfStop(isOldThread ? null : sender), cancellation)).Contains(NumberMark.OptedOut),
            Patient = patient,
            Clinic = answering is null ? null : await db.Clinics.FindAsync([answering], cancellation),
            Asked = AskedOf(asked is [var newest, ..] ? newest : null, now),
            Session = coming is [var one] && patient is not null && one.PatientId == patient.Id && one.ClinicId == patient.ClinicId ? one : null,
            Readers = patient is not null ? [patient.ClinicId] : concerned,
            Concerned = concerned,
            Possible = possible,
            Staff = staff,
            LastTextedAt = texted is [var last, ..] ? last.Step.LeftAt : null,
        };
    }

    /// <summary>The patient of a clinic whom it may be from: the certain one, or the only one that the clinic has on the number.</summary>
    public PatientRow? PatientAt(string clinic) =>
        Patient?.ClinicId == clinic ? Patient
        : Candidates.Where(candidate => candidate.ClinicId == clinic).Take(2).ToList() is [var only] ? only
        : null;

    private static AskedFor AskedOf(Texted? last, Instant now) =>
        last is null ? AskedFor.Nothing
        : last.Asks is not (AskedFor.Appointment or AskedFor.Visit) ? last.Asks
        : last.Session.StartsAt > now && last.IsAboutPresentTime ? last.Asks
        : AskedFor.Nothing;

    /// <summary>The one who was texted last, unless another on the same phone was texted about the same time.</summary>
    private static PatientRow? Certain(List<Texted> texted, Instant now) =>
        texted is [var last, ..] && texted.TrueForAll(other =>
            (other.Patient.ClinicId == last.Patient.ClinicId && other.Patient.Id == last.Patient.Id) || other.Step.LeftAt < now - AskedTogether)
            ? last.Patient
            : null;

    private static async Task<string?> SenderOfAsync(FollowUpContext db, SendRules rules, ReceivedText text, CancellationToken cancellation)
    {
        foreach (var address in new[] { text.To, text.MessagingServiceSid }.OfType<string>())
        {
            if (address == rules.DefaultSender || await db.Clinics.AnyAsync(clinic => clinic.Sender == address, cancellation))
            {
                return address;
            }
        }

        return null;
    }

    /// <summary>Whose answer it can be: the patients on a number who get their texts from a sender. Whom a STOP binds is another question.</summary>
    /// <param name="sender">Null for any.</param>
    private static Task<List<PatientRow>> OnNumberAsync(
        FollowUpContext db, SendRules rules, string phone, string? sender, CancellationToken cancellation) =>
        db.Patients
            .Where(row => row.Phone == phone
                && (sender == null || db.Clinics.Any(clinic => clinic.Id == row.ClinicId && (clinic.Sender ?? rules.DefaultSender) == sender)))
            .OrderBy(row => row.ClinicId).ThenBy(row => row.Id)
            .ToListAsync(cancellation);

    /// <summary>What left for the number of late, the newest first.</summary>
    private static async Task<List<Texted>> TextedAsync(
        FollowUpContext db, IReadOnlyList<PatientRow> candidates, string phone, Instant now, CancellationToken cancellation)
    {
        List<Texted> texted = [];
        var since = now - AnswersWithin;
        foreach (var patient in candidates)
        {
            // The patient's sessions first, by themselves: SQLite would begin a join with all steps of the clinic.
            var sessions = await db.Sessions
                .Where(session => session.ClinicId == patient.ClinicId && session.PatientId == patient.Id).ToDictionaryAsync(session => session.Id, cancellation);
            var steps = await db.Steps
                .Where(step => step.ClinicId == patient.ClinicId && sessions.Keys.Contains(step.SessionId) && step.Recipient == phone && step.ClaimedAt >= since)
                .ToListAsync(cancellation);
            texted.AddRange(steps.Where(step => step.HasLeft).Select(step => new Texted(patient, sessions[step.SessionId], step)));
        }

        return [.. texted.OrderByDescending(recent => recent.Step.LeftAt)];
    }

    private sealed record Texted(PatientRow Patient, SessionRow Session, StepRow Step)
    {
        /// <summary>The text was written after the present start was booked; an older one asked about another time.</summary>
        public bool IsAboutPresentTime => Step.ClaimedAt >= Session.BookedAt;
        public AskedFor Asks => Step.Asks ?? Asking.Of(Step.Kind, Step.Text ?? "");
    }
}
