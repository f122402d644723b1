using System.Diagnostics;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;

namespace FollowUp.Benchmarks.Engine;

/// <summary>The whole engine on one file: starts and steps with nobody waiting, then the same beside many waiting instances.</summary>
internal sealed class ThroughputBenchmark(string folder, int waiting, Report report) : IDisposable
{
    private const int Courses = 4000;
    private const int Steps = 5;
    private const int CallersAtOnce = 256;
    private static readonly TimeSpan s_longWait = TimeSpan.FromDays(4000);

    private readonly SimulatedClock _clock = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero), double.PositiveInfinity);
    private readonly string _path = Path.Combine(folder, "engine.db");
    private IDisposable? _stillness;

    public async Task RunAsync()
    {
        _stillness = _clock.Hold();
        DurableEngine engine = await OpenAsync();
        await StartAllAsync(engine, "warm-up", "Course", Courses);
        await StepAllAsync(engine, Courses);

        Report.Progress($"starts and steps of {Courses:N0} instances");
        double startsAlone = await StartAllAsync(engine, "alone", "Course", Courses);
        Measured stepsAlone = await StepAllAsync(engine, Courses);
        double floorAlone = SqliteFloor.Measure(Path.Combine(folder, "floor.db"), Courses, stepsAlone.Batch);

        long before = Resident();
        Report.Progress($"filling up to {waiting:N0} waiting instances");
        await StartAllAsync(engine, "waits", "Waits", waiting);
        long filled = Resident();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long settled = Resident();

        Report.Progress($"starts and steps of {Courses:N0} instances beside them");
        double startsBeside = await StartAllAsync(engine, "beside", "Course", Courses);
        Measured stepsBeside = await StepAllAsync(engine, Courses);
        await engine.DisposeAsync();
        long reopening = Stopwatch.GetTimestamp();
        engine = await OpenAsync();
        double reopened = Stopwatch.GetElapsedTime(reopening).TotalSeconds;
        await engine.DisposeAsync();
        double floorBeside = SqliteFloor.Measure(_path, Courses, stepsBeside.Batch);

        report.Add("starts a second", $"{startsAlone:N0}", $"{startsBeside:N0}");
        report.Add("durable steps a second", $"{stepsAlone.PerSecond:N0}", $"{stepsBeside.PerSecond:N0}");
        report.Add("  commits of instances in one transaction", $"{stepsAlone.Batch:N0}", $"{stepsBeside.Batch:N0}");
        report.Add("floor: the same rows in plain transactions", $"{floorAlone:N0}", $"{floorBeside:N0}");
        report.Add("  engine : floor", Ratio(stepsAlone.PerSecond, floorAlone), Ratio(stepsBeside.PerSecond, floorBeside));
        report.Add("  beside those waiting : alone", $"{stepsBeside.PerSecond / stepsAlone.PerSecond:P0}");
        report.Add("resident memory, whole process", $"{before:N0} MB", $"{filled:N0} MB");
        report.Add("  after a garbage collection", $"{settled:N0} MB");
        report.Add("opening the file again", $"{reopened * 1000:N0} ms");
        report.Add("size of the file", $"{new FileInfo(_path).Length / 1_000_000:N0} MB");
    }

    public void Dispose()
    {
        _stillness?.Dispose();
        _clock.Dispose();
    }

    private static string Ratio(double engine, double floor) => $"1 : {floor / engine:N1}";

    private static long Resident() => Environment.WorkingSet / 1_000_000;

    private async Task<DurableEngine> OpenAsync()
    {
        TaskRegistry tasks = new();
        tasks.AddActivity<int, int>("Send", (_, step) => Task.FromResult(step));
        tasks.AddOrchestrator("Waits", async context =>
        {
            await context.CreateTimer(s_longWait, CancellationToken.None);
            return null;
        });
        tasks.AddOrchestrator("Course", async context =>
        {
            for (int step = 1; step <= Steps; step++)
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                await context.CallActivityAsync<int>("Send", step);
            }

            await context.CreateTimer(s_longWait, CancellationToken.None);
            return null;
        });
        DurableEngine engine = new(new EngineOptions { Path = _path }, tasks, _clock, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    /// <summary>Starts instances from many callers at once, time standing still, and gives starts a second.</summary>
    private static async Task<double> StartAllAsync(DurableEngine engine, string prefix, string orchestrator, int count)
    {
        long started = Stopwatch.GetTimestamp();
        ParallelOptions callers = new() { MaxDegreeOfParallelism = CallersAtOnce };
        await Parallel.ForAsync(0, count, callers, async (n, cancellation) =>
        {
            StartOrchestrationOptions options = new($"{prefix}-{n:0000000}");
            string id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, options, cancellation);
            await engine.Client.WaitForInstanceStartAsync(id, cancellation);
        });
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Lets time run over all the steps of the courses that were just started; all fall due at the same instants.</summary>
    private async Task<Measured> StepAllAsync(DurableEngine engine, int courses)
    {
        long commits = engine.GetStatus().Commits;
        TaskCompletionSource<IDisposable> arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ITimer end = _clock.CreateTimer(
            _ => arrived.TrySetResult(_clock.Hold()), null, TimeSpan.FromHours(Steps) + TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        long started = Stopwatch.GetTimestamp();
        _stillness?.Dispose();
        _stillness = await arrived.Task;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long transactions = Math.Max(1, engine.GetStatus().Commits - commits);

        // Every step is two commits of its instance: the timer with the activity's call, and the result with the next timer.
        return new Measured(courses * Steps / seconds, (int)Math.Max(1, 2L * courses * Steps / transactions));
    }

    /// <summary>Steps a second, and how many commits of instances went into one transaction on average.</summary>
    private sealed record Measured(double PerSecond, int Batch);
}
