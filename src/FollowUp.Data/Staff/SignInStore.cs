using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Staff;

/// <summary>
/// Sign-ins, and failed attempts at them. Times are given by the caller: of the real clock, because people guess passwords and leave their desks
/// in real time, whatever the clock of the texts does.
/// </summary>
public sealed class SignInStore
{
    /// <summary>A sign-in ends this long after it began.</summary>
    public static readonly Duration Longest = Duration.FromHours(12);

    /// <summary>A sign-in ends when nothing was asked for so long.</summary>
    public static readonly Duration LongestIdle = Duration.FromHours(1);

    private static readonly Duration SeenEvery = Duration.FromMinutes(1);

    /// <summary>Failures older than this count no more.</summary>
    private static readonly Duration FailuresLast = Duration.FromHours(24);

    private readonly Store _store;

    internal SignInStore(Store store) => _store = store;

    /// <param name="user">Null for the root key.</param>
    /// <param name="rootStamp">Of the root key, when it was signed in with that.</param>
    public Task BeginAsync(string keyHash, string? user, string? rootStamp, Instant now, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var (oldest, idle) = (now - Longest, now - LongestIdle);
            await db.DashboardSessions.Where(row => row.CreatedAt <= oldest || row.SeenAt <= idle).ExecuteDeleteAsync(cancellation);
            db.DashboardSessions.Add(new DashboardSessionRow { KeyHash = keyHash, UserName = user, RootStamp = rootStamp, CreatedAt = now, SeenAt = now });
            return true;
        }, cancellation);

    /// <summary>Whose sign-in it is, with the role that they have now; null when it has ended.</summary>
    /// <param name="isActive">Whether a person asked for something: a page that renews itself keeps nobody signed in.</param>
    public async Task<SignedIn?> FindAsync(string keyHash, string rootStamp, bool isActive, Instant now, CancellationToken cancellation)
    {
        var found = await _store.ReadAsync<(Instant SeenAt, SignedIn? User)>(async db =>
        {
            if (await db.DashboardSessions.FindAsync([keyHash], cancellation) is not { } session
                || session.CreatedAt <= now - Longest || session.SeenAt <= now - LongestIdle)
            {
                return default;
            }

            if (session.UserName is null)
            {
                return session.RootStamp == rootStamp ? (session.SeenAt, SignedIn.Root(session.CreatedAt + Longest)) : default;
            }

            return await db.DashboardUsers.FindAsync([session.UserName], cancellation) is { } user
                ? (session.SeenAt, new SignedIn(user.Name, user.Role, user.ClinicId, session.CreatedAt + Longest))
                : default;
        }, cancellation);
        if (found.User is not null && isActive && found.SeenAt <= now - SeenEvery)
        {
            await _store.WriteAsync(db => db.DashboardSessions.Where(row => row.KeyHash == keyHash)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenAt, now), cancellation), cancellation);
        }

        return found.User;
    }

    public Task EndAsync(string keyHash, CancellationToken cancellation) =>
        _store.WriteAsync(db => db.DashboardSessions.Where(row => row.KeyHash == keyHash).ExecuteDeleteAsync(cancellation), cancellation);

    /// <summary>
    /// Counts an attempt as failed before anything is compared, so that a hundred attempts at once are a hundred; one that succeeds takes it
    /// back by <see cref="ForgetAsync"/>.
    /// </summary>
    /// <returns>How long to wait; zero when the attempt may go on. One that must wait counts for nothing.</returns>
    public async Task<Duration> TryAttemptAsync(IReadOnlyList<SignInSubject> subjects, Instant now, CancellationToken cancellation)
    {
        // Whoever must wait is told so without taking the store's one writer from the texts.
        var wait = await _store.ReadAsync(db => WaitAsync(db, subjects, now, cancellation), cancellation);
        return wait > Duration.Zero ? wait : await CountAsync(subjects, now, cancellation);
    }

    private static async Task<Duration> WaitAsync(FollowUpContext db, IReadOnlyList<SignInSubject> subjects, Instant now, CancellationToken cancellation)
    {
        var keys = subjects.Select(subject => subject.Key).ToList();
        var blocked = await db.SignInFailures.Where(row => keys.Contains(row.Subject)).Select(row => row.BlockedUntil).ToListAsync(cancellation);
        return blocked.Max() is { } until && until > now ? until - now : Duration.Zero;
    }

    private Task<Duration> CountAsync(IReadOnlyList<SignInSubject> subjects, Instant now, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var old = now - FailuresLast;
            await db.SignInFailures.Where(row => row.LastAt <= old).ExecuteDeleteAsync(cancellation);
            if (await WaitAsync(db, subjects, now, cancellation) is var wait && wait > Duration.Zero)
            {
                return wait;
            }

            List<(SignInSubject Subject, SignInFailureRow Row)> known = [];
            foreach (var subject in subjects)
            {
                var row = await db.SignInFailures.FindAsync([subject.Key], cancellation);
                if (row is null)
                {
                    row = new SignInFailureRow { Subject = subject.Key, Failures = 0, LastAt = now };
                    db.SignInFailures.Add(row);
                }

                known.Add((subject, row));
            }

            foreach (var (subject, row) in known)
            {
                row.Failures++;
                row.LastAt = now;
                row.BlockedUntil = subject.WaitAfter(row.Failures) is { } pause && pause > Duration.Zero ? now + pause : null;
            }

            return Duration.Zero;
        }, cancellation);

    /// <summary>Somebody has signed in: what failed before is forgotten.</summary>
    public Task ForgetAsync(IReadOnlyList<SignInSubject> subjects, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            var keys = subjects.Select(subject => subject.Key).ToList();
            return await db.SignInFailures.Where(row => keys.Contains(row.Subject)).ExecuteDeleteAsync(cancellation);
        }, cancellation);
}

/// <summary>Something that attempts are counted for: a name, or an address.</summary>
/// <param name="Key">Says nothing about what it stands for.</param>
/// <param name="Free">How many failures cost no waiting.</param>
public sealed record SignInSubject(string Key, int Free)
{
    private static readonly Duration First = Duration.FromSeconds(10);
    private static readonly Duration Longest = Duration.FromMinutes(15);

    /// <summary>Ten seconds after the first failure too many, then twice as long each time, a quarter of an hour at most.</summary>
    public Duration WaitAfter(int failures) =>
        failures < Free ? Duration.Zero
        : Duration.Min(First * Math.Pow(2, Math.Min(failures - Free, 20)), Longest);
}

/// <summary>Whose sign-in it is.</summary>
/// <param name="Clinic">The one clinic that they see; null for every clinic.</param>
/// <param name="EndsAt">By the real clock.</param>
public sealed record SignedIn(string Name, StaffRole Role, string? Clinic, Instant EndsAt)
{
    /// <summary>The name of whoever signs in with the root key. No user can have it.</summary>
    public const string RootName = "root";

    internal static SignedIn Root(Instant endsAt) => new(RootName, StaffRole.Admin, null, endsAt);
}
