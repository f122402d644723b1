using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;

namespace FollowUp.Data.Plans;

/// <summary>What a clinic has made of one shipped plan.</summary>
public sealed record ClinicPlanSettings
{
    /// <summary>Advice in the clinic's own numbers, and times of single steps.</summary>
    public PlanOverrides Overrides { get; init; } = PlanOverrides.None;

    /// <summary>Ids of the steps that the clinic does not want.</summary>
    public IReadOnlyList<string> StepsOff { get; init; } = [];

    /// <summary>Texts in the clinic's own words.</summary>
    public IReadOnlyList<TextEdit> TextEdits { get; init; } = [];

    /// <summary>Whether texts may name the treatment. A phone is read by others too, so the clinic must want it.</summary>
    public bool NamesTreatment { get; init; }

    /// <summary>The plan with all that the clinic has set but its wordings, which are checked against this.</summary>
    /// <exception cref="ArgumentException">The plan cannot take the overrides; <see cref="CarePlan.Check"/> lists why.</exception>
    /// <exception cref="StepsOffException">A step that is switched off is not there, or another step needs it.</exception>
    public CarePlan WithoutTexts(CarePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var own = plan.With(Overrides);
        if (StepsOff.FirstOrDefault(id => own.Steps.All(step => step.Id != id)) is { } unknown)
        {
            throw new StepsOffException($"The plan has no step '{unknown}'. Its steps are: {string.Join(", ", own.Steps.Select(step => step.Id))}.");
        }

        for (var index = 1; index < own.Steps.Count; index++)
        {
            if (own.Steps[index] is { Anchor: StepAnchor.PreviousStep } step && !IsOff(step) && IsOff(own.Steps[index - 1]))
            {
                throw new StepsOffException($"The step '{step.Id}' is timed from '{own.Steps[index - 1].Id}'. Switch both off, or neither.");
            }
        }

        own = own with { Steps = [.. own.Steps.Where(step => !IsOff(step))] };
        return own.Steps.Count > 0 ? own : throw new StepsOffException("No step is left. Leave one on at least.");
    }

    /// <summary>The plan as this clinic has it, under a version of its own.</summary>
    /// <exception cref="ArgumentException">See <see cref="WithoutTexts"/>.</exception>
    /// <exception cref="StepsOffException">See <see cref="WithoutTexts"/>.</exception>
    /// <exception cref="TextEditException">A wording cannot be used with the plan.</exception>
    public CarePlan ApplyTo(CarePlan plan, int version) =>
        WithoutTexts(plan).With(new TextEdits(TextEdits, NamesTreatment)) with { Version = version };

    private bool IsOff(PlanStep step) => StepsOff.Contains(step.Id, StringComparer.Ordinal);
}

/// <summary>The steps that a clinic has switched off do not fit the plan. The message says what to write instead.</summary>
public sealed class StepsOffException(string message) : Exception(message);
