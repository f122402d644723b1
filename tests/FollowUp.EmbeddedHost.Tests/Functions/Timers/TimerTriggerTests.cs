using System.Threading.Channels;
using FollowUp.EmbeddedHost.Clock;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Tests.Functions.Timers;

/// <summary>functions-behaviour.md, section 5: timer triggers, over a whole host with a simulated clock.</summary>
public sealed class TimerTriggerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_timer_function_runs_at_its_occurrences_with_middleware_around_it_and_the_clock_stands_still_meanwhile()
    {
        var runs = Channel.CreateUnbounded<Run>();
        int around = 0;
        var setup = Simulated(runs, "2026-11-22T10:00:30Z", "0.02") with
        {
            BeforeWeb = builder => builder.Use(next => context =>
            {
                Interlocked.Increment(ref around);
                return next(context);
            }),
        };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(EveryTenMinutes));

        Run first = await runs.Reader.ReadAsync(Token);
        Run second = await runs.Reader.ReadAsync(Token);

        Assert.False(first.Timer.IsPastDue);
        Assert.Equal(new DateTime(2026, 11, 22, 10, 10, 0, DateTimeKind.Utc), first.Timer.ScheduleStatus!.Next);
        Assert.True(first.Now >= new DateTimeOffset(2026, 11, 22, 10, 10, 0, TimeSpan.Zero));
        Assert.Equal(first.Now, first.Later);
        Assert.True(second.Now > first.Now);
        Assert.Equal(first.Timer.ScheduleStatus.Next, second.Timer.ScheduleStatus!.Last);
        Assert.True(around >= 2);
    }

    [Fact]
    public async Task An_occurrence_missed_while_the_host_was_down_runs_once_and_is_past_due()
    {
        var runs = Channel.CreateUnbounded<Run>();
        var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "data", "timers"));
        folder.Write("data/timers/EveryTenMinutes.json", """{ "Last": "2026-11-22T07:00:00Z", "Next": "2026-11-22T07:10:00Z", "LastUpdated": "2026-11-22T07:00:01Z" }""");
        await using TestHost host = await TestHost.StartAsync(Simulated(runs, "2026-11-22T10:00:30Z", "jump") with { Folder = folder }, typeof(EveryTenMinutes));

        Run run = await runs.Reader.ReadAsync(Token);

        Assert.True(run.Timer.IsPastDue);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 0, 30, TimeSpan.Zero), run.Now);

        // Eighteen occurrences passed; they make one run. A jumping clock, with nothing else to do, then stands still.
        await host.StopAsync();
        Assert.False(runs.Reader.TryRead(out _));
        Assert.Contains("\"Last\":\"2026-11-22T07:10:00Z\",\"Next\":\"2026-11-22T10:10:00Z\"", Kept(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_monitored_timer_waits_for_its_first_occurrence_and_is_kept_from_the_start()
    {
        var runs = Channel.CreateUnbounded<Run>();
        await using TestHost host = await TestHost.StartAsync(Simulated(runs, "2026-11-22T10:00:30Z", "jump"), typeof(EveryTenMinutes));

        await host.StopAsync();

        Assert.False(runs.Reader.TryRead(out _));
        Assert.Contains("\"Next\":\"2026-11-22T10:10:00Z\"", Kept(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunOnStartup_runs_at_once_and_a_schedule_may_come_from_the_settings()
    {
        var runs = Channel.CreateUnbounded<Run>();
        var setup = Simulated(runs, "2026-11-22T10:00:30Z", "jump");
        await using TestHost host = await TestHost.StartAsync(setup with { Arguments = [.. setup.Arguments, "--Nightly", "0 0 3 * * *"] }, typeof(AtStart));

        Run run = await runs.Reader.ReadAsync(Token);

        Assert.False(run.Timer.IsPastDue);
        Assert.Null(run.Timer.ScheduleStatus);
    }

    [Fact]
    public async Task A_run_that_fails_is_logged_and_the_next_one_comes_all_the_same()
    {
        var runs = Channel.CreateUnbounded<Run>();
        TestHost.Setup setup = Simulated(runs, "2026-11-22T10:00:30Z", "0.02");
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Failing));

        await runs.Reader.ReadAsync(Token);
        await runs.Reader.ReadAsync(Token);

        Assert.Contains(setup.Log.Lines, line => line.Contains("Timer function Failing failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Runs_do_not_overlap_and_occurrences_during_a_run_make_one_run_after_it()
    {
        var runs = Channel.CreateUnbounded<Run>();
        var overlap = new Overlap();
        TestHost.Setup setup = Simulated(runs, "2026-11-22T10:00:30Z", "20");
        Action<Microsoft.Azure.Functions.Worker.Builder.FunctionsApplicationBuilder>? services = setup.AfterWeb;
        await using TestHost host = await TestHost.StartAsync(
            setup with
            {
                AfterWeb = builder =>
                {
                    services!(builder);
                    builder.Services.AddSingleton(overlap);
                },
            },
            typeof(Counted));

        for (int i = 0; i < 5; i++)
        {
            await runs.Reader.ReadAsync(Token);
        }

        Assert.Equal(1, overlap.Most);
    }

    private static string Kept(TestHost host) => File.ReadAllText(Path.Combine(host.Folder, "data", "timers", "EveryTenMinutes.json"));

    private static TestHost.Setup Simulated(Channel<Run> runs, string start, string daysPerSecond) => new()
    {
        Arguments = ["--FollowUp:Clock:Start", start, "--FollowUp:Clock:DaysPerSecond", daysPerSecond],
        AfterWeb = builder => builder.Services.AddSingleton(runs.Writer),
    };

    public sealed record Run(TimerInfo Timer, DateTimeOffset Now, DateTimeOffset Later);

    public sealed class Overlap
    {
        private int _running;

        public int Most { get; private set; }

        public void Enter() => Most = Math.Max(Most, Interlocked.Increment(ref _running));

        public void Leave() => Interlocked.Decrement(ref _running);
    }

    public sealed class EveryTenMinutes(ChannelWriter<Run> runs, HostClock clock)
    {
        [Function("EveryTenMinutes")]
        public async Task RunAsync([TimerTrigger("0 */10 * * * *")] TimerInfo timer)
        {
            DateTimeOffset now = clock.GetUtcNow();
            for (int i = 0; i < 100; i++)
            {
                await Task.Yield();
            }

            runs.TryWrite(new Run(timer, now, clock.GetUtcNow()));
        }
    }

    public sealed class AtStart(ChannelWriter<Run> runs, TimeProvider clock)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("%Nightly%", RunOnStartup = true, UseMonitor = false)] TimerInfo timer)
            => runs.TryWrite(new Run(timer, clock.GetUtcNow(), clock.GetUtcNow()));
    }

    public sealed class Failing(ChannelWriter<Run> runs)
    {
        [Function("Failing")]
        public void Run([TimerTrigger("0 */10 * * * *")] TimerInfo timer)
        {
            runs.TryWrite(new Run(timer, default, default));
            throw new InvalidOperationException("on purpose");
        }
    }

    public sealed class Counted(ChannelWriter<Run> runs, Overlap overlap)
    {
        [Function("Counted")]
        public async Task RunAsync([TimerTrigger("*/1 * * * * *")] TimerInfo timer)
        {
            overlap.Enter();
            await Task.Yield();
            overlap.Leave();
            runs.TryWrite(new Run(timer, default, default));
        }
    }
}
