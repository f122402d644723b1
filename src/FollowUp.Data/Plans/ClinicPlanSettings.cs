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

    /// <summary>Whether the clinic's wordings may name the treatment.</summary>
    public bool NamesTreatment { get; init; }

    /// <summary>What the clinic's wordings are checked against: the plan with everything else that the clinic has set.</summary>
    /// <exception cref="PlanSettingsException">A step that is switched off is not there, or another step needs it.</exception>
    public CarePlan WithoutTexts(CarePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var own = plan.With(Overrides);
        foreach (var id in StepsOff)
        {
            var index = own.Steps.ToList().FindIndex(step => step.Id == id);
            if (index < 0)
            {
                throw new PlanSettingsException($"The plan has no step '{id}'. Use one of: {string.Join(", ", own.Steps.Select(step => step.Id))}.");
            }

            if (index + 1 < own.Steps.Count && own.Steps[index + 1] is { Anchor: StepAnchor.PreviousStep } next)
            {
                throw new PlanSettingsException($"The step '{next.Id}' is timed from '{id}'. Switch it off too, and first.");
            }

            own = own with { Steps = [.. own.Steps.Where(step => step.Id != id)] };
        }

        return own.Steps.Count > 0 ? own : throw new PlanSettingsException("No step is left. A clinic that wants no texts does not book with this plan.");
    }

    /// <summary>The plan as this clinic has it, under a version of its own.</summary>
    /// <exception cref="PlanSettingsException">See <see cref="WithoutTexts"/>.</exception>
    /// <exception cref="TextEditException">A wording cannot be used with the plan.</exception>
    public CarePlan ApplyTo(CarePlan plan, int version) =>
        WithoutTexts(plan).With(new TextEdits(TextEdits, NamesTreatment)) with { Version = version };
}

/// <summary>A clinic's settings do not fit the plan. The message says what to write instead.</summary>
public sealed class PlanSettingsException(string message) : Exception(message);
