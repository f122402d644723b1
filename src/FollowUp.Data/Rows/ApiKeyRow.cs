using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>A key to the API. Of the key itself only the hash is known.</summary>
internal sealed class ApiKeyRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Hash { get; init; }
    public string? ClinicId { get; init; }
    public required bool ReadOnly { get; init; }
    public required Instant CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public Instant? EndsAt { get; init; }
    public Instant? EndedAt { get; set; }
    public string? EndedBy { get; set; }
    public Instant? LastUsedAt { get; set; }
}
