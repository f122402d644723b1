using FollowUp.Core.Replies;
using FollowUp.Core.Timelines;
using FollowUp.Data.Alerts;
using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Inbox;

/// <summary>What one text does, in the transaction that stores it.</summary>
internal sealed class ReplyEffects(
    FollowUpContext db, SendRules rules, ReceivedText text, Correspondent from, ReplyReading reading, Instant now)
{
    private const string Actor = "patient";
    private const int LowRating = 2;

    /// <summary>The confirmation of an opt-out may follow within five minutes, and no later (47 CFR 64.1200(a)(12)).</summary>
    private static readonly Duration ConfirmWithin = Duration.FromMinutes(5);

    private static readonly Duration AnswerWithin = Duration.FromHours(1);

    private readonly List<DirectMessageKey> _answers = [];
    private readonly HashSet<string> _alerted = new(StringComparer.Ordinal);

    public IReadOnlyList<DirectMessageKey> Answers => _answers;

    public IReadOnlyList<string> Alerted => [.. _alerted];

    /// <summary>Patients whose sessions must be computed again.</summary>
    public IReadOnlyList<PatientRow> Concerned { get; private set; } = [];

    /// <summary>A member of staff has answered an alert.</summary>
    public async Task TakeFromStaffAsync(IReadOnlyList<string> clinics, CancellationToken cancellation)
    {
        foreach (var clinic in clinics)
        {
            await AlertLog.AcknowledgeByTextAsync(db, clinic, "staff text", now, cancellation);
        }

        Keep(InboundMeaning.Staff, clinics[0], wantsReader: false);
    }

    public async Task TakeAsync(CancellationToken cancellation)
    {
        Concerned = from.Patient is { } patient ? [patient] : from.Candidates;
        var hasOptedOut = (await NumberMarks.FindAsync(db, text.From, rules.ScopeOfStop(from.Sender), cancellation)).Contains(NumberMark.OptedOut);
        if (!hasOptedOut && reading.UnlessOptedOut is { } meant)
        {
            reading = meant;
        }

        var wantsReader = reading.RedFlag;
        switch (reading.Kind)
        {
            case ReplyKind.OptOut:
                await OptOutAsync(isNews: !hasOptedOut, cancellation);

                // Whatever more such a text holds, or if it is none after all, a human sees it.
                if (!reading.IsOnlyThat && !reading.AnsweredByTwilio)
                {
                    wantsReader = true;
                    await AlertInboxAsync(cancellation);
                }

                break;
            case ReplyKind.OptIn:
                Concerned = await ConsentHistory.LiftNumberAsync(db, rules, text.From, from.Sender, text.MessageSid, now, cancellation);
                if (Concerned.Count > 0)
                {
                    await AnswerAsync(AnswerKind.OptInConfirmed, AnswerWithin, cancellation);
                }
                else if (!reading.AnsweredByTwilio)
                {
                    wantsReader = true;
                    await AlertInboxAsync(cancellation);
                }

                break;
            case ReplyKind.AutoReply:
                break; // nobody has written it
            case ReplyKind.WrongNumber:
                wantsReader = true;
                await NumberMarks.AddAsync(db, text.From, NumberMarkRow.EverySender, NumberMark.WrongNumber, text.MessageSid, now, cancellation);
                Concerned = await db.Patients.Where(row => row.Phone == text.From).ToListAsync(cancellation);
                await AlertAsync(AlertKind.WrongNumber, cancellation);
                break;
            case ReplyKind.Help:
                await AnswerAsync(AnswerKind.Help, AnswerWithin, cancellation);
                break;
            case ReplyKind.Confirm when from.Session is { } session:
                await ConfirmAsync(session, cancellation);
                break;
            case ReplyKind.Cancel when from.Session is { } session:
                await CancelAsync(session, cancellation);
                break;
            case ReplyKind.Confirm or ReplyKind.Cancel or ReplyKind.Reschedule:
                wantsReader = true;
                await AlertAsync(from.Patient is null ? AlertKind.UnclearPatient : AlertKind.Reschedule, cancellation);
                await AnswerAsync(AnswerKind.Reschedule, AnswerWithin, cancellation);
                break;
            case ReplyKind.CheckIn when from.Patient is not null && reading.Rating > LowRating:
                break;
            case ReplyKind.CheckIn when from.Patient is not null:
                wantsReader = true;
                await AlertAsync(AlertKind.LowRating, cancellation);
                await AnswerAsync(AnswerKind.Call, AnswerWithin, cancellation);
                break;
            default:
                wantsReader = true;
                await AlertInboxAsync(cancellation);
                break;
        }

        if (reading.RedFlag)
        {
            await FlagAsync(cancellation);
        }

        Keep(MeaningOf(reading.Kind), from.Clinic?.Id, wantsReader);
    }

    private async Task OptOutAsync(bool isNews, CancellationToken cancellation)
    {
        Concerned = await ConsentHistory.WithdrawNumberAsync(
            db, rules, text.From, from.Sender, ConsentSource.Patient, text.MessageSid, now, cancellation);

        // One confirmation, however often the patient says it.
        if (isNews)
        {
            await AnswerAsync(AnswerKind.OptOutConfirmed, ConfirmWithin, cancellation);
        }
    }

    private async Task ConfirmAsync(SessionRow session, CancellationToken cancellation)
    {
        if (session.ConfirmedAt is null)
        {
            session.ConfirmedAt = now;
            Audit(session, "session-confirmed");
            await AnswerAsync(AnswerKind.Confirmed, AnswerWithin, cancellation);
        }
    }

    private async Task CancelAsync(SessionRow session, CancellationToken cancellation)
    {
        session.Outcome = SessionOutcome.Cancelled;
        session.OutcomeAt = now;
        session.Touch(now);
        Audit(session, "session-cancelled");
        await AlertAsync(AlertKind.CancelledByPatient, cancellation);
        await AnswerAsync(AnswerKind.Cancelled, AnswerWithin, cancellation);
    }

    /// <summary>Whatever else the text says: staff of everybody that it may be about learn at once, and the patient is asked to call.</summary>
    private async Task FlagAsync(CancellationToken cancellation)
    {
        foreach (var clinic in from.ConcernedClinics)
        {
            await RaiseAsync(clinic, AlertKind.RedFlag, cancellation);
        }

        if (reading.Kind != ReplyKind.WrongNumber)
        {
            await AnswerAsync(AnswerKind.Call, AnswerWithin, cancellation);
        }
    }

    /// <summary>Staff learn that there is something to read, unless a flag says so anyway.</summary>
    private Task AlertInboxAsync(CancellationToken cancellation) =>
        reading.RedFlag ? Task.CompletedTask
            : AlertAsync(from.Patient is null && from.Candidates.Count > 1 ? AlertKind.UnclearPatient : AlertKind.Inbox, cancellation);

    private Task AlertAsync(AlertKind kind, CancellationToken cancellation) =>
        from.Clinic is { } clinic ? RaiseAsync(clinic.Id, kind, cancellation) : Task.CompletedTask;

    private async Task RaiseAsync(string clinic, AlertKind kind, CancellationToken cancellation)
    {
        _alerted.Add(clinic);
        await AlertLog.RaiseAsync(db, new Alert(clinic, kind, $"{EnumText.Of(kind)}:{text.MessageSid}")
        {
            Patient = from.Patient?.ClinicId == clinic ? from.Patient.Id : null,
            Session = from.Session?.ClinicId == clinic ? from.Session.Id : null,
            InboundSid = text.MessageSid,
        }, now, cancellation);
    }

    /// <summary>
    /// Answers the text, once, unless Twilio has done so, or nobody knows who is written to. A text that may be about a symptom gets the one
    /// answer that matters.
    /// </summary>
    private async Task AnswerAsync(AnswerKind kind, Duration within, CancellationToken cancellation)
    {
        if (reading.AnsweredByTwilio || (reading.RedFlag && kind != AnswerKind.Call) || from.Clinic is not { } clinic || from.Candidates.Count == 0)
        {
            return;
        }

        var language = from.Patient?.Language ?? from.Candidates[0].Language;
        var body = Core.Replies.Answers.Render(
            kind, [reading.Language, language, .. clinic.Languages], clinic.Name, clinic.Phone, clinic.EmergencyNumber);
        var key = new DirectMessageKey(clinic.Id, $"in-{text.MessageSid}-{EnumText.Of(kind)}");
        var message = new NewDirectMessage(key, EnumText.Parse<DirectMessageKind>(EnumText.Of(kind)), text.From, body, within)
        {
            Patient = from.Patient?.Id,
            InboundSid = text.MessageSid,
        };
        if (await DirectMessages.EnqueueAsync(db, message, now, cancellation) is { } added)
        {
            _answers.Add(added);
        }
    }

    private void Keep(InboundMeaning meaning, string? clinic, bool wantsReader) => db.InboundMessages.Add(new InboundMessageRow
    {
        MessageSid = text.MessageSid,
        Sender = text.From,
        Recipient = text.To,
        Body = text.Body,
        Meaning = meaning,
        RedFlag = reading.RedFlag && meaning != InboundMeaning.Staff,
        Rating = meaning == InboundMeaning.CheckIn ? reading.Rating : null,
        ClinicId = clinic,
        PatientId = from.Patient?.Id,
        SessionId = from.Session?.Id,
        WantsReader = wantsReader,
        ReceivedAt = now,
    });

    private void Audit(SessionRow session, string action) =>
        db.Audit.Add(new AuditRow { ClinicId = session.ClinicId, At = now, Actor = Actor, Action = action, Subject = session.Id });

    private static InboundMeaning MeaningOf(ReplyKind kind) => EnumText.Parse<InboundMeaning>(EnumText.Of(kind));
}
