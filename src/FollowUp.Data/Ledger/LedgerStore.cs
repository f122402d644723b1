using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Ledger;

/// <summary>
/// The message ledger: a row is claimed before Twilio is called and says afterwards what came of it, so that no step is sent blind or twice.
/// Each call is one transaction that also recomputes what is left of the session and answers with the orchestration's next action.
/// </summary>
public sealed class LedgerStore
{
    /// <summary>Orchestration and ledger may run on machines whose clocks differ by this much; a text that early is on time.</summary>
    private static readonly Duration ClockSkew = Duration.FromSeconds(5);

    private readonly Store _store;
    private readonly SessionPlanner _planner;
    private readonly PatientSessions _sessions;
    private readonly PlanVersions _plans;
    private readonly IClock _clock;

    internal LedgerStore(Store store, SessionPlanner planner, PatientSessions sessions, PlanVersions plans, IClock clock) =>
        (_store, _planner, _sessions, _plans, _clock) = (store, planner, sessions, plans, clock);

    /// <summary>Recomputes what has not left yet, and marks every change so far as seen by the orchestration.</summary>
    public Task<NextAction> PlanAsync(SessionKey key, CancellationToken cancellation) =>
        InSessionAsync(key, (_, _) => Task.CompletedTask, cancellation);

    /// <summary>
    /// Checks once more all that could forbid the text (consent, cancellation, sending hours, usefulness) and claims the row, in one transaction.
    /// A row that an earlier run of the same work has claimed and not recorded is of unknown outcome, and is not claimed again here.
    /// </summary>
    /// <param name="grace">How long after now an outcome that turns out unknown may be settled.</param>
    public Task<Claim> ClaimAsync(SessionKey key, string step, Duration grace, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var timestamp = TimeProvider.System.GetTimestamp();
            var now = _clock.GetCurrentInstant();
            var truth = await LoadAsync(db, key, cancellation);
            if (truth is null)
            {
                return new Claim(NextAction.End, null, timestamp);
            }

            var row = truth.Steps.Find(row => row.Step == step);
            if (row is { State: StepState.Sending })
            {
                row.State = StepState.Unknown;
                row.NotBefore = now + grace;
            }

            var next = _planner.Refresh(db, truth, now, byOrchestration: true);
            if (row is not { State: StepState.Planned, AwaitsCompletion: false } || row.DueAt > now + ClockSkew)
            {
                return new Claim(next, null, timestamp);
            }

            row.State = StepState.Sending;
            row.Attempt++;
            row.ClaimedAt = now;
            row.NotBefore = now + grace;
            row.Recipient = truth.Patient.Phone;
            row.Text = SessionTexts.Render(truth, truth.Version, row.TextKey);
            return new Claim(next, new ClaimedText(row.Attempt, row.Recipient, row.Text, now), timestamp);
        }, cancellation);

    /// <summary>Twilio has the text under this SID: it answered so, or its list has shown it.</summary>
    public Task<NextAction> RecordSentAsync(SessionKey key, string step, int attempt, string messageSid, CancellationToken cancellation) =>
        RecordAsync(key, step, attempt, async (db, _, row, now) => await MessageBinding.BindAsync(db, row, messageSid, now, cancellation), cancellation);

    /// <summary>Twilio refused the text for good.</summary>
    public Task<NextAction> RecordRefusedAsync(SessionKey key, string step, int attempt, int code, CancellationToken cancellation) =>
        RecordAsync(key, step, attempt, (_, _, row, _) =>
        {
            row.State = StepState.Undelivered;
            row.ErrorCode = code;
            row.Reason = $"refused by Twilio with code {code}";
            return Task.CompletedTask;
        }, cancellation);

    /// <summary>Twilio certainly did not take the text; it may be offered again after <paramref name="delay"/>, if it is still useful then.</summary>
    public Task<NextAction> RecordRetryAsync(SessionKey key, string step, int attempt, int code, Duration delay, CancellationToken cancellation) =>
        RecordAsync(key, step, attempt, (_, _, row, now) =>
        {
            row.State = StepState.Planned;
            row.ErrorCode = code;
            row.NotBefore = now + delay;
            return Task.CompletedTask;
        }, cancellation);

    /// <summary>Twilio refused the text because the number has opted out: every consent on that number ends.</summary>
    public Task<NextAction> RecordOptedOutAsync(SessionKey key, string step, int attempt, int code, CancellationToken cancellation) =>
        RecordAsync(key, step, attempt, async (db, _, row, now) =>
        {
            row.State = StepState.Planned; // the recomputation skips it, with the reason
            row.ErrorCode = code;
            row.NotBefore = null;
            var patients = await ConsentHistory.WithdrawNumberAsync(db, row.Recipient!, ConsentSource.Carrier, $"Twilio code {code}", now, cancellation);
            await db.SaveChangesAsync(cancellation);
            foreach (var patient in patients)
            {
                await _sessions.RefreshPatientAsync(db, patient.ClinicId, patient.Id, now, cancellation);
            }
        }, cancellation);

    /// <summary>Nobody knows whether Twilio took the text. It may be settled <paramref name="grace"/> from now.</summary>
    public Task<NextAction> RecordUnknownAsync(SessionKey key, string step, int attempt, Duration grace, CancellationToken cancellation) =>
        RecordAsync(key, step, attempt, (_, _, row, now) =>
        {
            row.State = StepState.Unknown;
            row.NotBefore = now + grace;
            return Task.CompletedTask;
        }, cancellation);

    /// <summary>Twilio's list, asked after the grace, does not have the text: the step may be claimed again, under a new attempt.</summary>
    public Task<NextAction> RecordNeverSentAsync(SessionKey key, string step, int attempt, CancellationToken cancellation) =>
        RecordAsync(key, step, attempt, (_, _, row, _) =>
        {
            row.State = StepState.Planned;
            row.NotBefore = null;
            return Task.CompletedTask;
        }, cancellation);

    /// <summary>The text of a step whose outcome is unknown; null when it has been settled meanwhile.</summary>
    public Task<ClaimedText?> FindUnknownAsync(SessionKey key, string step, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
            await db.Steps.FindAsync([key.Clinic, key.Session, step], cancellation) is
            { State: StepState.Unknown or StepState.Sending, Recipient: { } recipient, Text: { } text, ClaimedAt: { } claimedAt } row
                ? new ClaimedText(row.Attempt, recipient, text, claimedAt)
                : null, cancellation);

    /// <summary>Those of Twilio's messages that are on record for some step.</summary>
    public Task<IReadOnlySet<string>> KnownAsync(IReadOnlyCollection<string> messageSids, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlySet<string>>(async db =>
            (await db.Steps.Where(row => messageSids.Contains(row.MessageSid!)).Select(row => row.MessageSid!).ToListAsync(cancellation))
                .ToHashSet(StringComparer.Ordinal), cancellation);

    /// <summary>Records an outcome of one attempt. If the row has gone on since (settled by a callback, claimed by a later attempt), nothing changes.</summary>
    private Task<NextAction> RecordAsync(
        SessionKey key, string step, int attempt, Func<FollowUpContext, SessionTruth, StepRow, Instant, Task> record, CancellationToken cancellation) =>
        InSessionAsync(key, async (db, truth) =>
        {
            var row = truth.Steps.Find(row => row.Step == step);
            if (row is { State: StepState.Sending or StepState.Unknown } && row.Attempt == attempt)
            {
                await record(db, truth, row, _clock.GetCurrentInstant());
            }
        }, cancellation);

    private Task<NextAction> InSessionAsync(SessionKey key, Func<FollowUpContext, SessionTruth, Task> change, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await LoadAsync(db, key, cancellation) is not { } truth)
            {
                return NextAction.End;
            }

            await change(db, truth);
            await db.SaveChangesAsync(cancellation);

            // Loaded again: what was recorded may have changed the patient's consents too.
            truth = (await LoadAsync(db, key, cancellation))!;
            return _planner.Refresh(db, truth, _clock.GetCurrentInstant(), byOrchestration: true);
        }, cancellation);

    private Task<SessionTruth?> LoadAsync(FollowUpContext db, SessionKey key, CancellationToken cancellation) =>
        SessionTruth.LoadAsync(db, key, _plans, cancellation);
}
