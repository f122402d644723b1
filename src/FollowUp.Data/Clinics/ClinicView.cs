using NodaTime;

namespace FollowUp.Data.Clinics;

/// <summary>A clinic as clients see it.</summary>
/// <param name="Settings">What it has set.</param>
/// <param name="PlanVersions">The version that new sessions take, of each plan that it has set something for.</param>
/// <param name="Tag">Names this state of the settings, see <see cref="Concurrency.Precondition"/>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ChangedAt">When it was last changed.</param>
public sealed record ClinicView(
    ClinicSettings Settings, IReadOnlyDictionary<string, int> PlanVersions, string Tag, Instant CreatedAt, Instant ChangedAt);

/// <summary>One of all clinics.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">As patients know it.</param>
/// <param name="TimeZone">IANA.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ClinicListItem(string Id, string Name, string TimeZone, Instant CreatedAt);
