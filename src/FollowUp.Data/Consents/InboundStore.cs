using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Consents;

/// <summary>Texts from patients, and what they do to consents.</summary>
public sealed class InboundStore
{
    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal InboundStore(Store store, PatientSessions sessions, SendRules rules, IClock clock) =>
        (_store, _sessions, _rules, _clock) = (store, sessions, rules, clock);

    /// <summary>
    /// Stores a text and, in the same transaction, ends or restores the consents of everybody on its number, and what waits for no answer only.
    /// The same message twice changes nothing the second time.
    /// </summary>
    /// <returns>The sessions whose orchestrations must look again.</returns>
    public Task<IReadOnlyList<ChangedSession>> ReceiveAsync(
        string messageSid, string sender, string recipient, string body, InboundMeaning meaning, CancellationToken cancellation) =>
        _store.WriteAsync<IReadOnlyList<ChangedSession>>(async db =>
        {
            if (await db.InboundMessages.FindAsync([messageSid], cancellation) is not null)
            {
                return [];
            }

            var now = _clock.GetCurrentInstant();
            db.InboundMessages.Add(new InboundMessageRow
            {
                MessageSid = messageSid,
                Sender = sender,
                Recipient = recipient,
                Body = body,
                Meaning = meaning,
                ReceivedAt = now,
            });

            var patients = meaning switch
            {
                InboundMeaning.OptOut => await ConsentHistory.WithdrawNumberAsync(db, _rules, sender, null, ConsentSource.Patient, messageSid, now, cancellation),
                InboundMeaning.OptIn => await ConsentHistory.LiftNumberAsync(db, _rules, sender, null, messageSid, now, cancellation),
                _ => await db.Patients.Where(row => row.Phone == sender).ToListAsync(cancellation),
            };
            await db.SaveChangesAsync(cancellation);

            var affected = new List<ChangedSession>();
            foreach (var patient in patients)
            {
                affected.AddRange(await _sessions.RefreshPatientAsync(db, patient.ClinicId, patient.Id, now, cancellation));
            }

            return affected;
        }, cancellation);
}
