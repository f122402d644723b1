using FollowUp.Core.Replies;
using FollowUp.Data.Consents;
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

            // A text from a number gets there, whatever a carrier said of texts to it.
            await NumberMarks.LiftAsync(db, text.From, NumberMarkRow.EverySender, NumberMark.Unreachable, cancellation);

            var reply = new ReplyEffects(db, _rules, text, from, reading, now);
            if (from.Candidates.Count == 0 && await ClinicsOfStaffAsync(db, text.From, cancellation) is { Count: > 0 } clinics && reading.Kind != ReplyKind.OptOut)
            {
                await reply.TakeFromStaffAsync(clinics, cancellation);
            }
            else
            {
                await reply.TakeAsync(cancellation);
            }

            await db.SaveChangesAsync(cancellation);
            List<ChangedSession> changed = [];
            foreach (var patient in reply.Concerned)
            {
                changed.AddRange(await _sessions.RefreshPatientAsync(db, patient.ClinicId, patient.Id, now, cancellation));
            }

            return new ReceivedNews(changed, reply.Answers, reply.Alerted);
        }, cancellation);
    }

    private static async Task<IReadOnlyList<string>> ClinicsOfStaffAsync(FollowUpContext db, string phone, CancellationToken cancellation) =>
        [.. (await db.Clinics.ToListAsync(cancellation)).Where(clinic => clinic.StaffAlerts.Contains(phone)).Select(clinic => clinic.Id)];
}
