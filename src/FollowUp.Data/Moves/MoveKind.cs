namespace FollowUp.Data.Moves;

/// <summary>What became of a copy of the store; spelled in kebab case.</summary>
public enum MoveKind
{
    /// <summary>It has been exported, and lives on elsewhere: this copy sends nothing any more.</summary>
    MovedOut,

    /// <summary>It has come from an export.</summary>
    MovedIn,

    /// <summary>It has come from a backup, and does not know what happened since.</summary>
    Restored,
}
