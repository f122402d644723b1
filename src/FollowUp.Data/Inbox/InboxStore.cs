using FollowUp.Data.Alerts;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Inbox;

/// <summary>A clinic's inbox: the texts that a human must read.</summary>
public sealed class InboxStore
{
    private static readonly Duration ReplyWithin = Duration.FromHours(1);

    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal InboxStore(Store store, PatientSessions sessions, SendRules rules, IClock clock) =>
        (_store, _sessions, _rules, _clock) = (store, sessions, rules, clock);

    /// <summary>A page of a clinic's inbox, newest first.</summary>
    /// <param name="unread">Only what nobody has read.</param>
    /// <param name="before">Only what came before this text; null for the first page.</param>
    public Task<IReadOnlyList<InboxMessage>> ListAsync(
        string clinic, bool unread, (Instant At, string Sid)? before, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<InboxMessage>>(async db =>
        {
            var query = db.InboundMessages.Where(row => row.ClinicId == clinic && row.WantsReader && (!unread || row.ReadAt == null));
            if (before is var (at, sid))
            {
                query = query.Where(row => row.ReceivedAt < at || (row.ReceivedAt == at && string.Compare(row.MessageSid, sid) < 0));
            }

            var rows = await query.OrderByDescending(row => row.ReceivedAt).ThenByDescending(row => row.MessageSid).Take(limit).ToListAsync(cancellation);
            return [.. rows.Select(InboxMessage.Of)];
        }, cancellation);

    /// <summary>Somebody has read a text: its alerts are settled, and prompts that waited for it go on. Doing it twice changes nothing.</summary>
    /// <param name="by">Who, in the clinic's words.</param>
    public Task<InboxResult> ReadAsync(string clinic, string messageSid, string by, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db => await FindAsync(db, clinic, messageSid, cancellation) is { } row
            ? new InboxResult(InboxVerdict.Done, InboxMessage.Of(row), await ReadAsync(db, row, by, actor, cancellation), null)
            : InboxResult.Unknown, cancellation);

    /// <summary>Answers a text in a clinic's own words, and has it read thereby.</summary>
    /// <param name="replyId">Makes the same reply twice one text.</param>
    public Task<InboxResult> ReplyAsync(
        string clinic, string messageSid, string replyId, string text, string by, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await FindAsync(db, clinic, messageSid, cancellation) is not { } row)
            {
                return InboxResult.Unknown;
            }

            var sender = _rules.SenderOf((await db.Clinics.FindAsync([clinic], cancellation))!);
            var marks = await NumberMarks.FindAsync(db, row.Sender, sender, cancellation);
            if (marks.Contains(NumberMark.OptedOut) || marks.Contains(NumberMark.WrongNumber))
            {
                return new InboxResult(InboxVerdict.MayNotReply, InboxMessage.Of(row), [], null);
            }

            var now = _clock.GetCurrentInstant();
            var message = new NewDirectMessage(
                new DirectMessageKey(clinic, $"reply-{replyId}"), DirectMessageKind.StaffReply, row.Sender, text, ReplyWithin)
            {
                Patient = row.PatientId,
                InboundSid = messageSid,
            };
            var added = await DirectMessages.EnqueueAsync(db, message, now, cancellation);
            db.Audit.Add(new AuditRow { ClinicId = clinic, At = now, Actor = actor, Action = "message-answered", Subject = messageSid });
            return new InboxResult(InboxVerdict.Done, InboxMessage.Of(row), await ReadAsync(db, row, by, actor, cancellation), added);
        }, cancellation);

    private async Task<IReadOnlyList<ChangedSession>> ReadAsync(
        FollowUpContext db, InboundMessageRow row, string by, string actor, CancellationToken cancellation)
    {
        if (row.ReadAt is not null)
        {
            return [];
        }

        var now = _clock.GetCurrentInstant();
        row.ReadAt = now;
        row.ReadBy = by;
        db.Audit.Add(new AuditRow { ClinicId = row.ClinicId!, At = now, Actor = actor, Action = "message-read", Subject = row.MessageSid });
        await AlertLog.AcknowledgeMessageAsync(db, row.ClinicId!, row.MessageSid, by, actor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        return row.PatientId is { } patient ? await _sessions.RefreshPatientAsync(db, row.ClinicId!, patient, now, cancellation) : [];
    }

    private static Task<InboundMessageRow?> FindAsync(FollowUpContext db, string clinic, string messageSid, CancellationToken cancellation) =>
        db.InboundMessages.SingleOrDefaultAsync(row => row.MessageSid == messageSid && row.ClinicId == clinic && row.WantsReader, cancellation);
}

public enum InboxVerdict
{
    Done,
    Unknown,

    /// <summary>The number has opted out, or is somebody else's.</summary>
    MayNotReply,
}

/// <summary>What became of an act on a text in the inbox.</summary>
public sealed record InboxResult(InboxVerdict Verdict, InboxMessage? Message, IReadOnlyList<ChangedSession> Changed, DirectMessageKey? Reply)
{
    internal static InboxResult Unknown { get; } = new(InboxVerdict.Unknown, null, [], null);
}

/// <summary>A text in the inbox.</summary>
public sealed record InboxMessage(
    string MessageSid, string? Patient, string? Session, string From, string Body, InboundMeaning Meaning, bool RedFlag, int? Rating,
    Instant ReceivedAt, Instant? ReadAt, string? ReadBy)
{
    /// <summary>Neither the number nor the text.</summary>
    public override string ToString() => MessageSid;

    internal static InboxMessage Of(InboundMessageRow row) => new(
        row.MessageSid, row.PatientId, row.SessionId, row.Sender, row.Body, row.Meaning, row.RedFlag, row.Rating, row.ReceivedAt, row.ReadAt, row.ReadBy);
}
