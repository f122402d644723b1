using System.Globalization;
using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>Whether a planned step may be sent at once. It names what forbids it, instead of sending later than was ordered.</summary>
internal sealed class SendNowRule(SessionPlanner planner)
{
    private static readonly LocalDateTimePattern s_local = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm");

    public async Task<Ruling> RuleAsync(FollowUpContext db, SessionTruth truth, StepRow row, Instant now, CancellationToken cancellation)
    {
        var isOrdered = row.SendNowAt is { } order && order >= truth.Session.BookedAt;
        if (isOrdered && row.HasLeft && row.State != StepState.Undelivered)
        {
            return Ruling.Unchanged;
        }

        if (row.HasLeft)
        {
            return Ruling.Refused(FirstRules.WhereItIs(row));
        }

        if (SessionStore.HasEnded(truth.Session.State))
        {
            return Ruling.Ended(truth.Session.State);
        }

        if (WhyNot(truth, row, now) is { } ruling)
        {
            return ruling;
        }

        if (row.DueAt <= now)
        {
            return Ruling.Unchanged;
        }

        row.SendNowAt = now;
        row.NotBefore = row.SlotAt;
        await planner.RefreshAsync(db, truth, now, byOrchestration: false, cancellation);

        // The planner has the last word: what it would not send now is not ordered. A place in the sender's queue is on its way.
        return row.State != StepState.Planned ? Ruling.Skipped(row.Reason)
            : row.DueAt > now && row.SlotAt is null ? Ruling.Refused($"The step cannot leave before {Local(row.DueAt, truth)}: {row.Reason}.")
            : Ruling.Done("session-step-sent-now", row.Step);
    }

    private static Ruling? WhyNot(SessionTruth truth, StepRow row, Instant now)
    {
        if (truth.IsPaused)
        {
            return Ruling.Refused("The session is paused: resume it first.");
        }

        if (row.State != StepState.Planned)
        {
            return Ruling.Skipped(row.Reason);
        }

        if (row.AwaitsCompletion)
        {
            return Ruling.Refused("The step waits for the clinic's word that the session was held.");
        }

        if (StepKinds.NeedsHeldSession(row.Kind) && truth.Session.Outcome != SessionOutcome.Completed
            && now < truth.Session.StartsAt + truth.Plan.SessionDuration)
        {
            return Ruling.Refused("The session has not been held yet, and the text is about what follows it.");
        }

        if (truth.SenderTrouble is { } code)
        {
            return Ruling.Refused(string.Create(CultureInfo.InvariantCulture, $"Sending is paused: Twilio refuses the sender's texts with code {code}."));
        }

        // After "the phone could not be reached" staff may know better; Twilio's own word to wait stands.
        if (row.NotBefore > now && row.SlotAt is null && row.Resends == 0)
        {
            return Ruling.Refused($"Twilio has put the text off until {Local(row.NotBefore.Value, truth)}.");
        }

        if (!truth.WindowOf(row.Kind).Allows(now, truth.Zone))
        {
            var next = truth.WindowOf(row.Kind).NextAllowed(now, truth.Zone);
            return Ruling.Refused("It is outside of the sending hours for such texts"
                + (next is { } opening ? $"; the next moment is {Local(opening, truth)}." : "."));
        }

        return StepKinds.IsMarketing(row.Kind) && !truth.Rules.Budget.Allows(truth.SentMarketing, now, truth.Zone, out var over)
            ? Ruling.Refused($"Not now: {over}.")
            : null;
    }

    /// <summary>In the patient's zone, with the zone.</summary>
    private static string Local(Instant at, SessionTruth truth) => $"{s_local.Format(at.InZone(truth.Zone).LocalDateTime)} ({truth.Zone.Id})";
}
