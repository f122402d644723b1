using FollowUp.Data.Bulk;
using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>One command on many sessions.</summary>
internal sealed class BulkCommandRow
{
    public required string ClinicId { get; init; }
    public required string Id { get; init; }
    public required string Command { get; init; }
    public string? Step { get; init; }
    public int? PlanVersion { get; init; }

    /// <summary>JSON, without the words that were searched for.</summary>
    public required string Filter { get; init; }
    public required string Actor { get; init; }
    public required BulkState State { get; set; }
    public required int Total { get; set; }
    public int Done { get; set; }
    public int Unchanged { get; set; }
    public int Refused { get; set; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; set; }
    public Instant? EndedAt { get; set; }
}

/// <summary>One session of a command on many.</summary>
internal sealed class BulkCommandItemRow
{
    public required string ClinicId { get; init; }
    public required string BulkId { get; init; }

    /// <summary>From 1, in the order in which they are done.</summary>
    public required int Number { get; init; }
    public required string SessionId { get; init; }
    public required BulkOutcome Outcome { get; set; }
    public string? Reason { get; set; }
    public int Failures { get; set; }
}
