using FollowUp.Data.Context;
using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Moves;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Senders;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Direct;

/// <summary>
/// Texts outside of a plan: answers to the patient's own message and alerts to staff. They are claimed, sent and settled as the steps of a
/// session are, but keep to no hours, budget or consent: they answer, or they warn.
/// </summary>
public sealed class DirectMessageStore
{
    internal const string SomebodyHasIt = "somebody has acknowledged the alert";

    private readonly Store _store;
    private readonly AttemptRecorder _recorder;
    private readonly SenderGate _gate;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal DirectMessageStore(Store store, AttemptRecorder recorder, SenderGate gate, SendRules rules, IClock clock) =>
        (_store, _recorder, _gate, _rules, _clock) = (store, recorder, gate, rules, clock);

    /// <summary>One text, to be sent.</summary>
    public IOutgoingText Message(DirectMessageKey key) => new OutgoingMessage(this, key);

    /// <summary>Texts, oldest first, that have been open for at least <paramref name="age"/>: their orchestration may never have started.</summary>
    public Task<IReadOnlyList<DirectMessageKey>> ForgottenAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<DirectMessageKey>>(async db =>
        {
            var before = _clock.GetCurrentInstant() - age;
            var rows = await db.DirectMessages
                .Where(row => (row.State == StepState.Planned || row.State == StepState.Sending || row.State == StepState.Unknown) && row.DueAt <= before
                    && (row.NotBefore == null || row.NotBefore <= before))
                .OrderBy(row => row.DueAt).Take(limit)
                .ToListAsync(cancellation);
            return [.. rows.Select(row => new DirectMessageKey(row.ClinicId, row.Id))];
        }, cancellation);

    private Task<Claim> ClaimAsync(DirectMessageKey key, Duration grace, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var timestamp = TimeProvider.System.GetTimestamp();
            var now = _clock.GetCurrentInstant();
            if (await db.DirectMessages.FindAsync([key.Clinic, key.Id], cancellation) is not { } row)
            {
                return new Claim(NextAction.End, null, timestamp);
            }

            if (row.State == StepState.Sending)
            {
                row.State = StepState.Unknown;
                row.NotBefore = now + grace;
            }

            var sender = await SenderAsync(db, row, cancellation);
            await LapseAsync(db, row, sender, now, cancellation);
            if (row.State != StepState.Planned || row.NotBefore > now + LedgerStore.ClockSkew)
            {
                return new Claim(Next(row), null, timestamp);
            }

            // An alert that staff get twice does no harm, and one that is held to be sent may: it is repeated in the same words.
            if (row.Kind != DirectMessageKind.StaffAlert && await RestoreDoubt.TakeAsync(db, row, now, grace, cancellation))
            {
                row.Sender = sender;
                return new Claim(Next(row), null, timestamp);
            }

            // Somebody waits for each of these: they go before the texts of plans, however many are due.
            if (await _gate.WaitAsync(db, sender, row.SlotAt, first: true, now, cancellation) is { } place)
            {
                row.SlotAt = place;
                row.NotBefore = place;
                return new Claim(Next(row), null, timestamp);
            }

            row.State = StepState.Sending;
            row.Attempt++;
            row.ClaimedAt = now;
            row.NotBefore = now + grace;
            row.SlotAt = null;
            row.Sender = sender;
            return new Claim(Next(row), new ClaimedText(row.Attempt, row.Recipient, row.Text, now) { Sender = sender }, timestamp);
        }, cancellation);

    private Task<bool> MaySendAsync(DirectMessageKey key, int attempt, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
            await db.DirectMessages.FindAsync([key.Clinic, key.Id], cancellation) is { State: StepState.Sending } row
            && row.Attempt == attempt
            && await ForbiddenAsync(db, row, row.Sender ?? _rules.DefaultSender, cancellation) is null, cancellation);

    private Task<NextAction> RecordAsync(DirectMessageKey key, int attempt, SendRecord record, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            // A patient may have been erased while the text was under way: then there is nothing to record it on.
            if (await db.DirectMessages.FindAsync([key.Clinic, key.Id], cancellation) is not { } row)
            {
                return NextAction.End;
            }

            if (row.State is StepState.Sending or StepState.Unknown && row.Attempt == attempt)
            {
                await _recorder.RecordAsync(db, row, row.Recipient, session: null, record, _clock.GetCurrentInstant(), cancellation);
            }

            return await PlanAsync(db, row, cancellation);
        }, cancellation);

    private Task<NextAction> PlanAsync(DirectMessageKey key, CancellationToken cancellation) =>
        _store.WriteAsync(async db => await db.DirectMessages.FindAsync([key.Clinic, key.Id], cancellation) is { } row
            ? await PlanAsync(db, row, cancellation)
            : NextAction.End, cancellation);

    private async Task<NextAction> PlanAsync(FollowUpContext db, DirectMessageRow row, CancellationToken cancellation)
    {
        await LapseAsync(db, row, await SenderAsync(db, row, cancellation), _clock.GetCurrentInstant(), cancellation);
        return Next(row);
    }

    private Task<ClaimedText?> FindUnknownAsync(DirectMessageKey key, CancellationToken cancellation) =>
        _store.ReadAsync(async db =>
            await db.DirectMessages.FindAsync([key.Clinic, key.Id], cancellation) is
            { State: StepState.Unknown or StepState.Sending, ClaimedAt: { } claimedAt } row
                ? new ClaimedText(row.Attempt, row.Recipient, row.Text, claimedAt) { Sender = row.Sender }
                : null, cancellation);

    private async Task LapseAsync(FollowUpContext db, DirectMessageRow row, string sender, Instant now, CancellationToken cancellation)
    {
        if (row.State != StepState.Planned)
        {
            return;
        }

        var forbidden = await ForbiddenAsync(db, row, sender, cancellation);
        var reason = forbidden ?? (now >= row.UsefulUntil || row.NotBefore >= row.UsefulUntil ? SessionPlanner.TooLate : null);
        if (reason is null)
        {
            return;
        }

        (row.State, row.Reason) = (StepState.Skipped, reason);

        // Of the others that are forbidden the patient has wanted none, or the clinic knows.
        if (forbidden is null || row.Kind is DirectMessageKind.Call or DirectMessageKind.StaffReply)
        {
            await FailureConsequences.AlertUndeliveredAsync(db, row, session: null, now, cancellation);
        }
    }

    /// <summary>
    /// To a number that has opted out nothing goes but the confirmation of that and the text which asks somebody with a symptom to call; to one
    /// that is somebody else's, nothing at all. For a clinic that has named nobody to alert, only these two and help leave for the real Twilio:
    /// the law or the patient's safety asks for them whatever the clinic has left undone, and holding them back protects nobody. An urgent alert
    /// that waited for its turn is not sent once somebody has it.
    /// </summary>
    private async Task<string?> ForbiddenAsync(FollowUpContext db, DirectMessageRow row, string sender, CancellationToken cancellation)
    {
        var marks = await NumberMarks.FindAsync(db, row.Recipient, sender, cancellation);
        return row.AlertId is { } alert && await db.Alerts.AnyAsync(told => told.Id == alert && told.AcknowledgedAt != null, cancellation) ? SomebodyHasIt
            : marks.Contains(NumberMark.WrongNumber) ? SessionPlanner.WrongNumber
            : marks.Contains(NumberMark.OptedOut) && row.Kind is not (DirectMessageKind.OptOutConfirmed or DirectMessageKind.Call) ? SessionPlanner.NumberOptedOut
            : !_rules.ClinicsWithoutAlerts
                && row.Kind is not (DirectMessageKind.OptOutConfirmed or DirectMessageKind.Call or DirectMessageKind.Help or DirectMessageKind.StaffAlert)
                && (await db.Clinics.SingleAsync(clinic => clinic.Id == row.ClinicId, cancellation)).StaffAlerts.Count == 0 ? SessionPlanner.NobodyToAlert
            : null;
    }

    /// <summary>The clinic's sender; an alert leaves by the installation's own while Twilio refuses everything from the clinic's.</summary>
    private async Task<string> SenderAsync(FollowUpContext db, DirectMessageRow row, CancellationToken cancellation)
    {
        var sender = _rules.SenderOf(await db.Clinics.SingleAsync(clinic => clinic.Id == row.ClinicId, cancellation));
        return row.Kind == DirectMessageKind.StaffAlert && sender != _rules.DefaultSender && _rules.DefaultSender.Length > 0
            && await db.Senders.FindAsync([sender], cancellation) is { PausedAt: not null }
                ? _rules.DefaultSender
                : sender;
    }

    private static NextAction Next(DirectMessageRow row) => row.State switch
    {
        StepState.Planned => new NextAction(NextActionKind.Send, row.Id, row.NotBefore ?? row.DueAt),
        StepState.Sending or StepState.Unknown => new NextAction(NextActionKind.Settle, row.Id, row.NotBefore ?? row.ClaimedAt),
        _ => NextAction.End,
    };

    private sealed class OutgoingMessage(DirectMessageStore messages, DirectMessageKey key) : IOutgoingText
    {
        public SendReference Reference(int attempt) => SendReference.ToDirect(key.Clinic, key.Id, attempt);

        public Task<Claim> ClaimAsync(Duration grace, CancellationToken cancellation) => messages.ClaimAsync(key, grace, cancellation);

        public Task<bool> MaySendAsync(int attempt, CancellationToken cancellation) => messages.MaySendAsync(key, attempt, cancellation);

        public Task<NextAction> RecordAsync(int attempt, SendRecord record, CancellationToken cancellation) =>
            messages.RecordAsync(key, attempt, record, cancellation);

        public Task<ClaimedText?> FindUnknownAsync(CancellationToken cancellation) => messages.FindUnknownAsync(key, cancellation);

        public Task<NextAction> PlanAsync(CancellationToken cancellation) => messages.PlanAsync(key, cancellation);
    }
}
