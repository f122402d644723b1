using FollowUp.Data.Context;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using FollowUp.Data.Senders;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Delivery;

/// <summary>Twilio's status callbacks.</summary>
public sealed class DeliveryStore
{
    private static readonly Duration AskAgainAfter = Duration.FromHours(12);
    private static readonly Duration NothingComesAfter = Duration.FromDays(7);

    private readonly Store _store;
    private readonly FailureConsequences _consequences;
    private readonly PlanVersions _plans;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal DeliveryStore(Store store, FailureConsequences consequences, PlanVersions plans, SendRules rules, IClock clock) =>
        (_store, _consequences, _plans, _rules, _clock) = (store, consequences, plans, rules, clock);

    /// <summary>
    /// Records a report. It may come twice, in any order, before the send has returned, or about a send whose outcome nobody knew: that one is
    /// settled by it, through the reference which the callback address carries. One about a message that nobody knows yet is kept until
    /// somebody does.
    /// </summary>
    /// <returns>What must look again because of it.</returns>
    public Task<DeliveryNews> ReportAsync(
        string messageSid, string status, int? errorCode, SendReference? reference, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.DeliveryReports.FindAsync([messageSid, status], cancellation) is not null)
            {
                return DeliveryNews.None;
            }

            var now = _clock.GetCurrentInstant();
            var report = new DeliveryReportRow { MessageSid = messageSid, Status = status, ErrorCode = errorCode, ReceivedAt = now };
            db.DeliveryReports.Add(report);
            await db.SaveChangesAsync(cancellation);

            if (await MessageBinding.FindAsync(db, messageSid, cancellation) is { } known)
            {
                return await ApplyAsync(db, known, report, now, cancellation);
            }

            if (await db.EarlierMessages.FindAsync([messageSid], cancellation) is { } earlier)
            {
                return await ReportEarlierAsync(db, earlier, report, now, cancellation);
            }

            // Also of an attempt that was given up as never sent: Twilio has it after all, and it is not sent once more.
            if (reference is null || await FindAsync(db, reference, cancellation) is not { MessageSid: null } row || row.Attempt != reference.Attempt)
            {
                return DeliveryNews.None;
            }

            // A send that is still under way is recorded by the one who sends; it finds the report, and the SID, in place.
            var isUnderWay = row.State == StepState.Sending;
            if (await MessageBinding.BindAsync(db, row, messageSid, now, cancellation) is not null)
            {
                return await FailedAsync(db, row, now, cancellation);
            }

            return DeliveryNews.Of(row, isUnderWay || row is not StepRow step ? [] : [await TouchAsync(db, step, now, cancellation)]);
        }, cancellation);

    /// <summary>
    /// Texts that left at least <paramref name="age"/> ago and that nothing has been heard of since. Once asked for, see <see cref="AskedAsync"/>,
    /// each is named again after twelve hours.
    /// </summary>
    public Task<IReadOnlyList<SilentText>> SilentAsync(Duration age, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<SilentText>>(async db =>
        {
            var now = _clock.GetCurrentInstant();
            var (before, again, gone) = (now - age, now - AskAgainAfter, now - NothingComesAfter);
            var steps = await db.Steps
                .Where(row => row.State == StepState.Sent && row.SentAt <= before && row.SentAt >= gone && (row.AskedAt == null || row.AskedAt <= again))
                .OrderBy(row => row.SentAt).Take(limit)
                .ToListAsync(cancellation);
            var direct = await db.DirectMessages
                .Where(row => row.State == StepState.Sent && row.SentAt <= before && row.SentAt >= gone && (row.AskedAt == null || row.AskedAt <= again))
                .OrderBy(row => row.SentAt).Take(limit)
                .ToListAsync(cancellation);
            return
            [
                .. steps.Select(row => new SilentText(row.ClinicId, row.MessageSid!, row.Recipient!, row.Text!, row.ClaimedAt!.Value))
                    .Concat(direct.Select(row => new SilentText(row.ClinicId, row.MessageSid!, row.Recipient, row.Text, row.ClaimedAt!.Value)))
                    .OrderBy(text => text.ClaimedAt).Take(limit),
            ];
        }, cancellation);

    /// <summary>Twilio's list has been asked for a text.</summary>
    public Task AskedAsync(string messageSid, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await MessageBinding.FindAsync(db, messageSid, cancellation) is { } row)
            {
                row.AskedAt = _clock.GetCurrentInstant();
            }

            return true;
        }, cancellation);

    private async Task<DeliveryNews> ApplyAsync(FollowUpContext db, IAttempt row, DeliveryReportRow report, Instant now, CancellationToken cancellation)
    {
        if (MessageBinding.Apply(row, report))
        {
            return await FailedAsync(db, row, now, cancellation);
        }

        if (row.State == StepState.Delivered)
        {
            await SenderPause.DeliveredAsync(db, row, now, cancellation);
        }

        return DeliveryNews.Of(row, []);
    }

    private async Task<DeliveryNews> FailedAsync(FollowUpContext db, IAttempt row, Instant now, CancellationToken cancellation)
    {
        var truth = row is StepRow step ? await SessionTruth.LoadAsync(db, step.Session, _plans, _rules, cancellation) : null;
        var recipient = (row as StepRow)?.Recipient ?? ((DirectMessageRow)row).Recipient;
        return DeliveryNews.Of(row, await _consequences.DrawAsync(db, row, recipient, truth, now, cancellation));
    }

    /// <summary>The first message of a text that is, or was, sent once more. If it arrived after all, the second is not needed.</summary>
    private static async Task<DeliveryNews> ReportEarlierAsync(
        FollowUpContext db, EarlierMessageRow earlier, DeliveryReportRow report, Instant now, CancellationToken cancellation)
    {
        if (report.Status is not ("delivered" or "read"))
        {
            return DeliveryNews.None;
        }

        earlier.State = StepState.Delivered;
        earlier.ErrorCode = null;
        await db.SaveChangesAsync(cancellation);
        var step = await db.Steps.SingleAsync(
            row => row.ClinicId == earlier.ClinicId && row.SessionId == earlier.SessionId && row.Step == earlier.Step, cancellation);
        return await EarlierMessages.AdoptAsync(db, step, cancellation)
            ? DeliveryNews.Of(step, [await TouchAsync(db, step, now, cancellation)])
            : DeliveryNews.None;
    }

    private static async Task<IAttempt?> FindAsync(FollowUpContext db, SendReference reference, CancellationToken cancellation) =>
        reference.IsDirect
            ? await db.DirectMessages.FindAsync([reference.Session.Clinic, reference.Step], cancellation)
            : await db.Steps.FindAsync([reference.Session.Clinic, reference.Session.Session, reference.Step], cancellation);

    private static async Task<ChangedSession> TouchAsync(FollowUpContext db, StepRow row, Instant now, CancellationToken cancellation)
    {
        var session = await db.Sessions.SingleAsync(session => session.ClinicId == row.ClinicId && session.Id == row.SessionId, cancellation);
        session.Touch(now);
        return new ChangedSession(session.Key, session.State);
    }
}

/// <summary>What a status report has changed.</summary>
/// <param name="Clinic">Whose text it was about; null when nothing is known of it yet, or the report said nothing new.</param>
/// <param name="Changed">Sessions whose orchestrations must look again.</param>
public sealed record DeliveryNews(string? Clinic, IReadOnlyList<ChangedSession> Changed)
{
    internal static DeliveryNews None { get; } = new(null, []);

    internal static DeliveryNews Of(IAttempt row, IReadOnlyList<ChangedSession> changed) => new(row.ClinicId, changed);
}

/// <summary>A text that left, and that Twilio has not reported on.</summary>
/// <param name="Clinic">Whose text it is.</param>
/// <param name="MessageSid">Twilio's id of it.</param>
/// <param name="Recipient">E.164.</param>
/// <param name="Text">The exact text.</param>
/// <param name="ClaimedAt">Twilio's message is no older.</param>
public sealed record SilentText(string Clinic, string MessageSid, string Recipient, string Text, Instant ClaimedAt)
{
    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => MessageSid;
}
