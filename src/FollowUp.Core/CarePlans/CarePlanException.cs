namespace FollowUp.Core.CarePlans;

/// <summary>A care plan that cannot be used: where it is wrong and what to write instead.</summary>
public sealed class CarePlanException : Exception
{
    /// <summary>Describes one mistake in a plan file.</summary>
    public CarePlanException(string file, int line, string problem, string remedy, Exception? innerException = null)
        : base($"{file}:{line}: {problem} {remedy}", innerException)
    {
        File = file;
        Line = line;
        Problem = problem;
        Remedy = remedy;
    }

    /// <summary>The file as it was named to the reader.</summary>
    public string File { get; }

    /// <summary>Line of the mistake, from 1.</summary>
    public int Line { get; }

    /// <summary>What is wrong, as one sentence.</summary>
    public string Problem { get; }

    /// <summary>What to write instead, as one sentence.</summary>
    public string Remedy { get; }
}
