using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>
/// One version of a care plan: what a patient is told, and when, around every session of a treatment course.
/// A plan never changes once it has a version; an edit makes the next version.
/// </summary>
public sealed record CarePlan
{
    /// <summary>The plan's identifier, the same in every version; see <see cref="Contacts.Identifier"/> for its form.</summary>
    public required string Id { get; init; }

    /// <summary>1 or more; a higher version replaces a lower one for new sessions only.</summary>
    public required int Version { get; init; }

    /// <summary>The treatment in words, for staff. It never appears in a text: a phone is read by others too.</summary>
    public required string Treatment { get; init; }

    /// <summary>How long one session takes; a session ends this long after its start.</summary>
    public required Duration SessionDuration { get; init; }

    /// <summary>How many sessions make a course and how far apart they are.</summary>
    public required Series Series { get; init; }

    /// <summary>The steps in the order of the file. Step ids are unique.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>Templates by language tag, then by text key. Every language has every key that a step uses, and <see cref="Texts.TextKey.OptOut"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts { get; init; }

    /// <summary>The language, of those in <see cref="Texts"/>, that is used for a patient whose language has no texts: the first in the file.</summary>
    public required string DefaultLanguage { get; init; }

    /// <summary>Whether the plan's authors had it approved by a clinician. A clinic's own approval is kept by the clinic, not here.</summary>
    public required bool ClinicianApproved { get; init; }
}

/// <summary>The course that a plan is for.</summary>
/// <param name="MinSessions">Fewest sessions of a usual course, 1 or more.</param>
/// <param name="MaxSessions">Most sessions of a course; not below <paramref name="MinSessions"/>.</param>
/// <param name="SpacingMin">From one session to the earliest time for the next: whole days, weeks or months.</param>
/// <param name="SpacingMax">From one session to the latest advised time for the next; not shorter than <paramref name="SpacingMin"/>.</param>
/// <param name="Source">Where these numbers come from.</param>
/// <param name="Grade">How far the source can be trusted.</param>
public sealed record Series(int MinSessions, int MaxSessions, Period SpacingMin, Period SpacingMax, string Source, EvidenceGrade Grade);

/// <summary>How far the source of a timing can be trusted. Weak sources are not shipped as defaults, so they have no grade here.</summary>
public enum EvidenceGrade
{
    /// <summary>A regulator or peer-reviewed work.</summary>
    A,

    /// <summary>A clinic's published sheet.</summary>
    C,

    /// <summary>Our own judgement: shipped, marked, and for the clinic to change.</summary>
    J,
}
