using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>The clinician who answers for a version of a plan at a clinic.</summary>
internal sealed class PlanApprovalRow
{
    public required string ClinicId { get; init; }
    public required string PlanId { get; init; }
    public required int Version { get; init; }
    public required string ApprovedBy { get; set; }
    public required Instant ApprovedAt { get; set; }
}
