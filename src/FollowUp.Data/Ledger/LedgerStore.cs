using FollowUp.Core.Replies;
using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Moves;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using FollowUp.Data.Senders;
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
    internal static readonly Duration ClockSkew = Duration.FromSeconds(5);

    private readonly Store _store;
    private readonly SessionPlanner _planner;
    private readonly AttemptRecorder _recorder;
    private readonly SenderGate _gate;
    private readonly PlanVersions _plans;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal LedgerStore(
        Store store, SessionPlanner planner, AttemptRecorder recorder, SenderGate gate, PlanVersions plans, SendRules rules, IClock clock) =>
        (_store, _planner, _recorder, _gate, _plans, _rules, _clock) = (store, planner, recorder, gate, plans, rules, clock);

    /// <summary>One step of a session, to be sent.</summary>
    public IOutgoingText Step(SessionKey key, string step) => new OutgoingStep(this, key, step);

    /// <summary>Recomputes what has not left yet, and marks every change so far as seen by the orchestration.</summary>
    public Task<NextAction> PlanAsync(SessionKey key, CancellationToken cancellation) =>
        InSessionAsync(key, (_, _) => Task.CompletedTask, cancellation);

    /// <inheritdoc cref="IOutgoingText.ClaimAsync"/>
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

            if (row is not null)
            {
                await EarlierMessages.AdoptAsync(db, row, cancellation);
            }

            var next = await _planner.RefreshAsync(db, truth, now, byOrchestration: true, cancellation);
            if (row is null || !truth.MaySend(row, now + ClockSkew))
            {
                return new Claim(next, null, timestamp);
            }

            if (await RestoreDoubt.TakeAsync(db, row, now, grace, cancellation))
            {
                Address(row, truth);
                return new Claim(await _planner.RefreshAsync(db, truth, now, byOrchestration: true, cancellation), null, timestamp);
            }

            if (await _gate.WaitAsync(db, truth.Sender, row.SlotAt, first: false, now, cancellation) is { } place)
            {
                row.SlotAt = place;
                row.NotBefore = place;
                return new Claim(await _planner.RefreshAsync(db, truth, now, byOrchestration: true, cancellation), null, timestamp);
            }

            row.State = StepState.Sending;
            row.Attempt++;
            row.ClaimedAt = now;
            row.NotBefore = now + grace;
            row.SlotAt = null;
            Address(row, truth);
            return new Claim(next, new ClaimedText(row.Attempt, row.Recipient!, row.Text!, now) { Sender = row.Sender }, timestamp);
        }, cancellation);

    /// <inheritdoc cref="IOutgoingText.MaySendAsync"/>
    public Task<bool> MaySendAsync(SessionKey key, string step, int attempt, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
        {
            if (await LoadAsync(db, key, cancellation) is not { } truth
                || truth.Steps.Find(row => row.Step == step) is not { State: StepState.Sending } row || row.Attempt != attempt
                || await EarlierMessages.FindDeliveredAsync(db, row, cancellation) is not null)
            {
                return false;
            }

            // What would be claimed now, were it not claimed already: if that is another text, or none, this one is not to be sent. Nothing of
            // it is saved.
            var now = _clock.GetCurrentInstant();
            truth.Unclaim(row);
            await _planner.RefreshAsync(db, truth, now, byOrchestration: true, cancellation);
            return truth.MaySend(row, now + ClockSkew)
                && row.Recipient == truth.Patient.Phone && row.Sender == truth.Sender
                && row.Text == SessionTexts.Render(truth, truth.Version, row.TextKey);
        }, cancellation);

    /// <inheritdoc cref="IOutgoingText.RecordAsync"/>
    public Task<NextAction> RecordAsync(SessionKey key, string step, int attempt, SendRecord record, CancellationToken cancellation) =>
        InSessionAsync(key, async (db, truth) =>
        {
            var row = truth.Steps.Find(row => row.Step == step);
            if (row is { State: StepState.Sending or StepState.Unknown } && row.Attempt == attempt)
            {
                await _recorder.RecordAsync(db, row, row.Recipient!, truth, record, _clock.GetCurrentInstant(), cancellation);
            }
        }, cancellation);

    /// <inheritdoc cref="IOutgoingText.FindUnknownAsync"/>
    public Task<ClaimedText?> FindUnknownAsync(SessionKey key, string step, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
            await db.Steps.FindAsync([key.Clinic, key.Session, step], cancellation) is
            { State: StepState.Unknown or StepState.Sending, Recipient: { } recipient, Text: { } text, ClaimedAt: { } claimedAt } row
                ? new ClaimedText(row.Attempt, recipient, text, claimedAt) { Sender = row.Sender }
                : null, cancellation);

    /// <summary>Those of Twilio's messages that are on record for some text of ours.</summary>
    public Task<IReadOnlySet<string>> KnownAsync(IReadOnlyCollection<string> messageSids, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlySet<string>>(async db =>
        {
            var known = await db.Steps.Where(row => messageSids.Contains(row.MessageSid!)).Select(row => row.MessageSid!).ToListAsync(cancellation);
            known.AddRange(await db.DirectMessages.Where(row => messageSids.Contains(row.MessageSid!)).Select(row => row.MessageSid!).ToListAsync(cancellation));
            known.AddRange(await db.EarlierMessages.Where(row => messageSids.Contains(row.MessageSid)).Select(row => row.MessageSid).ToListAsync(cancellation));
            return known.ToHashSet(StringComparer.Ordinal);
        }, cancellation);

    /// <summary>What an attempt is to say, to whom, and from what: it is looked for by exactly this.</summary>
    private static void Address(StepRow row, SessionTruth truth)
    {
        row.Sender = truth.Sender;
        row.Recipient = truth.Patient.Phone;
        row.Text = SessionTexts.Render(truth, truth.Version, row.TextKey);
        row.Asks = Asking.Of(truth.Version.Plan, row.Step, row.Kind, row.Text);
    }

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
            return await _planner.RefreshAsync(db, truth, _clock.GetCurrentInstant(), byOrchestration: true, cancellation);
        }, cancellation);

    private Task<SessionTruth?> LoadAsync(FollowUpContext db, SessionKey key, CancellationToken cancellation) =>
        SessionTruth.LoadAsync(db, key, _plans, _rules, cancellation);

    private sealed class OutgoingStep(LedgerStore ledger, SessionKey key, string step) : IOutgoingText
    {
        public SendReference Reference(int attempt) => new(key, step, attempt);

        public Task<Claim> ClaimAsync(Duration grace, CancellationToken cancellation) => ledger.ClaimAsync(key, step, grace, cancellation);

        public Task<bool> MaySendAsync(int attempt, CancellationToken cancellation) => ledger.MaySendAsync(key, step, attempt, cancellation);

        public Task<NextAction> RecordAsync(int attempt, SendRecord record, CancellationToken cancellation) =>
            ledger.RecordAsync(key, step, attempt, record, cancellation);

        public Task<ClaimedText?> FindUnknownAsync(CancellationToken cancellation) => ledger.FindUnknownAsync(key, step, cancellation);

        public Task<NextAction> PlanAsync(CancellationToken cancellation) => ledger.PlanAsync(key, cancellation);
    }
}
