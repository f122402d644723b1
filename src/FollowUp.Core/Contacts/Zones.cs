using NodaTime;

namespace FollowUp.Core.Contacts;

/// <summary>Time zones of the IANA database that NodaTime carries, so that every machine knows the same ones.</summary>
public static class Zones
{
    private static readonly HashSet<string> Ids = [.. DateTimeZoneProviders.Tzdb.Ids];

    /// <summary>The zone with an IANA id such as <c>America/New_York</c>, letter for letter; null if there is none. Offsets such as <c>UTC+02</c> are not zones.</summary>
    public static DateTimeZone? Find(string? id) => id is not null && Ids.Contains(id) ? DateTimeZoneProviders.Tzdb[id] : null;
}
