namespace FollowUp.Benchmarks;

/// <summary>Collects the figures of one part and prints them as a table at the end; what is going on goes to the error stream.</summary>
/// <param name="columns">What the columns of figures are.</param>
internal sealed class Report(params string[] columns)
{
    private const int NameWidth = 46;
    private readonly List<(string Name, string[] Figures)> _lines = [];

    /// <summary>Says what is being done, so that nobody takes a long phase for a hang.</summary>
    public static void Progress(string what) => Console.Error.WriteLine($"... {what}");

    /// <summary>A line of figures; the last one stands in the last column, and so on from there.</summary>
    public void Add(string name, params string[] figures) => _lines.Add((name, figures));

    public void Print()
    {
        Console.WriteLine();
        Line($"{Environment.ProcessorCount} processors, {Environment.Version}", columns);
        foreach ((string name, string[] figures) in _lines)
        {
            Line(name, figures);
        }
    }

    private void Line(string name, string[] figures)
    {
        IEnumerable<string> padded = [.. Enumerable.Repeat(string.Empty, columns.Length - figures.Length), .. figures];
        Console.WriteLine($"{name,-NameWidth}{string.Concat(padded.Zip(columns, (figure, column) => $" {figure.PadLeft(Math.Max(14, column.Length))}"))}".TrimEnd());
    }
}
