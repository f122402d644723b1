using NodaTime;

namespace FollowUp.Data.Planning;

/// <summary>What a session's orchestration does next, and when.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Step">The step it is about; null when there is nothing left to do.</param>
/// <param name="At">When; a past instant means at once. Null only for <see cref="NextActionKind.End"/>.</param>
public sealed record NextAction(NextActionKind Kind, string? Step, Instant? At)
{
    public static NextAction End { get; } = new(NextActionKind.End, null, null);
}

public enum NextActionKind
{
    /// <summary>Nothing is left to do.</summary>
    End,

    /// <summary>Send the step.</summary>
    Send,

    /// <summary>Find out what became of a send whose outcome is unknown.</summary>
    Settle,

    /// <summary>Only look again: the step waits for the clinic's word, and lapses at this instant.</summary>
    LookAgain,
}
