using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Planning;

/// <summary>
/// Brings the ledger rows and the state of one session in line with the truth. Planning, changing and sending all go through here, inside
/// their own transaction, so that what is shown, what is waited for and what is sent never disagree.
/// </summary>
internal sealed class SessionPlanner(SendRules rules)
{
    public const string NeverConfirmed = "the clinic never confirmed that the session was held";
    public const string TooLate = "its time had passed before it could be sent";
    public const string NotApproved = "no clinician has approved the plan";
    public const string NobodyToAlert = "the clinic has named nobody to alert";
    public const string NumberOptedOut = "the number has opted out";
    public const string WrongNumber = "the number is somebody else's";
    public const string Unreachable = "the number cannot get texts";
    public const string UnreadMessage = "held until the clinic has read the patient's message";

    /// <summary>Stands before the reason of a text that was held back until its time had passed.</summary>
    public const string HeldTooLong = "its time passed: ";

    /// <summary>
    /// What is missing often comes (consents with the next booking, an approval of the plan, a new number), so a session that lacks it stays
    /// open for as long as it could matter.
    /// </summary>
    private static readonly HashSet<string> Mendable =
        [NotPlanned.NoCareConsent, NotApproved, NobodyToAlert, WrongNumber, Unreachable, UnreadMessage];

    /// <summary>What the clinic holds back by something that it has left undone, so that it must learn when that has cost a text.</summary>
    private static readonly HashSet<string> HeldByClinic = [NotApproved, NobodyToAlert, UnreadMessage];

    /// <summary>
    /// Recomputes every step that has not left yet; a step that has, or may have, is never moved or repeated. Rows are added and changed in
    /// <paramref name="db"/>, to be saved by the caller.
    /// </summary>
    /// <remarks>A text that was planned, or held back by the clinic, and whose time has run out is told to staff: none is lost in silence.</remarks>
    /// <param name="byOrchestration">The session's own orchestration is looking, so it has started and has seen every change.</param>
    public async Task<NextAction> RefreshAsync(
        FollowUpContext db, SessionTruth truth, Instant now, bool byOrchestration, CancellationToken cancellation)
    {
        var next = Refresh(db, truth, now, byOrchestration);
        foreach (var row in truth.Lapsed)
        {
            await FailureConsequences.AlertUndeliveredAsync(db, row, truth, now, cancellation);
        }

        return next;
    }

    private NextAction Refresh(FollowUpContext db, SessionTruth truth, Instant now, bool byOrchestration)
    {
        var session = truth.Session;
        var timeline = Timeline.Compute(truth.Plan, truth.Facts);
        foreach (var step in timeline)
        {
            var row = truth.Steps.Find(row => row.Step == step.Step);
            if (row is null)
            {
                row = NewRow(session, step);
                truth.Steps.Add(row);
                db.Steps.Add(row);
            }

            if (!row.HasLeft)
            {
                Decide(db, row, step, truth, now);
            }
        }

        foreach (var row in truth.Steps.Where(row => !row.HasLeft && timeline.All(step => step.Step != row.Step)))
        {
            SetState(row, StepState.Skipped, "not a step of this session");
        }

        var upcoming = truth.Steps.Where(row => row.State == StepState.Planned).OrderBy(row => row.DueAt).ThenBy(row => row.Step, StringComparer.Ordinal).FirstOrDefault();
        session.NextStep = upcoming?.Step;
        session.NextDueAt = upcoming?.DueAt;
        var next = Next(truth, now);
        session.State = StateOf(truth, next, byOrchestration);
        if (byOrchestration)
        {
            session.PlannedRevision = session.Revision;
        }

        return next;
    }

    /// <summary>The earliest thing to do among the rows as they are.</summary>
    private static NextAction Next(SessionTruth truth, Instant now) =>
        truth.Steps.Select(row => Action(truth, row, now)).OfType<NextAction>()
            .OrderBy(action => action.At).ThenBy(action => action.Step, StringComparer.Ordinal)
            .FirstOrDefault() ?? NextAction.End;

    private static NextAction? Action(SessionTruth truth, StepRow row, Instant now) => row.State switch
    {
        StepState.Sending or StepState.Unknown => new NextAction(NextActionKind.Settle, row.Step, row.NotBefore ?? row.ClaimedAt),
        StepState.Planned when row.AwaitsCompletion => new NextAction(NextActionKind.LookAgain, row.Step, row.UsefulUntil),
        StepState.Planned => new NextAction(NextActionKind.Send, row.Step, row.DueAt),

        StepState.Skipped when row.Reason is { } reason && Mendable.Contains(reason) && !truth.OptedOut && row.UsefulUntil > now =>
            new NextAction(NextActionKind.LookAgain, row.Step, row.UsefulUntil),
        _ => null,
    };

    private void Decide(FollowUpContext db, StepRow row, TimelineStep step, SessionTruth truth, Instant now)
    {
        var wasWaiting = row.State == StepState.Planned && db.Entry(row).State != EntityState.Added;
        var before = row.State == StepState.Skipped ? row.Reason : null;
        row.Kind = step.Kind;
        row.TextKey = step.TextKey;
        row.UsefulUntil = step.UsefulUntil;
        row.DueAt = step.DueAt;
        row.AwaitsCompletion = step.NeedsCompletion && truth.Clinic.Completion == Completion.Confirmed && truth.Session.Outcome == SessionOutcome.Booked;

        if (truth.Session.Outcome == SessionOutcome.Cancelled)
        {
            SetState(row, StepState.Cancelled, step.Reason);
        }
        else if (!step.Planned)
        {
            SetState(row, StepState.Skipped, step.Reason);
        }
        else if (Forbidden(truth) is { } forbidden)
        {
            Hold(row, forbidden, wasWaiting, before, truth, now);
        }
        else if (truth.HasUnreadMessage && StepKinds.IsMarketing(step.Kind))
        {
            // Whoever has just written, perhaps of a worry, is answered first and not asked to book.
            Hold(row, UnreadMessage, wasWaiting, before, truth, now);
        }
        else if (row.AwaitsCompletion)
        {
            SetState(row, now < step.UsefulUntil ? StepState.Planned : StepState.Skipped, now < step.UsefulUntil ? null : NeverConfirmed);
        }
        else
        {
            var (earliest, why) = EarliestSend(row, step, truth, now);
            row.DueAt = earliest ?? row.DueAt;
            SetState(row, earliest is null ? StepState.Skipped : StepState.Planned, earliest is null ? why ?? TooLate : Waits(row, truth) ?? step.Moved);
            if (row.Reason == TooLate && (wasWaiting || (before is not null && HeldByClinic.Contains(before))))
            {
                truth.Lapsed.Add(row);
            }
        }
    }

    /// <summary>Keeps a text back. When that has cost it its time, the reason says so from then on, and staff learn of it that once.</summary>
    /// <param name="before">Why it was skipped before; null when it was not.</param>
    private static void Hold(StepRow row, string reason, bool wasWaiting, string? before, SessionTruth truth, Instant now)
    {
        if (now < row.UsefulUntil || !HeldByClinic.Contains(reason))
        {
            SetState(row, StepState.Skipped, reason);
        }
        else if (wasWaiting || (before is not null && HeldByClinic.Contains(before)))
        {
            SetState(row, StepState.Skipped, HeldTooLong + reason);
            truth.Lapsed.Add(row);
        }
        else
        {
            SetState(row, StepState.Skipped, before?.StartsWith(HeldTooLong, StringComparison.Ordinal) == true ? before : reason);
        }
    }

    /// <summary>What forbids every text of the session, other than the plan and the consents.</summary>
    private string? Forbidden(SessionTruth truth) =>
        truth.Marks.Contains(NumberMark.OptedOut) ? NumberOptedOut
        : truth.Marks.Contains(NumberMark.WrongNumber) ? WrongNumber
        : truth.Marks.Contains(NumberMark.Unreachable) ? Unreachable
        : !truth.PlanApproved && !rules.UnapprovedPlans ? NotApproved
        : truth.Clinic.StaffAlerts.Count == 0 && !rules.ClinicsWithoutAlerts ? NobodyToAlert
        : null;

    private static string? Waits(StepRow row, SessionTruth truth) =>
        row.SlotAt is null ? (row.Resends > 0 ? "sent once more: the phone could not be reached" : null)
        : truth.SenderTrouble is { } code ? $"sending is paused, Twilio code {code}"
        : "waits for the sender's pace";

    /// <summary>
    /// The due time of the plan, or what is left when that has passed or a retry must wait: the next moment within the sending hours, and for
    /// marketing on a day with room for one more. Null when the text is of no use by then; with the reason, if it is not just the time.
    /// </summary>
    private static (Instant? At, string? Why) EarliestSend(StepRow row, TimelineStep step, SessionTruth truth, Instant now)
    {
        var wanted = row.NotBefore is { } notBefore && notBefore > step.DueAt ? notBefore : step.DueAt;
        var earliest = now > wanted ? now : wanted;
        if (earliest == step.DueAt)
        {
            return (earliest < step.UsefulUntil ? earliest : null, null);
        }

        var window = truth.WindowOf(step.Kind);
        string? over = null;
        var candidate = window.NextAllowed(earliest, truth.Zone);
        while (candidate is { } at && at < step.UsefulUntil)
        {
            if (!StepKinds.IsMarketing(step.Kind) || truth.Rules.Budget.Allows(truth.SentMarketing, at, truth.Zone, out over))
            {
                // Within the hours a late step keeps its due time, so that it shows how late it is.
                return (at == earliest ? wanted : at, null);
            }

            candidate = window.NextAllowed(at.InZone(truth.Zone).Date.PlusDays(1).AtStartOfDayInZone(truth.Zone).ToInstant(), truth.Zone);
        }

        return (null, over);
    }

    private static void SetState(StepRow row, StepState state, string? reason)
    {
        row.State = state;
        row.Reason = reason;
        if (state != StepState.Planned)
        {
            row.AwaitsCompletion = false;
        }
    }

    private static SessionState StateOf(SessionTruth truth, NextAction next, bool byOrchestration)
    {
        if (truth.Session.Outcome == SessionOutcome.Cancelled)
        {
            return SessionState.Cancelled;
        }

        if (truth.OptedOut)
        {
            return SessionState.OptedOut;
        }

        if (next.Kind == NextActionKind.End)
        {
            return SessionState.Completed;
        }

        // Work is left. A session that had ended is opened again by it, and started anew.
        return truth.Session.State switch
        {
            SessionState.Paused => SessionState.Paused,
            SessionState.Waiting => SessionState.Waiting,
            _ => byOrchestration ? SessionState.Waiting : SessionState.Scheduled,
        };
    }

    private static StepRow NewRow(SessionRow session, TimelineStep step) => new()
    {
        ClinicId = session.ClinicId,
        SessionId = session.Id,
        Step = step.Step,
        Kind = step.Kind,
        TextKey = step.TextKey,
        State = StepState.Planned,
        DueAt = step.DueAt,
        UsefulUntil = step.UsefulUntil,
    };
}
