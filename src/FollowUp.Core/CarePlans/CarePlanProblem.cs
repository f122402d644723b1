namespace FollowUp.Core.CarePlans;

/// <summary>Something wrong, or doubtful, in a plan file.</summary>
/// <param name="File">The file as it was named to the reader.</param>
/// <param name="Line">Line of the mistake, from 1.</param>
/// <param name="Problem">What is wrong, as one sentence.</param>
/// <param name="Remedy">What to write instead, as one sentence or two.</param>
/// <param name="IsWarning">Whether the plan can be used all the same.</param>
public sealed record CarePlanProblem(string File, int Line, string Problem, string Remedy, bool IsWarning)
{
    /// <summary><c>file:line: problem remedy</c>, a warning with that word in front of the problem.</summary>
    public override string ToString() => $"{File}:{Line}: {(IsWarning ? "warning: " : "")}{Problem} {Remedy}";
}
