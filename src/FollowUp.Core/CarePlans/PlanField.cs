using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>A piece of advice on which sources disagree, so that a clinic says it in its own numbers.</summary>
/// <param name="Name">One of <see cref="Names"/>, which is also its placeholder in texts.</param>
/// <param name="Value">How long the advice holds, as a number of one unit from hours to months; null until the clinic sets it.</param>
/// <param name="Source">What the sources say.</param>
/// <param name="Grade">How far they can be trusted.</param>
public sealed record PlanField(string Name, Period? Value, string Source, EvidenceGrade Grade)
{
    /// <summary>How long after a session sunscreen waits.</summary>
    public const string Sunscreen = "sunscreen";

    /// <summary>How long after a session make-up waits.</summary>
    public const string MakeUp = "makeUp";

    /// <summary>How long after a session exercise waits.</summary>
    public const string Exercise = "exercise";

    /// <summary>How long before a session retinoids and acids rest.</summary>
    public const string Retinoids = "retinoids";

    /// <summary>How long the sun is avoided.</summary>
    public const string Sun = "sun";

    /// <summary>Every field that a plan can have.</summary>
    public static IReadOnlyList<string> Names { get; } = [Sunscreen, MakeUp, Exercise, Retinoids, Sun];
}
