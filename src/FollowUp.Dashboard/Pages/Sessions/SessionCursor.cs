using FollowUp.Data.Sessions.Lists;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Dashboard.Pages.Sessions;

/// <summary>A place in a list of sessions, as it stands in an address. What is none is the list's beginning.</summary>
internal static class SessionCursor
{
    private const char Separator = '~';

    public static string Of(SessionPosition position) => string.Join(
        Separator, position.DueAt is { } due ? InstantPattern.ExtendedIso.Format(due) : "", InstantPattern.ExtendedIso.Format(position.StartsAt), position.Session);

    public static SessionPosition? Read(string? cursor)
    {
        if (cursor?.Split(Separator, 3) is not [var due, var start, var session] || Moment(start) is not { } startsAt)
        {
            return null;
        }

        return due.Length == 0 ? new SessionPosition(null, startsAt, session)
            : Moment(due) is { } dueAt ? new SessionPosition(dueAt, startsAt, session)
            : null;
    }

    private static Instant? Moment(string text) => InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var moment } ? moment : null;
}
