using FollowUp.Core.Timelines;
using NodaTime;

namespace FollowUp.Core.CarePlans;

/// <content>A clinic's own values in a plan.</content>
public sealed partial record CarePlan
{
    /// <summary>
    /// The plan as one clinic uses it: fields have its values and steps its times, both marked as the clinic's judgement. Id, version and
    /// texts stay.
    /// </summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> finds a problem.</exception>
    public CarePlan With(PlanOverrides overrides)
    {
        IReadOnlyList<OverrideProblem> problems = Check(overrides);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(overrides));
        }

        return this with
        {
            Fields = [.. Fields.Select(field => Set(field, overrides.Of(field.Name)))],
            Steps = StepsWith(overrides.Offsets),
            UnsetSteps = [.. UnsetSteps.Where(step => !overrides.Offsets.ContainsKey(step.Id))],
        };
    }

    /// <summary>What is wrong with a clinic's overrides of this plan; nothing if <see cref="With"/> takes them.</summary>
    public IReadOnlyList<OverrideProblem> Check(PlanOverrides overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        return
        [
            .. PlanField.Names.SelectMany(name => overrides.Of(name) is { } value ? CheckField(name, value) : []),
            .. overrides.Offsets.SelectMany(offset => CheckOffset(offset.Key, offset.Value)),
        ];
    }

    private static PlanField Set(PlanField field, Period? value) =>
        value is null ? field : field with { Value = value, Grade = EvidenceGrade.J, Source = $"Set by the clinic; {field.Source}" };

    private static PlanStep Set(PlanStep step, Period offset) =>
        step with { Offset = offset, Grade = EvidenceGrade.J, Source = $"Set by the clinic; {step.Source}" };

    private List<PlanStep> StepsWith(IReadOnlyDictionary<string, Period> offsets)
    {
        List<PlanStep> steps = [.. Steps.Select(step => offsets.TryGetValue(step.Id, out Period? offset) ? Set(step, offset) : step)];

        // From the last to the first, so that several behind one step keep their order.
        foreach (UnsetStep step in UnsetSteps.Where(step => offsets.ContainsKey(step.Id)).Reverse())
        {
            steps.Insert(steps.FindIndex(other => other.Id == step.After) + 1, step.At(offsets[step.Id]));
        }

        return steps;
    }

    private IEnumerable<OverrideProblem> CheckField(string name, Period value)
    {
        if (!Fields.Any(field => field.Name == name))
        {
            string known = Fields.Count == 0 ? "none" : string.Join(", ", Fields.Select(field => field.Name));
            yield return new(name, $"The plan '{Id}' has no field '{name}'.", $"Its fields are: {known}.");
        }
        else if (!PlanPeriods.IsLength(value))
        {
            yield return new(
                name,
                $"'{PlanPeriods.Write(value)}' cannot be said in a text.",
                "Write a number of hours, days, weeks or months up to a year, such as PT48H or P7D.");
        }
    }

    private IEnumerable<OverrideProblem> CheckOffset(string id, Period offset)
    {
        string name = $"offsets.{id}";
        PlanStep? step = Steps.FirstOrDefault(step => step.Id == id) is { } timed
            ? timed with { Offset = offset }
            : UnsetSteps.FirstOrDefault(step => step.Id == id)?.At(offset);
        if (step is null)
        {
            IEnumerable<string> ids = [.. Steps.Select(other => other.Id), .. UnsetSteps.Select(other => other.Id)];
            string remedy = $"{DidYouMean.Hint(id, ids)}Its steps are: {string.Join(", ", ids)}.";
            return [new(name, $"The plan '{Id}' has no step '{id}'.", remedy)];
        }

        return PlanStepRules.OfOffset(step, Series).Select(mistake => new OverrideProblem(name, mistake.Problem, mistake.Remedy));
    }
}

/// <summary>A clinic's value that the plan cannot take.</summary>
/// <param name="Field">A name of <see cref="PlanField.Names"/>, or <c>offsets.</c> and the step.</param>
/// <param name="Problem">What is wrong, as one sentence.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record OverrideProblem(string Field, string Problem, string Remedy)
{
    /// <summary>All of it in one line.</summary>
    public override string ToString() => $"{Field}: {Problem} {Remedy}";
}
