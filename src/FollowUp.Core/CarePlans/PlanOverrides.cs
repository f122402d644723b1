using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <summary>
/// What one clinic sets in a plan without editing it: the advice on which sources disagree, and the time of single steps. Give it to
/// <see cref="CarePlan.With"/>.
/// </summary>
public sealed record PlanOverrides
{
    /// <summary>Nothing is changed.</summary>
    public static PlanOverrides None { get; } = new();

    /// <summary>How long after a session sunscreen waits; null for the plan's value.</summary>
    public Period? Sunscreen { get; init; }

    /// <summary>How long after a session make-up waits; null for the plan's value.</summary>
    public Period? MakeUp { get; init; }

    /// <summary>How long after a session exercise waits; null for the plan's value.</summary>
    public Period? Exercise { get; init; }

    /// <summary>How long before a session retinoids and acids rest; null for the plan's value.</summary>
    public Period? Retinoids { get; init; }

    /// <summary>How long the sun is avoided; null for the plan's value.</summary>
    public Period? Sun { get; init; }

    /// <summary>Offsets by step id; see <see cref="PlanStep.Offset"/>. It switches a step of <see cref="CarePlan.UnsetSteps"/> on.</summary>
    public IReadOnlyDictionary<string, Period> Offsets { get; init; } = new Dictionary<string, Period>();

    /// <summary>The value of a field by its name; null if it is not set here.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such field.</exception>
    public Period? Of(string field) => field switch
    {
        PlanField.Sunscreen => Sunscreen,
        PlanField.MakeUp => MakeUp,
        PlanField.Exercise => Exercise,
        PlanField.Retinoids => Retinoids,
        PlanField.Sun => Sun,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, null),
    };
}
