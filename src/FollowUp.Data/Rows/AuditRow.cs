using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>Who did what to which id. Never holds a name, a number or a text.</summary>
internal sealed class AuditRow
{
    public long Id { get; init; }
    public required string ClinicId { get; init; }
    public required Instant At { get; init; }
    public required string Actor { get; init; }
    public required string Action { get; init; }
    public required string Subject { get; init; }
    public string? Detail { get; init; }
}
