using FollowUp.Core.Timelines;
using FollowUp.Data.Context;
using FollowUp.Data.Sessions;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Imports;

/// <summary>What an import would meet, without storing anything.</summary>
public sealed class ImportForecast
{
    private const int AtOnce = 500;

    private readonly Store _store;
    private readonly IClock _clock;

    internal ImportForecast(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <returns>By position: why a booking would be refused, and whether its session is there already; null when there is no such clinic.</returns>
    public Task<IReadOnlyList<LineForecast>?> FindAsync(string clinic, IReadOnlyList<Booking> bookings, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<LineForecast>?>(async db =>
        {
            if (!await db.Clinics.AnyAsync(row => row.Id == clinic, cancellation))
            {
                return null;
            }

            var now = _clock.GetCurrentInstant();
            Dictionary<string, Known> sessions = new(StringComparer.Ordinal);
            foreach (var ids in bookings.Select(booking => booking.Key.Session).Distinct(StringComparer.Ordinal).Chunk(AtOnce))
            {
                var found = await db.Sessions.Where(row => row.ClinicId == clinic && ids.Contains(row.Id))
                    .Select(row => new { row.Id, row.PatientId, row.PlanId, row.StartsAt, row.State }).ToListAsync(cancellation);
                found.ForEach(row => sessions[row.Id] = new Known(row.PatientId, row.PlanId, row.StartsAt, SessionStore.HasEnded(row.State)));
            }

            List<LineForecast> forecasts = [];
            foreach (var booking in bookings)
            {
                var known = sessions.GetValueOrDefault(booking.Key.Session);
                forecasts.Add(new LineForecast(known is not null, known is null ? null : RefusalOf(known, booking, now)));

                // A later line of the same session meets what this one would leave.
                sessions[booking.Key.Session] = known is not null && forecasts[^1].Refusal is not null
                    ? known
                    : new Known(booking.Patient.Id, booking.PlanId, booking.StartsAt, HasEnded: false);
            }

            return forecasts;
        }, cancellation);

    /// <summary>As <see cref="SessionStore.BookAsync(Booking, string, CancellationToken)"/> decides. The same line again, of a session that has ended, changes nothing and is no mistake.</summary>
    private static ImportRefusal? RefusalOf(Known session, Booking booking, Instant now) =>
        session.Patient != booking.Patient.Id ? ImportRefusal.OtherPatient
        : session.Plan != booking.PlanId ? ImportRefusal.OtherPlan
        : session.HasEnded && session.StartsAt != booking.StartsAt && booking.StartsAt <= now ? ImportRefusal.Ended
        : null;

    private sealed record Known(string Patient, string Plan, Instant StartsAt, bool HasEnded);
}

/// <param name="IsKnown">The session is there already.</param>
/// <param name="Refusal">Why it would be refused; null when it would not, as far as can be told without booking it.</param>
public sealed record LineForecast(bool IsKnown, ImportRefusal? Refusal);
