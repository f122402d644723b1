using YamlDotNet.RepresentationModel;

namespace FollowUp.Core.CarePlans;

/// <summary>Collects what is wrong in one file, so that an author sees all of it at once.</summary>
internal sealed class PlanProblems(string file)
{
    private readonly List<CarePlanProblem> found = [];

    /// <summary>What was found, by line.</summary>
    public IReadOnlyList<CarePlanProblem> InOrder => [.. found.OrderBy(problem => problem.Line)];

    public int ErrorCount => found.Count(problem => !problem.IsWarning);

    public void Add(YamlNode at, string problem, string remedy) => Add(LineOf(at), problem, remedy);

    public void Add(int line, string problem, string remedy) => found.Add(new CarePlanProblem(file, line, problem, remedy, IsWarning: false));

    public void Warn(YamlNode at, string problem, string remedy) =>
        found.Add(new CarePlanProblem(file, LineOf(at), problem, remedy, IsWarning: true));

    private static int LineOf(YamlNode at) => checked((int)Math.Max(at.Start.Line, 1));
}
