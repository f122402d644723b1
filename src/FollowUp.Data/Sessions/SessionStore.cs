using FollowUp.Core.Timelines;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Context;
using FollowUp.Data.Patients;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Sessions;

/// <summary>Bookings and what becomes of them.</summary>
public sealed class SessionStore
{
    private readonly Store _store;
    private readonly PatientSessions _sessions;
    private readonly PlanVersions _plans;
    private readonly SendRules _rules;
    private readonly IClock _clock;

    internal SessionStore(Store store, PatientSessions sessions, PlanVersions plans, SendRules rules, IClock clock) =>
        (_store, _sessions, _plans, _rules, _clock) = (store, sessions, plans, rules, clock);

    public Task<SessionView?> FindAsync(SessionKey key, CancellationToken cancellation) =>
        _store.ReadAsync(db => ViewAsync(db, key, cancellation), cancellation);

    /// <summary>Creates or changes a session and its patient, and computes the timeline. The same booking twice changes nothing the second time.</summary>
    /// <exception cref="PreconditionFailedException">The session is not as the caller believes.</exception>
    public Task<BookingResult> BookAsync(Booking booking, string actor, CancellationToken cancellation, Precondition? precondition = null) =>
        _store.WriteAsync(db => BookAsync(db, booking, actor, cancellation, precondition), cancellation);

    /// <summary>The same in the caller's transaction, which must have nothing unsaved.</summary>
    internal async Task<BookingResult> BookAsync(
        FollowUpContext db, Booking booking, string actor, CancellationToken cancellation, Precondition? precondition = null)
    {
        var now = _clock.GetCurrentInstant();
        var key = booking.Key;
        if (await db.Clinics.FindAsync([key.Clinic], cancellation) is not { } clinic)
        {
            return BookingResult.Nothing(BookingVerdict.UnknownClinic);
        }

        var session = await db.Sessions.FindAsync([key.Clinic, key.Session], cancellation);
        if (session is not null && Conflict(session, booking) is { } conflict)
        {
            return BookingResult.Nothing(conflict, await ViewAsync(db, key, cancellation));
        }

        if (await _plans.CurrentAsync(db, clinic, booking.PlanId, cancellation) is not { } plan)
        {
            return BookingResult.Nothing(BookingVerdict.UnknownPlan);
        }

        await PatientPut.ApplyAsync(db, _rules, clinic, booking.Patient, now, cancellation);
        var created = session is null;
        if (session is null)
        {
            session = NewSession(booking, plan.Plan.Version, now);
            db.Sessions.Add(session);
        }
        else
        {
            Change(session, booking, now);
        }

        if (!db.ChangeTracker.HasChanges())
        {
            return BookingResult.Nothing(BookingVerdict.Unchanged, await ViewAsync(db, key, cancellation));
        }

        precondition?.Require(created ? null : EntityTag.Of(session));
        if (!created && !MayChange(session, db, now))
        {
            // Nothing of the above is kept: the transaction commits without it.
            db.ChangeTracker.Clear();
            return BookingResult.Nothing(BookingVerdict.Ended, await ViewAsync(db, key, cancellation));
        }

        Audit(db, key, actor, created ? "session-booked" : "session-changed", now);
        session.Touch(now);
        await db.SaveChangesAsync(cancellation);

        var affected = await _sessions.RefreshPatientAsync(db, key.Clinic, session.PatientId, now, cancellation);
        return new BookingResult(
            created ? BookingVerdict.Created : BookingVerdict.Changed,
            await ViewAsync(db, key, cancellation),
            WithItself(session, affected));
    }

    /// <summary>Records that a session was held, called off or missed. The same event twice changes nothing the second time.</summary>
    /// <param name="outcome">Anything but <see cref="SessionOutcome.Booked"/>.</param>
    /// <param name="at">When it happened, if the clinic said so.</param>
    /// <exception cref="PreconditionFailedException">The session is not as the caller believes.</exception>
    public Task<BookingResult> ReportOutcomeAsync(
        SessionKey key, SessionOutcome outcome, Instant? at, string actor, CancellationToken cancellation, Precondition? precondition = null) =>
        _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            if (await db.Sessions.FindAsync([key.Clinic, key.Session], cancellation) is not { } session)
            {
                return BookingResult.Nothing(
                    await db.Clinics.AnyAsync(row => row.Id == key.Clinic, cancellation) ? BookingVerdict.UnknownSession : BookingVerdict.UnknownClinic);
            }

            if (session.Outcome == outcome)
            {
                return BookingResult.Nothing(BookingVerdict.Unchanged, await ViewAsync(db, key, cancellation));
            }

            precondition?.Require(EntityTag.Of(session));
            if (HasEnded(session.State))
            {
                return BookingResult.Nothing(BookingVerdict.Ended, await ViewAsync(db, key, cancellation));
            }

            session.Outcome = outcome;
            session.OutcomeAt = at ?? now;
            session.Touch(now);
            Audit(db, key, actor, $"session-{EnumText.Of(outcome)}", now);
            await db.SaveChangesAsync(cancellation);

            var affected = await _sessions.RefreshPatientAsync(db, key.Clinic, session.PatientId, now, cancellation);
            return new BookingResult(
                BookingVerdict.Changed,
                await ViewAsync(db, key, cancellation),
                WithItself(session, affected));
        }, cancellation);

    /// <summary>The session's own orchestration looks again even if only what its texts say has changed.</summary>
    internal static IReadOnlyList<ChangedSession> WithItself(SessionRow session, IReadOnlyList<ChangedSession> affected) =>
        affected.Any(changed => changed.Key == session.Key) ? affected : [new ChangedSession(session.Key, session.State), .. affected];

    internal static bool HasEnded(SessionState state) =>
        state is SessionState.Completed or SessionState.Cancelled or SessionState.OptedOut or SessionState.Failed;

    private static BookingVerdict? Conflict(SessionRow session, Booking booking) =>
        session.PatientId != booking.Patient.Id ? BookingVerdict.OtherPatient
        : session.PlanId != booking.PlanId ? BookingVerdict.OtherPlan
        : null;

    /// <summary>An ended session takes a change only when that moves its start into the future: then it is booked anew.</summary>
    private static bool MayChange(SessionRow session, FollowUpContext db, Instant now)
    {
        var before = db.Entry(session);
        if (!HasEnded(before.Property(row => row.State).OriginalValue))
        {
            return true;
        }

        if (!before.Property(row => row.StartsAt).IsModified || session.StartsAt <= now)
        {
            return false;
        }

        session.Outcome = SessionOutcome.Booked;
        session.OutcomeAt = null;
        session.PausedAt = null;
        session.State = SessionState.Scheduled;
        return true;
    }

    private static void Change(SessionRow session, Booking booking, Instant now)
    {
        if (session.StartsAt != booking.StartsAt)
        {
            session.StartsAt = booking.StartsAt;
            session.BookedAt = now;
            session.ConfirmedAt = null; // of another time
        }

        session.SessionNumber = booking.SessionNumber;
        session.PlannedSessions = booking.PlannedSessions;
    }

    private static SessionRow NewSession(Booking booking, int planVersion, Instant now) => new()
    {
        ClinicId = booking.Key.Clinic,
        Id = booking.Key.Session,
        PatientId = booking.Patient.Id,
        PlanId = booking.PlanId,
        PlanVersion = planVersion,
        StartsAt = booking.StartsAt,
        BookedAt = now,
        SessionNumber = booking.SessionNumber,
        PlannedSessions = booking.PlannedSessions,
        Outcome = SessionOutcome.Booked,
        State = SessionState.Scheduled,
        Revision = 0,
        PlannedRevision = 0,
        CreatedAt = now,
        ChangedAt = now,
    };

    internal static async Task<SessionView?> ViewAsync(FollowUpContext db, SessionKey key, CancellationToken cancellation)
    {
        var session = await db.Sessions.FindAsync([key.Clinic, key.Session], cancellation);
        if (session is null)
        {
            return null;
        }

        var steps = await db.Steps.Where(row => row.ClinicId == key.Clinic && row.SessionId == key.Session).ToListAsync(cancellation);
        return SessionView.Of(session, steps);
    }

    private static void Audit(FollowUpContext db, SessionKey key, string actor, string action, Instant now) =>
        db.Audit.Add(new AuditRow { ClinicId = key.Clinic, At = now, Actor = actor, Action = action, Subject = key.Session });
}
