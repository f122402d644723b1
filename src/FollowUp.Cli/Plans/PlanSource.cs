using FollowUp.Core.CarePlans;

namespace FollowUp.Cli.Plans;

/// <summary>Finds the plan that somebody names: one of the catalogue, or a file.</summary>
internal static class PlanSource
{
    /// <param name="name">A plan's id, or the path of a YAML file.</param>
    /// <exception cref="PlanNotFoundException">There is neither; the message says what there is.</exception>
    /// <exception cref="CarePlanException">The file has a mistake.</exception>
    public static CarePlan Find(string name)
    {
        if (CarePlanCatalogue.BuiltIn.Find(name) is { } known)
        {
            return known;
        }

        if (File.Exists(name))
        {
            return CarePlanReader.Read(File.ReadAllText(name), name);
        }

        string plans = string.Join(", ", CarePlanCatalogue.BuiltIn.Plans.Select(plan => plan.Id).Distinct());
        throw new PlanNotFoundException($"There is no file and no care plan '{name}'. The plans are: {plans}.");
    }
}

/// <summary>A name that is no plan and no file.</summary>
internal sealed class PlanNotFoundException(string message) : Exception(message);
