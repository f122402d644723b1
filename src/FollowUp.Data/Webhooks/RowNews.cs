using System.Globalization;
using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Inbox;
using FollowUp.Data.Ledger;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace FollowUp.Data.Webhooks;

/// <summary>Reads the news off the rows that are about to be saved. What it does not know of an event, <see cref="EventWriter"/> looks up.</summary>
internal static class RowNews
{
    /// <summary>In the order in which it happened, as far as one save can say: texts out, texts in, what follows from them.</summary>
    public static IReadOnlyList<ClinicEvent> Of(FollowUpContext db)
    {
        List<ClinicEvent> news = [];
        foreach (var entry in db.ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified))
        {
            switch (entry.Entity)
            {
                case StepRow step when entry.State == EntityState.Modified:
                    news.AddRange(OfText(entry, step, $"{step.SessionId}.{step.Step}", new ClinicEvent(default, step.ClinicId, "")
                    {
                        Session = step.SessionId,
                        Step = step.Step,
                        TextKind = StepKinds.NameOf(step.Kind),
                    }));
                    break;

                case DirectMessageRow { Kind: not DirectMessageKind.StaffAlert, PatientId: not null } text when entry.State == EntityState.Modified:
                    news.AddRange(OfText(entry, text, text.Id, new ClinicEvent(default, text.ClinicId, "") { Patient = text.PatientId, TextKind = EnumText.Of(text.Kind) }));
                    break;

                case InboundCopyRow { PatientId: not null } copy when entry.State == EntityState.Added && !IsAutomatic(db, copy):
                    news.Add(new ClinicEvent(ClinicEventKind.Replied, copy.ClinicId, copy.MessageSid)
                    {
                        Patient = copy.PatientId,
                        Session = copy.SessionId,
                        Message = copy.MessageSid,
                    });
                    break;

                case ConsentRow { Granted: false, Source: ConsentSource.Patient or ConsentSource.Carrier } no when entry.State == EntityState.Added:
                    news.Add(new ClinicEvent(
                        ClinicEventKind.OptedOut, no.ClinicId, string.Create(CultureInfo.InvariantCulture, $"{no.PatientId}.{no.At.ToUnixTimeMilliseconds()}"))
                    {
                        Patient = no.PatientId,
                    });
                    break;

                case AlertRow { Kind: AlertKind.RedFlag } flag when entry.State == EntityState.Added:
                    news.Add(new ClinicEvent(ClinicEventKind.RedFlag, flag.ClinicId, flag.InboundSid ?? flag.Cause)
                    {
                        Patient = flag.PatientId,
                        Session = flag.SessionId,
                        Message = flag.InboundSid,
                    });
                    break;

                case SessionRow session when entry.State == EntityState.Added:
                    news.Add(Of(ClinicEventKind.Rebooked, session));
                    break;

                case SessionRow { Outcome: SessionOutcome.Cancelled } session when entry.Property(nameof(SessionRow.Outcome)).IsModified:
                    news.Add(Of(ClinicEventKind.Cancelled, session));
                    break;

                default:
                    break;
            }
        }

        // Every kind of text is withdrawn by a row of its own.
        return [.. news.DistinctBy(one => one.Id).OrderBy(one => one.Kind)];
    }

    private static IEnumerable<ClinicEvent> OfText(EntityEntry entry, IAttempt text, string key, ClinicEvent of)
    {
        var sid = text.MessageSid;
        var state = entry.Property(nameof(IAttempt.State));
        if (sid is not null && entry.Property(nameof(IAttempt.MessageSid)).IsModified)
        {
            yield return of with { Kind = ClinicEventKind.Sent, Key = $"{key}.{sid}", Message = sid };
        }

        if (state.IsModified && text.State is StepState.Delivered or StepState.Undelivered)
        {
            yield return of with
            {
                Kind = text.State == StepState.Delivered ? ClinicEventKind.Delivered : ClinicEventKind.Failed,

                // One that Twilio has refused has no SID, but an attempt.
                Key = string.Create(CultureInfo.InvariantCulture, $"{key}.{sid ?? $"attempt-{text.Attempt}"}"),
                Message = sid,
                ErrorCode = text.State == StepState.Undelivered ? text.ErrorCode : null,
            };
        }
    }

    private static ClinicEvent Of(ClinicEventKind kind, SessionRow session) => new(
        kind, session.ClinicId, string.Create(CultureInfo.InvariantCulture, $"{session.Id}.{(session.OutcomeAt ?? session.CreatedAt).ToUnixTimeMilliseconds()}"))
    {
        Patient = session.PatientId,
        Session = session.Id,
    };

    /// <summary>What a phone or a carrier answers by itself, nobody has written.</summary>
    private static bool IsAutomatic(FollowUpContext db, InboundCopyRow copy) =>
        db.InboundMessages.Local.FindEntry(copy.MessageSid)?.Entity.Meaning is InboundMeaning.AutoReply or InboundMeaning.Staff;
}
