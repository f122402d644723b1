using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>A clinic's version of a shipped plan. Rows are added, never changed.</summary>
internal sealed class PlanVersionRow
{
    public required string ClinicId { get; init; }
    public required string PlanId { get; init; }
    public required int Version { get; init; }
    public required int BaseVersion { get; init; }
    public required string Settings { get; init; }
    public required Instant CreatedAt { get; init; }
}
