using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>
/// One version of a care plan: what a patient is told, and when, around every session of a treatment course.
/// A plan never changes once it has a version; an edit makes the next version.
/// </summary>
public sealed partial record CarePlan
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

    /// <summary>The steps that have a time, in the order of the file. Step ids are unique, over <see cref="UnsetSteps"/> too.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>
    /// Steps whose time is left to the clinic, since only weak sources have one. They are off until <see cref="With"/> sets it, so no
    /// timeline has them.
    /// </summary>
    public IReadOnlyList<UnsetStep> UnsetSteps { get; init; } = [];

    /// <summary>The advice on which sources disagree, with its value here if it has one. Texts say it by the field's name, as in <c>{exercise}</c>.</summary>
    public IReadOnlyList<PlanField> Fields { get; init; } = [];

    /// <summary>Templates by language tag, then by text key. Every language has every key that a step uses, and <see cref="Texts.TextKey.OptOut"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts { get; init; }

    /// <summary>The language, of those in <see cref="Texts"/>, that is used for a patient whose language has no texts: the first in the file.</summary>
    public required string DefaultLanguage { get; init; }

    /// <summary>Whether the plan's authors had it approved by a clinician. A clinic's own approval is kept by the clinic, not here.</summary>
    public required bool ClinicianApproved { get; init; }

    /// <summary>Where each number of the plan comes from, and which are left to the clinic.</summary>
    public PlanEvidence Evidence => PlanEvidence.Of(this);
}
