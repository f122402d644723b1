using FollowUp.Data.Concurrency;
using FollowUp.Data.Context;
using FollowUp.Data.Direct;
using FollowUp.Data.Imports;
using FollowUp.Data.Inbox;
using FollowUp.Data.Numbers;
using FollowUp.Data.Planning;
using FollowUp.Data.Rows;
using FollowUp.Data.Webhooks;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Patients;

/// <summary>
/// Erases patients: names, numbers and texts go, counts and ids stay. What a number has said of itself (a STOP above all) stays too, under a
/// keyed hash, so that the number is not texted again if the patient, or somebody else, is booked on it later.
/// </summary>
public sealed class PatientErasure
{
    /// <summary>Who has settled the open alerts about an erased patient: there is nothing left to look up.</summary>
    internal const string ByErasure = "erasure";

    private readonly Store _store;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal PatientErasure(Store store, SendRules rules, IClock clock) => (_store, _rules, _clock) = (store, rules, clock);

    /// <summary>
    /// Erases a patient in one transaction, and then the traces that the database itself keeps. A send that is under way finds no row to record its
    /// outcome on, and brings nothing back.
    /// </summary>
    /// <returns>Null when the clinic has no such patient.</returns>
    /// <exception cref="PreconditionFailedException">The patient is not as the caller believes.</exception>
    public async Task<Erased?> EraseAsync(
        string clinic, string patient, string actor, CancellationToken cancellation, Precondition? precondition = null)
    {
        var erased = await _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            if (await PatientFile.LoadAsync(db, clinic, patient, cancellation) is not { } file)
            {
                return null;
            }

            precondition?.Require((await PatientStore.ViewAsync(db, file.Patient, _rules, cancellation)).Tag);
            await KeepOptOutAsync(db, file.Patient, now, cancellation);
            var (inbound, direct) = await FindTextsAsync(db, file, cancellation);
            await SettleAlertsAsync(db, file, inbound, now, cancellation);
            await DeleteAsync(db, file, inbound, direct, cancellation);
            await ImportStore.ForgetPatientAsync(db, clinic, patient, cancellation);
            await WebhookFeedStore.ForgetPatientAsync(db, clinic, patient, cancellation);
            db.Erasures.Add(new ErasureRow
            {
                ClinicId = clinic,
                At = now,
                Actor = actor,
                Sessions = file.Sessions.Count,
                TextsSent = file.Steps.Count(row => row.HasLeft) + file.Earlier.Count + direct.Count(row => row.Kind != DirectMessageKind.StaffAlert && row.MessageSid is not null),
                TextsReceived = inbound.Count,
            });
            db.Audit.Add(new AuditRow { ClinicId = clinic, At = now, Actor = actor, Action = "patient-erased", Subject = patient });
            return new Erased(
                [.. file.Sessions.Select(row => row.Key.InstanceId), .. direct.Select(row => new DirectMessageKey(row.ClinicId, row.Id).InstanceId)]);
        }, cancellation);

        // The transaction is committed: from here on nothing is cancelled.
        return erased is null ? null : erased with { TracesGone = await _store.RemoveTracesAsync(CancellationToken.None) };
    }

    /// <summary>A no that came before there were marks of numbers stands in the history alone, which goes now.</summary>
    private async Task KeepOptOutAsync(FollowUpContext db, PatientRow patient, Instant now, CancellationToken cancellation)
    {
        if ((await ConsentState.LoadAsync(db, patient, cancellation)).OptedOut)
        {
            var sender = _rules.SenderOf(await db.Clinics.SingleAsync(row => row.Id == patient.ClinicId, cancellation));
            await NumberMarks.AddAsync(db, patient.Phone, _rules.ScopeOfStop(sender), NumberMark.OptedOut, reason: null, now, cancellation);
        }
    }

    /// <summary>
    /// The patient's texts, and all that is left at the clinic of their present and former numbers, as far as nobody else has these: what came
    /// from there without anybody to ascribe it to, and the answers to it. What another clinic has of a number is that clinic's.
    /// </summary>
    private static async Task<(List<InboundText> Inbound, List<DirectMessageRow> Direct)> FindTextsAsync(
        FollowUpContext db, PatientFile file, CancellationToken cancellation)
    {
        List<string> numbers = [];
        var known = file.Steps.Select(row => row.Recipient).OfType<string>()
            .Concat(file.Direct.Select(row => row.Recipient)).Concat(file.Inbound.Select(text => text.Message.Sender)).Append(file.Patient.Phone);
        foreach (var number in known.Distinct(StringComparer.Ordinal))
        {
            if (!await PatientFile.IsOthersAsync(db, file.Patient, number, cancellation))
            {
                numbers.Add(number);
            }
        }

        var (clinic, patient) = (file.Patient.ClinicId, file.Patient.Id);
        var inbound = await PatientFile.TextsAsync(db, file.Patient, numbers, cancellation);
        var sids = inbound.Select(text => text.Message.MessageSid).ToList();
        var direct = await db.DirectMessages
            .Where(row => row.ClinicId == clinic && (row.PatientId == patient
                || (row.Kind != DirectMessageKind.StaffAlert && sids.Contains(row.InboundSid!))
                || (row.Kind != DirectMessageKind.StaffAlert && row.PatientId == null && numbers.Contains(row.Recipient))))
            .ToListAsync(cancellation);
        return (inbound, direct);
    }

    private static async Task SettleAlertsAsync(
        FollowUpContext db, PatientFile file, List<InboundText> inbound, Instant now, CancellationToken cancellation)
    {
        var (clinic, patient) = (file.Patient.ClinicId, file.Patient.Id);
        var sessions = file.Sessions.Select(row => row.Id).ToList();
        var sids = inbound.Select(text => text.Message.MessageSid).ToList();
        var alerts = db.Alerts.Where(row =>
            row.ClinicId == clinic && (row.PatientId == patient || sessions.Contains(row.SessionId!) || sids.Contains(row.InboundSid!)));
        await alerts.Where(row => row.AcknowledgedAt == null).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.AcknowledgedAt, now)
                .SetProperty(row => row.AcknowledgedBy, ByErasure)
                .SetProperty(row => row.NotifyAt, (Instant?)null),
            cancellation);
        await alerts.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.PatientId, (string?)null).SetProperty(row => row.InboundSid, (string?)null), cancellation);
    }

    private static async Task DeleteAsync(
        FollowUpContext db, PatientFile file, List<InboundText> inbound, List<DirectMessageRow> direct, CancellationToken cancellation)
    {
        var sids = file.Steps.Select(row => row.MessageSid).Concat(file.Earlier.Select(row => row.MessageSid)).Concat(direct.Select(row => row.MessageSid))
            .OfType<string>().ToList();
        await db.DeliveryReports.Where(row => sids.Contains(row.MessageSid)).ExecuteDeleteAsync(cancellation);
        var copies = inbound.Select(text => text.Copy).OfType<InboundCopyRow>().ToList();
        var messages = inbound.Select(text => text.Message.MessageSid).ToList();
        var kept = await db.InboundCopies.Where(copy => messages.Contains(copy.MessageSid) && copy.ClinicId != file.Patient.ClinicId)
            .Select(copy => copy.MessageSid).ToListAsync(cancellation);
        db.RemoveRange(copies);
        db.RemoveRange(inbound.Select(text => text.Message).Where(message => !kept.Contains(message.MessageSid)));
        db.RemoveRange(direct);
        db.RemoveRange(file.Earlier);
        db.RemoveRange(file.Steps);
        db.RemoveRange(file.Sessions);
        db.RemoveRange(db.Consents.Where(row => row.ClinicId == file.Patient.ClinicId && row.PatientId == file.Patient.Id));
        db.Remove(file.Patient);
    }
}

/// <summary>A patient who is no longer there.</summary>
/// <param name="Instances">The orchestrations of their sessions and texts: to be ended. They hold ids alone, and end by themselves at their next look.</param>
public sealed record Erased(IReadOnlyList<string> Instances)
{
    /// <summary>False when a reader of the database kept old pages in its log; they go with the next erasure or when the app stops.</summary>
    public bool TracesGone { get; init; }
}
