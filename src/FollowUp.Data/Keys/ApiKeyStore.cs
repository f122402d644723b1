using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Keys;

/// <summary>
/// The keys to the API besides the root key. What is made and ended here is in force with the next request, whichever process did it. Making and
/// ending stand in the audit of the key's clinic, or of none (an empty clinic) for a key to all.
/// </summary>
public sealed class ApiKeyStore
{
    /// <summary>The audit's clinic for acts on all of them.</summary>
    private const string AllClinics = "";

    /// <summary>How exactly the last use is known: a write for each request would cost more than it tells.</summary>
    private static readonly Duration UseIsNotedEvery = Duration.FromMinutes(1);

    private readonly Store _store;
    private readonly IClock _clock;

    internal ApiKeyStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>A page of all keys, those that open nothing any more too, newest first.</summary>
    /// <param name="before">Only those behind this one in that order; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<ApiKey>> ListAsync((Instant CreatedAt, string Id)? before, int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<ApiKey>>(async db =>
        {
            var keys = db.ApiKeys.AsQueryable();
            if (before is var (at, id))
            {
                keys = keys.Where(row => row.CreatedAt < at || (row.CreatedAt == at && string.Compare(row.Id, id) < 0));
            }

            var now = _clock.GetCurrentInstant();
            var rows = await keys.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(limit).ToListAsync(cancellation);
            return [.. rows.Select(row => ApiKey.Of(row, now))];
        }, cancellation);

    /// <summary>Makes a key.</summary>
    /// <param name="wanted">What it is to be; its form has been checked.</param>
    /// <param name="actor">Who makes it, for the audit.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The key, shown this once; null when the clinic is not there.</returns>
    public Task<MadeApiKey?> AddAsync(NewApiKey wanted, string actor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return _store.WriteAsync(async db =>
        {
            if (wanted.Clinic is { } clinic && await db.Clinics.FindAsync([clinic], cancellation) is null)
            {
                return null;
            }

            var (secret, now) = (ApiKeySecret.New(), _clock.GetCurrentInstant());
            var row = new ApiKeyRow
            {
                Id = ApiKeyId.For(wanted.Name),
                Name = wanted.Name,
                Hash = ApiKeySecret.HashOf(secret)!,
                ClinicId = wanted.Clinic,
                ReadOnly = wanted.ReadOnly,
                CreatedAt = now,
                CreatedBy = actor,
                EndsAt = wanted.EndsAt,
            };
            db.ApiKeys.Add(row);
            Audit(db, row, actor, "api-key-made", now);
            return new MadeApiKey(ApiKey.Of(row, now), secret);
        }, cancellation);
    }

    /// <summary>Ends a key: it opens nothing from now on. It stays in the list, so that the audit's entries keep their meaning.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="actor">Who ends it, for the audit.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The key as it is now, also when it had been ended before; null when there is none.</returns>
    public Task<ApiKey?> EndAsync(string id, string actor, CancellationToken cancellation) => _store.WriteAsync(async db =>
    {
        if (await db.ApiKeys.FindAsync([id], cancellation) is not { } row)
        {
            return null;
        }

        var now = _clock.GetCurrentInstant();
        if (row.EndedAt is null)
        {
            (row.EndedAt, row.EndedBy) = (now, actor);
            Audit(db, row, actor, "api-key-ended", now);
        }

        return ApiKey.Of(row, now);
    }, cancellation);

    /// <summary>The key that somebody shows.</summary>
    /// <param name="secret">What they show.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null alike for one that never was, one whose time is over and one that was ended.</returns>
    public Task<ApiKey?> FindAsync(string secret, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return ApiKeySecret.HashOf(secret) is not { } hash
            ? Task.FromResult<ApiKey?>(null)
            : _store.ReadAsync(async db =>
            {
                var now = _clock.GetCurrentInstant();
                return await db.ApiKeys.SingleOrDefaultAsync(row => row.Hash == hash, cancellation) is { } row
                    && ApiKeySecret.Matches(hash, row.Hash)
                    && ApiKey.Of(row, now) is { State: ApiKeyState.Active } key
                        ? key
                        : null;
            }, cancellation);
    }

    /// <summary>Notes that a key is in use, at most once a minute.</summary>
    /// <param name="key">As it was found.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task NoteUseAsync(ApiKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        var now = _clock.GetCurrentInstant();
        if (key.LastUsedAt is not { } last || last + UseIsNotedEvery <= now)
        {
            await _store.WriteAsync(
                db => db.ApiKeys.Where(row => row.Id == key.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.LastUsedAt, now), cancellation),
                cancellation);
        }
    }

    private static void Audit(FollowUpContext db, ApiKeyRow row, string actor, string action, Instant now) => db.Audit.Add(new AuditRow
    {
        ClinicId = row.ClinicId ?? AllClinics,
        At = now,
        Actor = actor,
        Action = action,
        Subject = row.Id,
        Detail = row.ReadOnly ? "read-only" : null,
    });
}
