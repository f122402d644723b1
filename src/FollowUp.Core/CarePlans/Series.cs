using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>
/// The course that a plan is for: how many sessions, how far apart. What only weak sources tell, or what a treatment does not have, is null.
/// </summary>
/// <param name="MinSessions">Fewest sessions of a usual course, 1 or more; null exactly if <paramref name="MaxSessions"/> is.</param>
/// <param name="MaxSessions">Most sessions of a course; not below <paramref name="MinSessions"/>.</param>
/// <param name="SpacingMin">From one session to the earliest time for the next, a number of days, weeks or months; null for a single session.</param>
/// <param name="SpacingMax">From one session to the latest advised time for the next; not shorter than <paramref name="SpacingMin"/>; null where there is none.</param>
/// <param name="Source">Where these numbers come from.</param>
/// <param name="Grade">How far the source can be trusted.</param>
public sealed record Series(int? MinSessions, int? MaxSessions, Period? SpacingMin, Period? SpacingMax, string Source, EvidenceGrade Grade)
{
    /// <summary>Where the number of sessions comes from; <see cref="Source"/>, unless the plan tells them apart.</summary>
    public string SessionsSource { get; init; } = Source;

    /// <summary>How far that source can be trusted. With <see cref="EvidenceGrade.W"/> there are no numbers.</summary>
    public EvidenceGrade SessionsGrade { get; init; } = Grade;

    /// <summary>Whether a course is one session, after which no further one is planned.</summary>
    public bool IsSingle => MaxSessions == 1;
}
