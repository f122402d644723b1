using FollowUp.Core.CarePlans;
using FollowUp.Core.Contacts;
using FollowUp.Core.Sending;
using FollowUp.Core.Timelines;
using FollowUp.Data.Clinics;
using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Planning;

/// <summary>Everything that decides what is sent for one session, as it is in the store within the present transaction.</summary>
internal sealed class SessionTruth
{
    public required SessionRow Session { get; init; }
    public required PatientRow Patient { get; init; }
    public required ClinicRow Clinic { get; init; }
    public required PlanVersion Version { get; init; }

    /// <summary>Whether a clinician answers for this version at this clinic.</summary>
    public required bool PlanApproved { get; init; }
    public required ConsentState Consent { get; init; }

    /// <summary>Whether the patient has a later session of the same plan.</summary>
    public required bool Rebooked { get; init; }

    /// <summary>Whether the patient missed an earlier session without calling it off.</summary>
    public required bool PastNoShow { get; init; }

    /// <summary>Whether the patient has written something since the session began.</summary>
    public required bool Replied { get; init; }

    /// <summary>What is known of the patient's number, for texts from the clinic's sender.</summary>
    public required IReadOnlySet<NumberMark> Marks { get; init; }

    /// <summary>What the clinic's texts are sent from.</summary>
    public required string Sender { get; init; }

    /// <summary>Twilio's code, while it refuses everything from the sender.</summary>
    public required int? SenderTrouble { get; init; }

    /// <summary>A text of the patient waits to be read by the clinic.</summary>
    public required bool HasUnreadMessage { get; init; }

    /// <summary>Texts that were planned and whose time has run out, found by the last refresh.</summary>
    public List<StepRow> Lapsed { get; } = [];

    /// <summary>Staff have paused the session.</summary>
    public bool IsPaused => Session.PausedAt is not null;

    /// <summary>Whether a step that has just been recomputed may be sent now.</summary>
    public bool MaySend(StepRow row, Instant latestDue) =>
        !IsPaused && row is { State: StepState.Planned, AwaitsCompletion: false } && row.DueAt <= latestDue;

    /// <summary>The patient, or somebody on the same number, said no to all texts.</summary>
    public bool OptedOut => Consent.OptedOut || Marks.Contains(NumberMark.OptedOut);

    /// <summary>When marketing texts of the patient left, this session's and all others'.</summary>
    public required IReadOnlyList<Instant> SentMarketing { get; set; }
    public required List<StepRow> Steps { get; init; }

    /// <summary>Takes a claim back, as if the step had not been claimed; to see what would be decided about it now.</summary>
    public void Unclaim(StepRow step)
    {
        SentMarketing = [.. SentMarketing.Where(at => at != step.LeftAt)];
        step.State = StepState.Planned;
        step.NotBefore = null;
        step.SlotAt = null;
    }

    public CarePlan Plan => Version.Plan;

    public DateTimeZone Zone => Zones.Find(Patient.TimeZone)
        ?? throw new InvalidOperationException($"The store holds an unknown time zone for a patient of session {Session.Key}.");

    /// <inheritdoc cref="ClinicSettings.SendingRules"/>
    public SendingRules Rules => ClinicSettings.RulesOf(Clinic.SendingFrom, Clinic.SendingTo);

    public SessionFacts Facts => FactsOfPlan with
    {
        AlreadySent = Steps.Where(row => row.HasLeft).ToDictionary(row => row.Step, row => row.LeftAt),
        SentMarketing = SentMarketing,
    };

    /// <summary>The facts without what has been sent: what the plan by itself makes of the session.</summary>
    public SessionFacts FactsOfPlan => new()
    {
        StartsAt = Session.StartsAt,
        BookedAt = Session.BookedAt,
        Zone = Zone,
        SessionNumber = Session.SessionNumber,
        PlannedSessions = Session.PlannedSessions,
        Outcome = Session.Outcome,
        Rebooked = Rebooked,
        CareConsent = Consent.Care,
        MarketingConsent = Consent.Marketing,
        EssentialsOnly = Patient.EssentialsOnly,
        SkippedByStaff = Steps.Where(row => row.StaffSkippedAt is not null).Select(row => row.Step).ToHashSet(StringComparer.Ordinal),
        PastNoShow = PastNoShow,
        Replied = Replied,
        Phone = Phone,
        Rules = Rules,
    };

    private PhoneNumber? Phone => PhoneNumber.TryParse(Patient.Phone, out var phone, out _) ? phone : null;

    /// <summary>When a text of a kind may reach the patient.</summary>
    public SendingWindow WindowOf(StepKind kind) => Rules.WindowFor(kind, Phone, Zone);

    /// <summary>Null when there is no such session.</summary>
    public static async Task<SessionTruth?> LoadAsync(
        FollowUpContext db, SessionKey key, PlanVersions plans, SendRules rules, CancellationToken cancellation)
    {
        if (await db.Sessions.FindAsync([key.Clinic, key.Session], cancellation) is not { } session)
        {
            return null;
        }

        var patient = await db.Patients.SingleAsync(
            row => row.ClinicId == session.ClinicId && row.Id == session.PatientId, cancellation);
        var clinic = await db.Clinics.SingleAsync(row => row.Id == session.ClinicId, cancellation);
        var consents = await db.Consents
            .Where(row => row.ClinicId == session.ClinicId && row.PatientId == session.PatientId)
            .ToListAsync(cancellation);
        var rebooked = await db.Sessions.AnyAsync(
            other => other.ClinicId == session.ClinicId && other.PatientId == session.PatientId && other.PlanId == session.PlanId
                && other.StartsAt > session.StartsAt && other.Outcome != SessionOutcome.Cancelled,
            cancellation);
        var sender = rules.SenderOf(clinic);
        var steps = await db.Steps
            .Where(row => row.ClinicId == session.ClinicId && row.SessionId == session.Id)
            .ToListAsync(cancellation);

        return new SessionTruth
        {
            Session = session,
            Patient = patient,
            Clinic = clinic,
            Version = await plans.FindAsync(db, session.ClinicId, session.PlanId, session.PlanVersion, cancellation) ?? throw new InvalidOperationException(
                $"Session {key} is pinned to version {session.PlanVersion} of the plan '{session.PlanId}', which this installation does not have."),
            PlanApproved = await db.PlanApprovals.AnyAsync(
                row => row.ClinicId == session.ClinicId && row.PlanId == session.PlanId && row.Version == session.PlanVersion, cancellation),
            Consent = ConsentState.Of(consents),
            Rebooked = rebooked,
            PastNoShow = await db.Sessions.AnyAsync(
                other => other.ClinicId == session.ClinicId && other.PatientId == session.PatientId && other.Id != session.Id
                    && other.StartsAt < session.StartsAt && other.Outcome == SessionOutcome.NoShow,
                cancellation),
            Replied = await db.InboundMessages.AnyAsync(
                message => message.Sender == patient.Phone && message.ReceivedAt >= session.StartsAt, cancellation),
            Marks = await NumberMarks.FindAsync(db, patient.Phone, sender, cancellation),
            Sender = sender,
            SenderTrouble = await db.Senders.FindAsync([sender], cancellation) is { PausedAt: not null } paused ? paused.PauseCode : null,
            HasUnreadMessage = await HasUnreadMessageAsync(db, patient, cancellation),
            SentMarketing = await SentMarketingAsync(db, session, cancellation),
            Steps = steps,
        };
    }

    /// <summary>Their own, or one on their number that could be anybody's. Asked one after the other, because each has its index.</summary>
    private static async Task<bool> HasUnreadMessageAsync(FollowUpContext db, PatientRow patient, CancellationToken cancellation)
    {
        var waiting = db.InboundCopies.Where(copy => copy.ClinicId == patient.ClinicId && copy.WantsReader && copy.ReadAt == null);
        return await waiting.AnyAsync(copy => copy.PatientId == patient.Id, cancellation)
            || await waiting.AnyAsync(
                copy => copy.PatientId == null && db.InboundMessages.Any(message => message.MessageSid == copy.MessageSid && message.Sender == patient.Phone), cancellation);
    }

    private static async Task<IReadOnlyList<Instant>> SentMarketingAsync(FollowUpContext db, SessionRow session, CancellationToken cancellation)
    {
        // The patient's sessions first, by themselves: SQLite would begin a join with all steps of the clinic.
        var own = await db.Sessions
            .Where(row => row.ClinicId == session.ClinicId && row.PatientId == session.PatientId).Select(row => row.Id)
            .ToListAsync(cancellation);
        var rows = await db.Steps
            .Where(row => row.ClinicId == session.ClinicId && own.Contains(row.SessionId) && row.ClaimedAt != null
                && (row.Kind == StepKind.Rebooking || row.Kind == StepKind.Maintenance))
            .ToListAsync(cancellation);
        return [.. rows.Where(row => row.HasLeft).Select(row => row.LeftAt)];
    }
}
