using FollowUp.Data.Rows;
using NodaTime;

namespace FollowUp.Data.Keys;

/// <summary>Whether a key opens anything, spelled by <see cref="EnumText"/>.</summary>
public enum ApiKeyState
{
    Active,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Somebody ended it.</summary>
    Ended,
}

/// <summary>A key to the API, as it may be shown: never the key itself, which nobody has but its owner.</summary>
/// <param name="Id">Made from the name, and never used again; the audit names it as <see cref="Actor"/>.</param>
/// <param name="Name">What the admin called it.</param>
/// <param name="Clinic">The one clinic that it is for; null for all.</param>
/// <param name="ReadOnly">Whether it reads and changes nothing.</param>
/// <param name="State">As of the moment that it was asked for.</param>
/// <param name="EndsAt">From this instant on it opens nothing; null for never.</param>
/// <param name="EndedAt">When somebody ended it; null if nobody did.</param>
/// <param name="EndedBy">Who did, as the audit names them.</param>
/// <param name="LastUsedAt">To the minute; null if never.</param>
public sealed record ApiKey(
    string Id,
    string Name,
    string? Clinic,
    bool ReadOnly,
    ApiKeyState State,
    Instant CreatedAt,
    string CreatedBy,
    Instant? EndsAt,
    Instant? EndedAt,
    string? EndedBy,
    Instant? LastUsedAt)
{
    /// <summary>How the audit names whoever used the key.</summary>
    public string Actor => $"key:{Id}";

    internal static ApiKey Of(ApiKeyRow row, Instant now) => new(
        row.Id,
        row.Name,
        row.ClinicId,
        row.ReadOnly,
        row.EndedAt is not null ? ApiKeyState.Ended : row.EndsAt <= now ? ApiKeyState.Expired : ApiKeyState.Active,
        row.CreatedAt,
        row.CreatedBy,
        row.EndsAt,
        row.EndedAt,
        row.EndedBy,
        row.LastUsedAt);
}

/// <summary>What a new key is to be.</summary>
public sealed record NewApiKey
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 60;

    /// <summary>What it is called: 1 to <see cref="LongestName"/> characters, none of them a control character. It need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>The one clinic that it is for, which must be there; null for all clinics.</summary>
    public string? Clinic { get; init; }

    /// <summary>Whether it may read only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The first instant at which it opens nothing any more; null for never.</summary>
    public Instant? EndsAt { get; init; }
}

/// <summary>A key that was made just now. This is the only time that the key itself is seen.</summary>
public sealed record MadeApiKey(ApiKey Key, string Secret)
{
    /// <summary>The id alone: the secret must not get into a log.</summary>
    public override string ToString() => Key.Id;
}
