using System.Globalization;
using FollowUp.Dashboard.Serving;
using FollowUp.Data;
using FollowUp.Data.Overview;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>Sessions as the store's overview has them.</summary>
internal sealed class StoredSessions(SessionOverview overview) : ISessionDirectory
{
    public async Task<SessionList> ListAsync(string clinic, SessionFilter filter, string? cursor, int limit, CancellationToken cancellation)
    {
        var skip = ListCursor.ReadSkip(cursor);
        var rows = await overview.ListAsync(clinic, filter, skip, limit + 1, cancellation);
        return new SessionList([.. rows.Take(limit)], rows.Count > limit ? (skip + limit).ToString(CultureInfo.InvariantCulture) : null);
    }

    public Task<SessionDetail?> FindAsync(SessionKey key, CancellationToken cancellation) => overview.FindAsync(key, cancellation);
}
