using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Delivery;

/// <summary>Twilio's status callbacks.</summary>
public sealed class DeliveryStore
{
    private readonly Store _store;
    private readonly IClock _clock;

    internal DeliveryStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>
    /// Records a report. It may come twice, in any order, before the send has returned, or about a send whose outcome nobody knew: that one is
    /// settled by it, through the reference which the callback address carries.
    /// </summary>
    /// <returns>The session whose orchestration must look again because a send was settled; null otherwise.</returns>
    public Task<SessionKey?> ReportAsync(
        string messageSid, string status, int? errorCode, SendReference? reference, CancellationToken cancellation) =>
        _store.WriteAsync<SessionKey?>(async db =>
        {
            if (await db.DeliveryReports.FindAsync([messageSid, status], cancellation) is not null)
            {
                return null;
            }

            var now = _clock.GetCurrentInstant();
            var report = new DeliveryReportRow { MessageSid = messageSid, Status = status, ErrorCode = errorCode, ReceivedAt = now };
            db.DeliveryReports.Add(report);
            await db.SaveChangesAsync(cancellation);

            if (await db.Steps.SingleOrDefaultAsync(row => row.MessageSid == messageSid, cancellation) is { } known)
            {
                MessageBinding.Apply(known, report);
                return null;
            }

            if (reference is not null
                && await db.Steps.FindAsync([reference.Session.Clinic, reference.Session.Session, reference.Step], cancellation) is { } row
                && row.State is StepState.Sending or StepState.Unknown && row.Attempt == reference.Attempt)
            {
                var wasUnknown = row.State == StepState.Unknown;
                await MessageBinding.BindAsync(db, row, messageSid, now, cancellation);
                if (wasUnknown)
                {
                    var session = await db.Sessions.SingleAsync(
                        session => session.ClinicId == row.ClinicId && session.Id == row.SessionId, cancellation);
                    session.Touch(now);
                    return session.Key;
                }
            }

            return null;
        }, cancellation);
}
