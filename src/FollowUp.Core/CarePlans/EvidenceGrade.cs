namespace FollowUp.Core.CarePlans;

/// <summary>How far the source of a timing can be trusted.</summary>
public enum EvidenceGrade
{
    /// <summary>A regulator or peer-reviewed work.</summary>
    A,

    /// <summary>A clinic's published sheet.</summary>
    C,

    /// <summary>A judgement, ours or the clinic's: marked, and for the clinic to change.</summary>
    J,

    /// <summary>A weak source. Such a timing is never a default: its value is left empty for the clinic to set.</summary>
    W,
}
