using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Dashboard.Serving;

/// <summary>Where a list goes on, as it stands in an address. What is no place in a list is the list's beginning.</summary>
internal static class ListCursor
{
    public const int PageSize = 50;

    private const char Separator = '~';

    public static string Of(Instant at, string key) => InstantPattern.ExtendedIso.Format(at) + Separator + key;

    public static (Instant At, string Key)? ReadMoment(string? cursor) =>
        cursor?.Split(Separator, 2) is [var at, var key] && InstantPattern.ExtendedIso.Parse(at) is { Success: true, Value: var moment } ? (moment, key) : null;

    public static long? ReadNumber(string? cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
