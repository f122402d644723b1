using FollowUp.Core.Timelines;
using FollowUp.Data.Alerts;
using FollowUp.Data.Consents;
using FollowUp.Data.Context;
using FollowUp.Data.Ledger;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Senders;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Delivery;

/// <summary>
/// What follows when Twilio or a carrier did not deliver a text: whom it concerns, who learns of it, and whether it is sent again. In the
/// transaction that takes in the failure, so that none is forgotten.
/// </summary>
internal sealed class FailureConsequences(PatientSessions sessions, SendRules rules)
{
    /// <summary>Draws the consequences for a row that has just become <see cref="StepState.Undelivered"/>.</summary>
    /// <param name="session">What is known of the session of a step.</param>
    /// <returns>Sessions whose orchestrations must look again.</returns>
    public async Task<IReadOnlyList<ChangedSession>> DrawAsync(
        FollowUpContext db, IAttempt row, string recipient, SessionTruth? session, Instant now, CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        var sender = row.Sender ?? rules.DefaultSender;
        if (row is DirectMessageRow { Kind: DirectMessageKind.Call })
        {
            await AlertUndeliveredAsync(db, row, session, now, cancellation);
        }

        switch (row.ErrorCode)
        {
            case TwilioCodes.OptedOut:
                if (row is DirectMessageRow { Kind: not DirectMessageKind.OptOutConfirmed })
                {
                    await AlertUndeliveredAsync(db, row, session, now, cancellation);
                }

                var withdrawn = await ConsentHistory.WithdrawNumberAsync(
                    db, rules, recipient, sender, ConsentSource.Carrier, $"Twilio code {row.ErrorCode}", now, cancellation);
                return await RefreshAsync(db, withdrawn, now, cancellation);

            case var code when TwilioCodes.IsNumberUseless(code):
                await NumberMarks.AddAsync(db, recipient, NumberMarkRow.EverySender, NumberMark.Unreachable, $"Twilio code {code}", now, cancellation);
                var patients = await db.Patients.Where(patient => patient.Phone == recipient).ToListAsync(cancellation);
                foreach (var patient in patients)
                {
                    await AlertLog.RaiseAsync(db, new Alert(patient.ClinicId, AlertKind.NumberUnreachable, AlertLog.UnreachableCause(patient.Id))
                    {
                        Patient = patient.Id,
                        Detail = $"Twilio code {code}",
                    }, now, cancellation);
                }

                // The number may have been changed since the text left: nobody else's alert tells of this one.
                if (!patients.Exists(patient => patient.ClinicId == row.ClinicId && patient.Id == PatientOf(row, session)))
                {
                    await AlertUndeliveredAsync(db, row, session, now, cancellation);
                }

                return await RefreshAsync(db, patients, now, cancellation);

            case TwilioCodes.Filtered:
                await AlertLog.RaiseAsync(db, new Alert(row.ClinicId, AlertKind.SenderFiltered, $"filtered:{sender}")
                {
                    Patient = session?.Patient.Id,
                    Session = session?.Session.Id,
                    Detail = $"Twilio code {row.ErrorCode}",
                }, now, cancellation);
                return [];

            case TwilioCodes.Unreachable when row is StepRow { MessageSid: not null, SentAt: not null } step && session is not null && NextTry(step, session, now) is { } at:
                // Reports come seconds after the text, so that the orchestration may have ended with it: the session is opened again.
                EarlierMessages.Resend(db, step, at);
                return await RefreshAsync(db, [session.Patient], now, cancellation);

            case { } code when TwilioCodes.IsAccountTrouble(code):
                await PauseAsync(db, row, code, reported: true, now, cancellation);
                await AlertUndeliveredAsync(db, row, session, now, cancellation);
                return [];

            default:
                await AlertUndeliveredAsync(db, row, session, now, cancellation);
                return [];
        }
    }

    /// <summary>Twilio or the carriers refuse all texts of the row's sender: nothing is sent from it for now, and its clinics' staff learn of it once.</summary>
    /// <param name="reported">Twilio had taken the text, and reports so.</param>
    /// <returns>When a text may try again.</returns>
    public async Task<Instant> PauseAsync(FollowUpContext db, IAttempt row, int code, bool reported, Instant now, CancellationToken cancellation)
    {
        var sender = row.Sender ?? rules.DefaultSender;
        var (probe, isNew) = await SenderPause.BeginAsync(db, sender, code, row.ClaimedAt ?? now, reported, now, cancellation);
        if (isNew)
        {
            var clinics = await db.Clinics.Where(clinic => (clinic.Sender ?? rules.DefaultSender) == sender).Select(clinic => clinic.Id).ToListAsync(cancellation);
            foreach (var clinic in clinics)
            {
                await AlertLog.RaiseAsync(db, new Alert(clinic, AlertKind.SenderPaused, AlertLog.PauseCause(sender)) { Detail = $"Twilio code {code}" }, now, cancellation);
            }
        }

        return probe;
    }

    /// <summary>A text of the plan will not reach the patient, and no rule of the plan or the patient says so: staff must know.</summary>
    public static async Task AlertUndeliveredAsync(
        FollowUpContext db, IAttempt row, SessionTruth? session, Instant now, CancellationToken cancellation)
    {
        switch (row)
        {
            // An alert about an alert that did not arrive would go the same way; health shows it.
            case DirectMessageRow { Kind: DirectMessageKind.StaffAlert }:
                break;

            case DirectMessageRow { Kind: DirectMessageKind.Call } call:
                await AlertNotAnsweredAsync(db, call, now, cancellation);
                break;

            default:
                var (id, step) = row is StepRow planned ? ($"{planned.SessionId}:{planned.Step}", planned.Step) : ((row as DirectMessageRow)?.Id ?? "", null);
                await AlertLog.RaiseAsync(db, new Alert(row.ClinicId, AlertKind.Undelivered, $"undelivered:{id}")
                {
                    Patient = PatientOf(row, session),
                    Session = session?.Session.Id,
                    Step = step,
                    Detail = DetailOf(row),
                }, now, cancellation);
                break;
        }
    }

    /// <summary>Whoever may have a symptom, and is not told to call, must be called: by any clinic that was alerted to what they wrote.</summary>
    private static async Task AlertNotAnsweredAsync(FollowUpContext db, DirectMessageRow call, Instant now, CancellationToken cancellation)
    {
        var flagged = await db.InboundCopies.Where(copy => copy.MessageSid == call.InboundSid && copy.AlertId != null).ToListAsync(cancellation);
        foreach (var clinic in flagged.Select(copy => copy.ClinicId).Append(call.ClinicId).Distinct(StringComparer.Ordinal))
        {
            await AlertLog.RaiseAsync(db, new Alert(clinic, AlertKind.PatientNotAnswered, $"not-answered:{call.Id}")
            {
                Patient = clinic == call.ClinicId ? call.PatientId : flagged.Find(copy => copy.ClinicId == clinic)?.PatientId,
                InboundSid = call.InboundSid,
                Detail = DetailOf(call),
            }, now, cancellation);
        }
    }

    private static string? DetailOf(IAttempt row) => row.ErrorCode is { } code ? $"Twilio code {code}" : null;

    private static string? PatientOf(IAttempt row, SessionTruth? session) => session?.Patient.Id ?? (row as DirectMessageRow)?.PatientId;

    /// <summary>The same time of the next day on which texts of this kind may arrive, if the text is still of use then.</summary>
    private static Instant? NextTry(StepRow step, SessionTruth session, Instant now)
    {
        if (step.Resends > 0 || session.Session.Outcome == SessionOutcome.Cancelled)
        {
            return null;
        }

        var tomorrow = step.LeftAt.InZone(session.Zone).LocalDateTime.PlusDays(1).InZoneLeniently(session.Zone).ToInstant();
        var next = session.WindowOf(step.Kind).NextAllowed(tomorrow > now ? tomorrow : now, session.Zone);
        return next < step.UsefulUntil ? next : null;
    }

    private async Task<IReadOnlyList<ChangedSession>> RefreshAsync(
        FollowUpContext db, IReadOnlyList<PatientRow> patients, Instant now, CancellationToken cancellation)
    {
        await db.SaveChangesAsync(cancellation);
        List<ChangedSession> changed = [];
        foreach (var patient in patients)
        {
            changed.AddRange(await sessions.RefreshPatientAsync(db, patient.ClinicId, patient.Id, now, cancellation));
        }

        return changed;
    }
}
