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

    private readonly AutomaticAnswers _answers = new(db, text, from, reading, now);
    private readonly HashSet<string> _alerted = new(StringComparer.Ordinal);

    public IReadOnlyList<DirectMessageKey> Answers => _answers.Added;

    public IReadOnlyList<string> Alerted => [.. _alerted];

    /// <summary>Patients whose sessions must be computed again.</summary>
    public IReadOnlyList<PatientRow> Concerned { get; private set; } = [];

    /// <summary>
    /// A member of staff has written. It raises no alert, red flag or not: their phones get the alerts, and one that replies by itself would
    /// raise the next with every one.
    /// </summary>
    /// <param name="wantsReader">It says something else than that they have an alert.</param>
    public void TakeFromStaff(bool wantsReader) => Keep(InboundMeaning.Staff, from.Staff.Clinics, wantsReader);

    public async Task TakeAsync(CancellationToken cancellation)
    {
        Concerned = from.Patient is { } patient && !reading.RedFlag ? [patient] : from.Candidates;
        var wantsReader = reading.RedFlag;
        switch (reading.Kind)
        {
            case ReplyKind.OptOut:
                await OptOutAsync(cancellation);

                // Whatever more such a text holds, or if it is none after all, a human sees it.
                if (!reading.IsOnlyThat && !reading.AnsweredByTwilio)
                {
                    wantsReader = true;
                    await AlertInboxAsync(cancellation);
                }

                break;
            case ReplyKind.OptIn:
                Concerned = await ConsentHistory.LiftNumberAsync(db, rules, text.From, from.StopSender, text.MessageSid, now, cancellation);
                if (Concerned.Count > 0)
                {
                    await _answers.AnswerAsync(AnswerKind.OptInConfirmed, AnswerWithin, cancellation);
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
                await WrongNumberAsync(cancellation);
                break;
            case ReplyKind.Help:
                await _answers.AnswerAsync(AnswerKind.Help, AnswerWithin, cancellation);
                break;
            case ReplyKind.Confirm when from.Session is { } session:
                await ConfirmAsync(session, cancellation);
                break;
            case ReplyKind.Cancel when from.Session is { } session:
                await CancelAsync(session, cancellation);
                break;
            case ReplyKind.Confirm or ReplyKind.Cancel or ReplyKind.Reschedule:
                wantsReader = true;
                await AlertReadersAsync(from.Patient is null ? AlertKind.UnclearPatient : AlertKind.Reschedule, cancellation);
                await _answers.AnswerAsync(AnswerKind.Reschedule, AnswerWithin, cancellation);
                break;
            case ReplyKind.CheckIn when from.Patient is not null && reading.Rating > LowRating:
                break;
            case ReplyKind.CheckIn when from.Patient is not null:
                wantsReader = true;
                await AlertReadersAsync(AlertKind.LowRating, cancellation);
                await _answers.AnswerAsync(AnswerKind.Call, AnswerWithin, cancellation);
                break;
            default:
                wantsReader = true;
                await AlertInboxAsync(cancellation);
                break;
        }

        // Whoever is alerted can read it.
        IEnumerable<string> copies = wantsReader || from.Candidates.Count > 0 ? from.Readers : [];
        Keep(MeaningOf(reading.Kind), [.. copies.Concat(reading.RedFlag ? from.Concerned : []).Concat(_alerted).Distinct(StringComparer.Ordinal)], wantsReader);
        if (reading.RedFlag)
        {
            await FlagAsync(cancellation);
        }
    }

    private async Task OptOutAsync(CancellationToken cancellation)
    {
        Concerned = await ConsentHistory.WithdrawNumberAsync(
            db, rules, text.From, from.StopSender, ConsentSource.Patient, text.MessageSid, now, cancellation);

        // One confirmation, however often the patient says it.
        if (!from.HasOptedOut)
        {
            await _answers.AnswerAsync(AnswerKind.OptOutConfirmed, ConfirmWithin, cancellation);
        }
    }

    /// <summary>It stops the texts of every clinic that has the number, as a patient's or as that of its staff: all of them must know.</summary>
    private async Task WrongNumberAsync(CancellationToken cancellation)
    {
        await NumberMarks.AddAsync(db, text.From, NumberMarkRow.EverySender, NumberMark.WrongNumber, text.MessageSid, now, cancellation);
        Concerned = await db.Patients.Where(row => row.Phone == text.From).ToListAsync(cancellation);
        foreach (var patient in Concerned)
        {
            await RaiseAsync(new Alert(patient.ClinicId, AlertKind.WrongNumber, $"wrong-number:{patient.Id}:{text.MessageSid}") { Patient = patient.Id }, cancellation);
        }

        foreach (var clinic in from.Staff.Clinics)
        {
            await RaiseAsync(new Alert(clinic, AlertKind.WrongNumber, $"wrong-number:{text.MessageSid}") { Detail = "a number in the clinic's staffAlerts" }, cancellation);
        }

        if (_alerted.Count == 0)
        {
            await AlertReadersAsync(AlertKind.WrongNumber, cancellation);
        }
    }

    private async Task ConfirmAsync(SessionRow session, CancellationToken cancellation)
    {
        if (session.ConfirmedAt is null)
        {
            session.ConfirmedAt = now;
            Audit(session, "session-confirmed");
            await _answers.AnswerAsync(AnswerKind.Confirmed, AnswerWithin, cancellation);
        }
    }

    private async Task CancelAsync(SessionRow session, CancellationToken cancellation)
    {
        session.Outcome = SessionOutcome.Cancelled;
        session.OutcomeAt = now;
        session.Touch(now);
        Audit(session, "session-cancelled");
        await AlertReadersAsync(AlertKind.CancelledByPatient, cancellation);
        await _answers.AnswerAsync(AnswerKind.Cancelled, AnswerWithin, cancellation);
    }

    /// <summary>Whatever else the text says: staff of everybody that it may be about learn at once, and whoever wrote it is asked to call.</summary>
    private async Task FlagAsync(CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        foreach (var copy in db.InboundCopies.Local.Where(copy => copy.MessageSid == text.MessageSid && from.Concerned.Contains(copy.ClinicId)).ToList())
        {
            await RedFlags.RaiseAsync(db, copy, text.From, now, cancellation);
            _alerted.Add(copy.ClinicId);
        }

        if (reading.Kind != ReplyKind.WrongNumber)
        {
            await _answers.AnswerAsync(AnswerKind.Call, AnswerWithin, cancellation);
        }
    }

    /// <summary>Staff learn that there is something to read, unless a flag says so anyway.</summary>
    private Task AlertInboxAsync(CancellationToken cancellation) =>
        reading.RedFlag ? Task.CompletedTask
            : AlertReadersAsync(from.Patient is null && from.Candidates.Count > 1 ? AlertKind.UnclearPatient : AlertKind.Inbox, cancellation);

    private async Task AlertReadersAsync(AlertKind kind, CancellationToken cancellation)
    {
        foreach (var clinic in from.Readers)
        {
            await RaiseAsync(new Alert(clinic, kind, $"{EnumText.Of(kind)}:{text.MessageSid}")
            {
                Patient = from.PatientAt(clinic)?.Id,
                Session = from.Session?.ClinicId == clinic ? from.Session.Id : null,
            }, cancellation);
        }
    }

    private async Task RaiseAsync(Alert alert, CancellationToken cancellation)
    {
        _alerted.Add(alert.Clinic);
        await AlertLog.RaiseAsync(db, alert with { InboundSid = text.MessageSid }, now, cancellation);
    }

    /// <param name="clinics">Who gets a copy.</param>
    private void Keep(InboundMeaning meaning, IReadOnlyList<string> clinics, bool wantsReader)
    {
        db.InboundMessages.Add(new InboundMessageRow
        {
            MessageSid = text.MessageSid,
            Sender = text.From,
            Recipient = text.To,
            Body = text.Body,
            Meaning = meaning,
            RedFlag = reading.RedFlag && meaning != InboundMeaning.Staff,
            Rating = meaning == InboundMeaning.CheckIn ? reading.Rating : null,
            ReceivedAt = now,
        });
        foreach (var clinic in clinics)
        {
            db.InboundCopies.Add(new InboundCopyRow
            {
                ClinicId = clinic,
                MessageSid = text.MessageSid,
                PatientId = meaning == InboundMeaning.Staff ? null : from.PatientAt(clinic)?.Id,
                SessionId = from.Session?.ClinicId == clinic ? from.Session.Id : null,
                WantsReader = wantsReader,
                ReceivedAt = now,
            });
        }
    }

    private void Audit(SessionRow session, string action) =>
        db.Audit.Add(new AuditRow { ClinicId = session.ClinicId, At = now, Actor = Actor, Action = action, Subject = session.Id });

    private static InboundMeaning MeaningOf(ReplyKind kind) => EnumText.Parse<InboundMeaning>(EnumText.Of(kind));
}
