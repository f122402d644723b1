using FollowUp.Benchmarks;
using FollowUp.Benchmarks.Dashboard;
using FollowUp.Benchmarks.Engine;

const string usage = """
    Measures the engine of the embedded host on a temporary file, and in the same run what plain SQLite transactions reach; then the dashboard and
    the API over HTTP, with one session and with very many. Ends with 1 when a page takes ten times as long with many.

    Usage: dotnet run -c Release --project tests/FollowUp.Benchmarks [-- options]

      --only PART    engine or dashboard; default both
      --waiting N    how many waiting instances to measure beside, 1000 to 5000000; default 100000
      --sessions N   how many sessions the dashboard has, with ten messages each, 1000 to 1000000; default 100000
      --help         this text

    A start      ScheduleNewOrchestrationInstanceAsync was answered and the first step is committed.
    A step       a durable timer fires, an activity runs, its result and the next timer are committed (synchronous=FULL).
    The floor    the rows of a step in plain transactions of as many steps as the engine put into one, by one thread.
    A page       the median of 60 GETs over HTTP, each answered whole; those with one session and those with many take turns.
    """;

int waiting = 100_000;
int sessions = 100_000;
string only = string.Empty;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] is "--help" or "-h" or "-?")
    {
        Console.WriteLine(usage);
        return 0;
    }

    string value = i + 1 < args.Length ? args[i + 1] : string.Empty;
    bool isRead = args[i] switch
    {
        "--waiting" => int.TryParse(value, out waiting) && waiting is >= 1000 and <= 5_000_000,
        "--sessions" => int.TryParse(value, out sessions) && sessions is >= 1000 and <= 1_000_000,
        "--only" => (only = value) is "engine" or "dashboard",
        _ => false,
    };
    if (!isRead)
    {
        await Console.Error.WriteLineAsync($"Cannot read '{string.Join(' ', args[i..])}'.\n\n{usage}");
        return 2;
    }

    i++;
}

#if DEBUG
await Console.Error.WriteLineAsync("This is a debug build: run it with -c Release for figures that mean something.");
#endif
bool isFastEnough = true;
string folder = Directory.CreateTempSubdirectory("followup-benchmark-").FullName;
try
{
    if (only != "dashboard")
    {
        Report report = new("0 waiting", $"{waiting:N0} waiting");
        using ThroughputBenchmark benchmark = new(folder, waiting, report);
        await benchmark.RunAsync();
        report.Print();
    }

    if (only != "engine")
    {
        Report report = new("1 session", $"{sessions:N0} sessions", "times");
        isFastEnough = await new ListsBenchmark(Path.Combine(folder, "app"), sessions, report).RunAsync();
        report.Print();
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

return isFastEnough ? 0 : 1;
