using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>That a patient was erased, and how much of theirs: counts alone.</summary>
internal sealed class ErasureRow
{
    public long Id { get; init; }
    public required string ClinicId { get; init; }
    public required Instant At { get; init; }
    public required string Actor { get; init; }
    public required int Sessions { get; init; }
    public required int TextsSent { get; init; }
    public required int TextsReceived { get; init; }
}
