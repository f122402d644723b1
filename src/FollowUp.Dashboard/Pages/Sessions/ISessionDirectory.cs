using FollowUp.Data;
using FollowUp.Data.Overview;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>Where the dashboard finds sessions.</summary>
internal interface ISessionDirectory
{
    /// <summary>A page of a clinic's sessions, one more than the limit if there are so many.</summary>
    /// <param name="cursor">Where the page begins, as the page before gave it; null for the first.</param>
    Task<SessionList> ListAsync(string clinic, SessionFilter filter, string? cursor, int limit, CancellationToken cancellation);

    /// <summary>Null when the clinic has no such session.</summary>
    Task<SessionDetail?> FindAsync(SessionKey key, CancellationToken cancellation);
}

/// <param name="Next">The cursor of the next page; null at the end.</param>
internal sealed record SessionList(IReadOnlyList<SessionLine> Sessions, string? Next);
