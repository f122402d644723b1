using FollowUp.Benchmarks;

const string usage = """
    Measures the engine of the embedded host on a temporary file, and in the same run what plain SQLite transactions reach.

    Usage: dotnet run -c Release --project tests/FollowUp.Benchmarks [-- options]

      --waiting N    how many waiting instances to measure beside, 1000 to 5000000; default 100000
      --help         this text

    A start      ScheduleNewOrchestrationInstanceAsync was answered and the first step is committed.
    A step       a durable timer fires, an activity runs, its result and the next timer are committed (synchronous=FULL).
    The floor    the rows of a step in plain transactions of as many steps as the engine put into one, by one thread.
    """;

int waiting = 100_000;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] is "--help" or "-h" or "-?")
    {
        Console.WriteLine(usage);
        return 0;
    }

    if (args[i] == "--waiting" && i + 1 < args.Length && int.TryParse(args[i + 1], out waiting) && waiting is >= 1000 and <= 5_000_000)
    {
        i++;
        continue;
    }

    await Console.Error.WriteLineAsync($"Cannot read '{string.Join(' ', args[i..])}'.\n\n{usage}");
    return 2;
}

#if DEBUG
await Console.Error.WriteLineAsync("This is a debug build: run it with -c Release for figures that mean something.");
#endif
var report = new Report(waiting);
string folder = Directory.CreateTempSubdirectory("followup-benchmark-").FullName;
try
{
    using var benchmark = new ThroughputBenchmark(folder, waiting, report);
    await benchmark.RunAsync();
}
finally
{
    Directory.Delete(folder, recursive: true);
}

report.Print();
return 0;
