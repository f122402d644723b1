using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Staff;

/// <summary>
/// Who may use the dashboard. Names are lower case. Whatever changes for somebody ends their sign-ins in the same transaction, so that nobody
/// goes on with what they were before. The audit of these changes is the installation's: its clinic is empty.
/// </summary>
public sealed class StaffUserStore
{
    /// <summary>The clinic of audit rows that belong to the installation and to no clinic.</summary>
    public const string Installation = "";

    private readonly Store _store;
    private readonly IClock _clock;

    internal StaffUserStore(Store store, IClock clock) => (_store, _clock) = (store, clock);

    /// <summary>By name.</summary>
    public Task<IReadOnlyList<StaffUser>> ListAsync(CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<StaffUser>>(async db =>
        {
            var users = await db.DashboardUsers.OrderBy(row => row.Name).ToListAsync(cancellation);
            var sessions = await db.DashboardSessions.Where(row => row.UserName != null).GroupBy(row => row.UserName!)
                .Select(group => new { Name = group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Name, row => row.Count, cancellation);
            return [.. users.Select(row => Of(row, sessions.GetValueOrDefault(row.Name)))];
        }, cancellation);

    /// <summary>The hash of somebody's password; null when there is nobody of the name.</summary>
    public Task<string?> FindPasswordHashAsync(string name, CancellationToken cancellation) =>
        _store.ReadAsync(db => db.DashboardUsers.Where(row => row.Name == name).Select(row => row.PasswordHash).SingleOrDefaultAsync(cancellation), cancellation);

    /// <returns>False when the name is taken.</returns>
    public Task<bool> AddAsync(string name, StaffRole role, string? clinic, string passwordHash, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.DashboardUsers.FindAsync([name], cancellation) is not null)
            {
                return false;
            }

            var now = _clock.GetCurrentInstant();
            db.DashboardUsers.Add(new DashboardUserRow
            {
                Name = name,
                Role = role,
                ClinicId = clinic,
                PasswordHash = passwordHash,
                CreatedAt = now,
                ChangedAt = now,
            });
            Audit(db, "user-added", name, actor, Describe(role, clinic));
            return true;
        }, cancellation);

    /// <returns>False when there is nobody of the name.</returns>
    public Task<bool> ChangeRoleAsync(string name, StaffRole role, string? clinic, string actor, CancellationToken cancellation) =>
        ChangeAsync(name, "user-changed", actor, Describe(role, clinic), row => (row.Role, row.ClinicId) = (role, clinic), cancellation);

    /// <returns>False when there is nobody of the name.</returns>
    public Task<bool> SetPasswordAsync(string name, string passwordHash, string actor, CancellationToken cancellation) =>
        ChangeAsync(name, "user-password-set", actor, null, row => row.PasswordHash = passwordHash, cancellation);

    /// <summary>A stronger hash of the password that was just given: the sign-ins go on.</summary>
    public Task RenewHashAsync(string name, string passwordHash, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            await db.DashboardUsers.Where(row => row.Name == name)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, passwordHash), cancellation);
            return true;
        }, cancellation);

    /// <returns>False when there is nobody of the name.</returns>
    public Task<bool> EndSessionsAsync(string name, string actor, CancellationToken cancellation) =>
        ChangeAsync(name, "user-signed-out", actor, null, _ => { }, cancellation);

    /// <returns>False when there is nobody of the name.</returns>
    public Task<bool> RemoveAsync(string name, string actor, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.DashboardUsers.FindAsync([name], cancellation) is not { } row)
            {
                return false;
            }

            db.DashboardUsers.Remove(row);
            Audit(db, "user-removed", name, actor, null);
            return true;
        }, cancellation);

    /// <summary>The newest changes of users, newest first.</summary>
    public Task<IReadOnlyList<UserChange>> RecentChangesAsync(int limit, CancellationToken cancellation) =>
        _store.ReadAsync<IReadOnlyList<UserChange>>(async db =>
            await db.Audit.Where(row => row.ClinicId == Installation).OrderByDescending(row => row.Id).Take(limit)
                .Select(row => new UserChange(row.At, row.Actor, row.Action, row.Subject, row.Detail)).ToListAsync(cancellation), cancellation);

    private Task<bool> ChangeAsync(
        string name, string action, string actor, string? detail, Action<DashboardUserRow> change, CancellationToken cancellation) =>
        _store.WriteAsync(async db =>
        {
            if (await db.DashboardUsers.FindAsync([name], cancellation) is not { } row)
            {
                return false;
            }

            change(row);
            row.ChangedAt = _clock.GetCurrentInstant();
            await db.DashboardSessions.Where(session => session.UserName == name).ExecuteDeleteAsync(cancellation);
            Audit(db, action, name, actor, detail);
            return true;
        }, cancellation);

    private void Audit(FollowUpContext db, string action, string subject, string actor, string? detail) => db.Audit.Add(new AuditRow
    {
        ClinicId = Installation,
        At = _clock.GetCurrentInstant(),
        Actor = actor,
        Action = action,
        Subject = subject,
        Detail = detail,
    });

    private static string Describe(StaffRole role, string? clinic) => $"{EnumText.Of(role)}, {clinic ?? "every clinic"}";

    private static StaffUser Of(DashboardUserRow row, int sessions) => new(row.Name, row.Role, row.ClinicId, sessions, row.CreatedAt);
}

/// <summary>Somebody who may use the dashboard.</summary>
/// <param name="Clinic">The one clinic that they see; null for every clinic.</param>
/// <param name="Sessions">How many sign-ins of theirs have not been ended.</param>
public sealed record StaffUser(string Name, StaffRole Role, string? Clinic, int Sessions, Instant CreatedAt);

/// <summary>A line of the installation's audit.</summary>
public sealed record UserChange(Instant At, string Actor, string Action, string Subject, string? Detail);
