namespace FollowUp.Benchmarks;

/// <summary>Collects the figures and prints them as one table at the end; what is going on goes to the error stream.</summary>
internal sealed class Report(int waiting)
{
    private readonly List<string> _lines = [];

    /// <summary>Says what is being done, so that nobody takes a long phase for a hang.</summary>
    public static void Progress(string what) => Console.Error.WriteLine($"... {what}");

    /// <summary>A figure with nobody waiting and the same with all of them.</summary>
    public void Add(string name, string alone, string beside) => _lines.Add($"{name,-46} {alone,14} {beside,18}");

    /// <summary>A figure that only makes sense with all of them waiting.</summary>
    public void Add(string name, string beside) => Add(name, string.Empty, beside);

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine($"{$"{Environment.ProcessorCount} processors, {Environment.Version}",-46} {"0 waiting",14} {$"{waiting:N0} waiting",18}");
        _lines.ForEach(Console.WriteLine);
    }
}
