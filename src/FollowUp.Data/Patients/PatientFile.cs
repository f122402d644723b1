using FollowUp.Data.Context;
using FollowUp.Data.Inbox;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Patients;

/// <summary>The rows that are a patient's: what their messages, an export and an erasure are made from.</summary>
internal sealed class PatientFile
{
    public required PatientRow Patient { get; init; }
    public required List<SessionRow> Sessions { get; init; }
    public required List<StepRow> Steps { get; init; }
    public required List<EarlierMessageRow> Earlier { get; init; }

    /// <summary>Texts outside of a plan, to the patient; alerts to staff about them are not theirs.</summary>
    public required List<DirectMessageRow> Direct { get; init; }
    public required List<InboundText> Inbound { get; init; }

    /// <summary>Null when the clinic has no such patient.</summary>
    public static async Task<PatientFile?> LoadAsync(FollowUpContext db, string clinic, string patient, CancellationToken cancellation)
    {
        if (await db.Patients.FindAsync([clinic, patient], cancellation) is not { } row)
        {
            return null;
        }

        var sessions = await db.Sessions.Where(session => session.ClinicId == clinic && session.PatientId == patient).ToListAsync(cancellation);
        var ids = sessions.Select(session => session.Id).ToList();
        return new PatientFile
        {
            Patient = row,
            Sessions = sessions,
            Steps = await db.Steps.Where(step => step.ClinicId == clinic && ids.Contains(step.SessionId)).ToListAsync(cancellation),
            Earlier = await db.EarlierMessages
                .Where(message => message.ClinicId == clinic && ids.Contains(message.SessionId)).ToListAsync(cancellation),
            Direct = await db.DirectMessages
                .Where(message => message.ClinicId == clinic && message.PatientId == patient && message.Kind != DirectMessageKind.StaffAlert)
                .ToListAsync(cancellation),
            Inbound = await InboundAsync(db, row, cancellation),
        };
    }

    /// <summary>
    /// The patient's own texts. One that nobody could ascribe counts as theirs if it came from their number, and nobody else is known there,
    /// at any clinic: on a shared phone it may be another's.
    /// </summary>
    private static async Task<List<InboundText>> InboundAsync(FollowUpContext db, PatientRow patient, CancellationToken cancellation)
    {
        IReadOnlyList<string> own = await IsOthersAsync(db, patient, patient.Phone, cancellation) ? [] : [patient.Phone];
        return await TextsAsync(db, patient, own, cancellation);
    }

    /// <summary>The patient's own texts, and what came from numbers without anybody to ascribe it to: at the clinic, or at none at all.</summary>
    public static async Task<List<InboundText>> TextsAsync(
        FollowUpContext db, PatientRow patient, IReadOnlyList<string> numbers, CancellationToken cancellation)
    {
        // Each from its own index: what two conditions joined by "or" select is all of the clinic's texts to SQLite.
        var texts = await db.InboundCopies
            .Where(copy => copy.ClinicId == patient.ClinicId && copy.PatientId == patient.Id)
            .Join(db.InboundMessages, copy => copy.MessageSid, message => message.MessageSid, (copy, message) => new InboundText { Message = message, Copy = copy })
            .ToListAsync(cancellation);
        var sent = await db.InboundMessages.Where(message => numbers.Contains(message.Sender)).ToListAsync(cancellation);
        var sids = sent.Select(message => message.MessageSid).ToList();
        var copies = (await db.InboundCopies.Where(copy => sids.Contains(copy.MessageSid)).ToListAsync(cancellation)).ToLookup(copy => copy.MessageSid);
        return
        [
            .. texts,
            .. from message in sent
               from copy in copies[message.MessageSid]
               where copy.ClinicId == patient.ClinicId && copy.PatientId is null
               select new InboundText { Message = message, Copy = copy },
            .. sent.Where(message => !copies[message.MessageSid].Any()).Select(message => new InboundText { Message = message }),
        ];
    }

    /// <summary>Whether a number is also, or only, that of another patient of any clinic.</summary>
    public static Task<bool> IsOthersAsync(FollowUpContext db, PatientRow patient, string phone, CancellationToken cancellation) =>
        db.Patients.AnyAsync(row => row.Phone == phone && (row.ClinicId != patient.ClinicId || row.Id != patient.Id), cancellation);
}
