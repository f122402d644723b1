using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>One word of a patient on one kind of text. Rows are added, never changed.</summary>
internal sealed class ConsentRow
{
    public long Id { get; init; }
    public required string ClinicId { get; init; }
    public required string PatientId { get; init; }
    public required ConsentKind Kind { get; init; }
    public required bool Granted { get; init; }
    public required ConsentSource Source { get; init; }
    public string? Evidence { get; init; }
    public string? Method { get; init; }
    public string? Wording { get; init; }
    public required Instant At { get; init; }
}
