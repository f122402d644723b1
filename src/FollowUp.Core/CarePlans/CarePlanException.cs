namespace FollowUp.Core.CarePlans;

/// <summary>A care plan that cannot be used: where it is wrong and what to write instead.</summary>
public sealed class CarePlanException : Exception
{
    /// <summary>Describes the mistakes in a plan file.</summary>
    /// <param name="problems">At least one.</param>
    public CarePlanException(IReadOnlyList<CarePlanProblem> problems)
        : base(string.Join(Environment.NewLine, problems ?? throw new ArgumentNullException(nameof(problems)))) => Problems = problems;

    /// <summary>Every mistake, by line.</summary>
    public IReadOnlyList<CarePlanProblem> Problems { get; }

    /// <summary>The file as it was named to the reader.</summary>
    public string File => Problems[0].File;

    /// <summary>Line of the first mistake, from 1.</summary>
    public int Line => Problems[0].Line;

    /// <summary>What is wrong there, as one sentence.</summary>
    public string Problem => Problems[0].Problem;

    /// <summary>What to write there instead, as one sentence or two.</summary>
    public string Remedy => Problems[0].Remedy;
}
