using FollowUp.Core.Replies;
using FollowUp.Data.Alerts;
using FollowUp.Data.Context;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Inbox;

/// <summary>Texts from patients, and what they do.</summary>
public sealed class InboundStore
{
    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal InboundStore(Store store, PatientSessions sessions, SendRules rules, IClock clock) =>
        (_store, _sessions, _rules, _clock) = (store, sessions, rules, clock);

    /// <summary>
    /// Stores a text and does, in the same transaction, all that follows from it: consents, the session, answers, alerts. The same message
    /// twice changes nothing the second time.
    /// </summary>
    public Task<ReceivedNews> ReceiveAsync(ReceivedText text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _store.WriteAsync(async db =>
        {
            if (await db.InboundMessages.FindAsync([text.MessageSid], cancellation) is not null)
            {
                return ReceivedNews.None;
            }

            var now = _clock.GetCurrentInstant();
            var from = await Correspondent.FindAsync(db, _rules, text, now, cancellation);
            var reading = ReplyReader.Read(text.Body, from.Asked, from.Candidates.Select(candidate => candidate.FirstName));
            if (text.TakenByTwilio is { } taken)
            {
                reading = reading with { Kind = taken, AnsweredByTwilio = true };
            }

            if (!from.HasOptedOut && reading.UnlessOptedOut is { } meant)
            {
                reading = meant;
            }

            var reply = new ReplyEffects(db, _rules, text, from, reading, now);
            var raisedAgain = await TakeAsync(db, reply, reading, text, from, now, cancellation);
            var concerned = reply.Concerned.Concat(await ReachableAsync(db, text.From, now, cancellation))
                .DistinctBy(patient => (patient.ClinicId, patient.Id)).ToList();
            await db.SaveChangesAsync(cancellation);
            List<ChangedSession> changed = [];
            foreach (var patient in concerned)
            {
                changed.AddRange(await _sessions.RefreshPatientAsync(db, patient.ClinicId, patient.Id, now, cancellation));
            }

            var alerted = reply.Alerted.Union(raisedAgain, StringComparer.Ordinal).ToList();
            return new ReceivedNews(changed, reply.Answers, alerted)
            {
                OptsOut = reading.Kind == ReplyKind.OptOut,
                Concerned = [.. alerted.Union(db.InboundCopies.Local.Select(copy => copy.ClinicId)).Union(concerned.Select(patient => patient.ClinicId))],
            };
        }, cancellation);
    }

    /// <summary>
    /// STOP, START, HELP and "wrong number" are anybody's to say. Otherwise a number that only staff have speaks for staff; one that is a
    /// patient's too does so only to say that they have the alert which they were just told of.
    /// </summary>
    /// <returns>Clinics that must be told of something that came in since their staff were told.</returns>
    private static async Task<IReadOnlyList<string>> TakeAsync(
        FollowUpContext db, ReplyEffects reply, ReplyReading reading, ReceivedText text, Correspondent from, Instant now, CancellationToken cancellation)
    {
        var isPatients = from.Candidates.Count > 0;
        var acknowledges = from.Staff.IsAcknowledgement(text.Body, isPatients, from.LastTextedAt);
        var raisedAgain = acknowledges ? await from.Staff.AcknowledgeAsync(db, text.From, from.Sender, now, cancellation) : [];
        var isAnybodys = reading.Kind is ReplyKind.OptOut or ReplyKind.OptIn or ReplyKind.Help or ReplyKind.WrongNumber;
        if (!isAnybodys && from.Staff.Clinics.Count > 0 && (acknowledges || !isPatients))
        {
            reply.TakeFromStaff(wantsReader: !acknowledges);
        }
        else
        {
            await reply.TakeAsync(cancellation);
        }

        return raisedAgain;
    }

    /// <summary>A text from a number gets there, whatever a carrier said of texts to it.</summary>
    /// <returns>Everybody whose texts that brings back.</returns>
    private static async Task<IReadOnlyList<PatientRow>> ReachableAsync(FollowUpContext db, string phone, Instant now, CancellationToken cancellation)
    {
        if (!await NumberMarks.LiftAsync(db, phone, NumberMarkRow.EverySender, NumberMark.Unreachable, cancellation))
        {
            return [];
        }

        var patients = await db.Patients.Where(row => row.Phone == phone).ToListAsync(cancellation);
        foreach (var patient in patients)
        {
            await AlertLog.SettleUnreachableAsync(db, patient, now, cancellation);
        }

        return patients;
    }
}
