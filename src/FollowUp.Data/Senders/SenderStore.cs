using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Senders;

/// <summary>What texts are sent from: numbers and messaging services.</summary>
public sealed class SenderStore
{
    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal SenderStore(Store store, PatientSessions sessions, SendRules rules, IClock clock) =>
        (_store, _sessions, _rules, _clock) = (store, sessions, rules, clock);

    /// <summary>Ends the pause of a clinic's sender, for every clinic that sends from it.</summary>
    /// <returns>Null when there is no such clinic.</returns>
    public Task<SendingResumed?> ResumeAsync(string clinic, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.Clinics.FindAsync([clinic], cancellation) is not { } row)
            {
                return null;
            }

            var now = _clock.GetCurrentInstant();
            var sender = _rules.SenderOf(row);
            if (!await SenderPause.EndByStaffAsync(db, sender, now, cancellation))
            {
                return new SendingResumed(WasPaused: false, [], []);
            }

            db.Audit.Add(new AuditRow { ClinicId = clinic, At = now, Actor = actor, Action = "sending-resumed", Subject = clinic });
            await db.SaveChangesAsync(cancellation);
            List<ChangedSession> affected = [];
            List<DirectMessageKey> texts = [];
            foreach (var other in await db.Clinics
                .Where(other => (other.Sender ?? _rules.DefaultSender) == sender).Select(other => other.Id).ToListAsync(cancellation))
            {
                affected.AddRange(await _sessions.ResumeClinicAsync(db, other, now, cancellation));
                texts.AddRange(await ResumeTextsAsync(db, other, cancellation));
            }

            return new SendingResumed(WasPaused: true, affected, texts);
        }, cancellation);

    /// <summary>Texts outside of a plan that wait for the end of the pause.</summary>
    private static async Task<IEnumerable<DirectMessageKey>> ResumeTextsAsync(FollowUpContext db, string clinic, CancellationToken cancellation)
    {
        var waiting = await db.DirectMessages
            .Where(text => text.ClinicId == clinic && text.State == StepState.Planned && text.SlotAt != null)
            .ToListAsync(cancellation);
        foreach (var text in waiting)
        {
            text.NotBefore = null;
            text.SlotAt = null;
        }

        return waiting.Select(text => new DirectMessageKey(text.ClinicId, text.Id));
    }
}

/// <summary>What the end of a sender's pause has changed.</summary>
/// <param name="WasPaused">Whether there was a pause.</param>
/// <param name="Affected">Sessions whose orchestrations must look again.</param>
/// <param name="Texts">Texts outside of a plan whose orchestrations must look again.</param>
public sealed record SendingResumed(bool WasPaused, IReadOnlyList<ChangedSession> Affected, IReadOnlyList<DirectMessageKey> Texts);
