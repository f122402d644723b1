namespace FollowUp.Core.CarePlans;

/// <summary>Finds everything that is wrong or doubtful in a plan file.</summary>
public static class CarePlanValidator
{
    /// <summary>Looks at one file.</summary>
    /// <param name="yaml">The text of the file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <returns>Errors and warnings by line. Without errors the plan can be read; warnings are of plans that can be used.</returns>
    public static IReadOnlyList<CarePlanProblem> Validate(string yaml, string file)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(file);
        PlanProblems problems = new(file);
        if (CarePlanReader.Read(yaml, problems, out YamlSection? root) is { } plan)
        {
            WarnOfLoad(plan, root!);
            WarnOfIdleFields(plan, root!);
        }

        return problems.InOrder;
    }

    private static void WarnOfLoad(CarePlan plan, YamlSection root)
    {
        int all = PlanLoad.MostTextsInAYear(plan, essentialsOnly: false);
        if (all >= PlanLoad.ManyTextsAYear)
        {
            root.Doubt(
                "steps",
                $"A patient can get {all} texts of this plan in a year; {PlanLoad.ManyTextsAYear} or more are linked to more opt-outs "
                    + "(JAMA Netw Open 2021.3479).",
                "Keep steps to 'sessions: first' where that will do, and offer essentials only "
                    + $"({PlanLoad.MostTextsInAYear(plan, essentialsOnly: true)} texts).");
        }
    }

    private static void WarnOfIdleFields(CarePlan plan, YamlSection root)
    {
        string texts = string.Concat(plan.Texts.Values.SelectMany(language => language.Values));
        foreach (string name in plan.Fields.Select(field => field.Name).Where(name => !texts.Contains($"{{{name}}}", StringComparison.Ordinal)))
        {
            root.Doubt(
                "fields",
                $"No text says the field '{name}', so it does nothing.",
                $"Write [... {{{name}}}|...] in a text, or leave the field out.");
        }
    }
}
