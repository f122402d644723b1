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
    /// <summary>The longest answer, in characters: three segments of the plain alphabet.</summary>
    public const int LongestReply = 480;

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
            var query = Texts(db, clinic).Where(text => text.Copy!.WantsReader);
            if (unread)
            {
                query = query.Where(text => text.Copy!.ReadAt == null);
            }

            if (before is var (at, sid))
            {
                query = query.Where(text => text.Copy!.ReceivedAt < at || (text.Copy!.ReceivedAt == at && string.Compare(text.Copy!.MessageSid, sid) < 0));
            }

            var rows = await query
                .OrderByDescending(text => text.Copy!.ReceivedAt).ThenByDescending(text => text.Copy!.MessageSid).Take(limit)
                .ToListAsync(cancellation);
            return [.. rows.Select(InboxMessage.Of)];
        }, cancellation);

    /// <summary>A text that the clinic has a copy of; null when it has none.</summary>
    public Task<InboxMessage?> FindAsync(string clinic, string messageSid, CancellationToken cancellation) =>
        _store.ReadAsync(async db => await FindAsync(db, clinic, messageSid, cancellation) is { } text ? InboxMessage.Of(text) : null, cancellation);

    /// <summary>Somebody has read a text: its alerts are settled, and prompts that waited for it go on. Doing it twice changes nothing.</summary>
    /// <param name="by">Who, in the clinic's words.</param>
    public Task<InboxResult> ReadAsync(string clinic, string messageSid, string by, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await FindAsync(db, clinic, messageSid, cancellation) is not { } row)
            {
                return InboxResult.Unknown;
            }

            var changed = await ReadAsync(db, row, by, actor, cancellation);
            return new InboxResult(InboxVerdict.Done, InboxMessage.Of(row), changed, null);
        }, cancellation);

    /// <summary>
    /// Answers a text in a clinic's own words, and has it read thereby. The same words to the same text are one reply, unless the first has surely
    /// not arrived.
    /// </summary>
    /// <param name="seen">Whether the text was read, and when, as the caller has it: an answer that somebody else has given since is not given twice in other words. Null when the caller does not say.</param>
    public Task<InboxResult> ReplyAsync(
        string clinic, string messageSid, string text, string by, string actor, CancellationToken cancellation, SeenText? seen = null) =>
        _store.WriteAsync(async db =>
        {
            if (await FindAsync(db, clinic, messageSid, cancellation) is not { } row)
            {
                return InboxResult.Unknown;
            }

            var sent = await StaffReplies.LastAsync(db, clinic, messageSid, text, cancellation);
            if (sent is not null && !StaffReplies.HasSurelyFailed(sent))
            {
                return new InboxResult(StaffReplies.MayHaveArrived(sent) ? InboxVerdict.MayHaveArrived : InboxVerdict.SentAlready, InboxMessage.Of(row), [], null);
            }

            if (seen is not null && seen.ReadAt != row.Copy!.ReadAt)
            {
                return new InboxResult(InboxVerdict.ReadSince, InboxMessage.Of(row), [], null);
            }

            if (row.Copy!.PatientId is { } patient && (await db.Patients.FindAsync([clinic, patient], cancellation))?.Phone != row.Message.Sender)
            {
                return new InboxResult(InboxVerdict.NumberChanged, InboxMessage.Of(row), [], null);
            }

            var owner = (await db.Clinics.FindAsync([clinic], cancellation))!;
            if (owner.StaffAlerts.Count == 0 && !_rules.ClinicsWithoutAlerts)
            {
                return new InboxResult(InboxVerdict.NobodyToAlert, InboxMessage.Of(row), [], null);
            }

            var marks = await NumberMarks.FindAsync(db, row.Message.Sender, _rules.SenderOf(owner), cancellation);
            if (marks.Contains(NumberMark.OptedOut) || marks.Contains(NumberMark.WrongNumber))
            {
                return new InboxResult(InboxVerdict.MayNotReply, InboxMessage.Of(row), [], null);
            }

            var now = _clock.GetCurrentInstant();
            var message = new NewDirectMessage(
                new DirectMessageKey(clinic, StaffReplies.NextId(messageSid, text, sent)), DirectMessageKind.StaffReply, row.Message.Sender, text, ReplyWithin)
            {
                Patient = row.Copy!.PatientId,
                InboundSid = messageSid,
            };
            var added = await DirectMessages.EnqueueAsync(db, message, now, cancellation);
            db.Audit.Add(new AuditRow { ClinicId = clinic, At = now, Actor = actor, Action = "message-answered", Subject = messageSid });
            var changed = await ReadAsync(db, row, by, actor, cancellation);
            return new InboxResult(InboxVerdict.Done, InboxMessage.Of(row), changed, added);
        }, cancellation);

    /// <summary>The clinic's own copy is read: another clinic's still waits.</summary>
    private async Task<IReadOnlyList<ChangedSession>> ReadAsync(
        FollowUpContext db, InboundText text, string by, string actor, CancellationToken cancellation)
    {
        var copy = text.Copy!;
        if (copy.ReadAt is not null)
        {
            return [];
        }

        var now = _clock.GetCurrentInstant();
        copy.ReadAt = now;
        copy.ReadBy = by;
        db.Audit.Add(new AuditRow { ClinicId = copy.ClinicId, At = now, Actor = actor, Action = "message-read", Subject = copy.MessageSid });
        await AlertLog.AcknowledgeMessageAsync(db, copy, by, actor, now, cancellation);
        await db.SaveChangesAsync(cancellation);

        // One that could be anybody's on the number has held the prompts of all of them.
        var patients = await db.Patients
            .Where(row => row.ClinicId == copy.ClinicId && (copy.PatientId == null ? row.Phone == text.Message.Sender : row.Id == copy.PatientId))
            .ToListAsync(cancellation);
        List<ChangedSession> changed = [];
        foreach (var patient in patients)
        {
            changed.AddRange(await _sessions.RefreshPatientAsync(db, patient.ClinicId, patient.Id, now, cancellation));
        }

        return changed;
    }

    /// <summary>Any text that the clinic has a copy of, so that whoever was alerted to one can answer it.</summary>
    private static Task<InboundText?> FindAsync(FollowUpContext db, string clinic, string messageSid, CancellationToken cancellation) =>
        Texts(db, clinic).Where(text => text.Copy!.MessageSid == messageSid).SingleOrDefaultAsync(cancellation);

    private static IQueryable<InboundText> Texts(FollowUpContext db, string clinic) =>
        db.InboundCopies.Where(copy => copy.ClinicId == clinic)
            .Join(db.InboundMessages, copy => copy.MessageSid, message => message.MessageSid, (copy, message) => new InboundText { Message = message, Copy = copy });
}

public enum InboxVerdict
{
    Done,
    Unknown,

    /// <summary>The number has opted out, or is somebody else's.</summary>
    MayNotReply,

    /// <summary>The same words were sent to the same text already, and are on their way or have arrived.</summary>
    SentAlready,

    /// <summary>The same words were sent already; they were not reported as delivered, and may have arrived all the same.</summary>
    MayHaveArrived,

    /// <summary>Somebody has read or answered the text since the caller looked.</summary>
    ReadSince,

    /// <summary>The patient has another number now: an answer would go to the old one.</summary>
    NumberChanged,

    /// <summary>Nothing of the clinic goes to the real Twilio before it has named somebody to alert.</summary>
    NobodyToAlert,
}

/// <summary>What a caller has seen of a text.</summary>
/// <param name="ReadAt">When somebody had read it; null when nobody had.</param>
public sealed record SeenText(Instant? ReadAt);

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

    internal static InboxMessage Of(InboundText text) => new(
        text.Message.MessageSid, text.Copy!.PatientId, text.Copy!.SessionId, text.Message.Sender, text.Message.Body, text.Message.Meaning,
        text.Message.RedFlag, text.Message.Rating, text.Message.ReceivedAt, text.Copy!.ReadAt, text.Copy!.ReadBy);
}
