using FollowUp.Data.Moves;
using NodaTime;

namespace FollowUp.Data.Rows;

/// <summary>Where this copy of the store has gone to, or has come from.</summary>
internal sealed class MoveRow
{
    public required string Id { get; init; }
    public required MoveKind Kind { get; init; }
    public required Instant At { get; init; }

    /// <summary>What the copy holds is of this instant.</summary>
    public required Instant CopiedAt { get; init; }
    public required string Actor { get; init; }
    public string? Note { get; init; }

    /// <summary>Restored: nothing is sent until the operator says so.</summary>
    public bool Held { get; set; }

    /// <summary>Restored: the replies that came after the backup have been read again.</summary>
    public Instant? CaughtUpAt { get; set; }

    /// <summary>Moved out: taken back. Restored: texts may leave again.</summary>
    public Instant? EndedAt { get; set; }
}
