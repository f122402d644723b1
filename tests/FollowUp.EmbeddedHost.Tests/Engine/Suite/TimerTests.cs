using System.Globalization;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 3: timers.</summary>
public abstract class TimerTests : EngineSuite
{
    [Theory, Row("3", "0, -1 ms, -5 s"), Row("3", "Timeout.InfiniteTimeSpan")]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-5000)]
    public async Task A_timer_that_is_already_due_fires_at_once(int milliseconds)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, DateTime>("Timer", async (context, delay) =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(delay), CancellationToken.None);
            return context.CurrentUtcDateTime;
        }));

        var ended = await engine.CompletionAsync(await engine.StartAsync("Timer", milliseconds)); // time stands still

        Assert.Equal(EngineSetup.Monday.UtcDateTime, EngineUnderTest.Output<DateTime>(ended));
    }

    [Theory, Row("3", "past date, DateTime.MinValue")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2026-11-23T11:59:59Z")]
    public async Task A_timer_at_a_past_date_fires_at_once(string date)
    {
        await using var engine = await OpenAsync(FiresAt);

        var ended = await engine.CompletionAsync(await engine.StartAsync("FiresAt", Utc(date)));

        Assert.Equal(EngineSetup.Monday.UtcDateTime, EngineUnderTest.Output<DateTime>(ended));
    }

    [Theory, Row("3", "TimeSpan.MinValue / MaxValue")]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task A_delay_beyond_the_calendar_is_an_argument_error(long ticks)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<long, string>("Timer", async (context, delay) =>
        {
            try
            {
                await context.CreateTimer(TimeSpan.FromTicks(delay), CancellationToken.None);
                return "no error";
            }
            catch (ArgumentOutOfRangeException error)
            {
                return error.Message;
            }
        }));

        Assert.Equal(
            "The added or subtracted value results in an un-representable DateTime. (Parameter 'value')",
            await engine.ResultAsync<string>("Timer", ticks));
    }

    [Fact, Row("3", "DateTime.MaxValue")]
    public async Task A_timer_at_the_end_of_the_calendar_keeps_the_instance_running()
    {
        await using var engine = await OpenAsync(FiresAt);
        var id = await engine.StartAsync("FiresAt", DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc));

        await engine.PassAsync(TimeSpan.FromDays(10));

        Assert.Equal(Running, (await engine.LookAsync(id)).RuntimeStatus);
    }

    [Fact, Row("3", "CurrentUtcDateTime: after timer = episode start, so >= due time"), Row("3", "DateTime kind: Utc exact")]
    public async Task A_timer_fires_at_its_instant_and_that_is_the_time_of_the_episode()
    {
        await using var engine = await OpenAsync(FiresAt);

        Assert.Equal(Utc("2026-12-01T10:00:00Z"), await engine.ResultAsync<DateTime>("FiresAt", Utc("2026-12-01T10:00:00Z")));
    }

    [Theory, Row("3", "DateTime kind: Local and Unspecified both mean machine local time")]
    [InlineData(DateTimeKind.Local)]
    [InlineData(DateTimeKind.Unspecified)]
    public async Task A_date_that_is_not_utc_by_kind_means_the_machines_local_time(DateTimeKind kind)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Local", async context =>
        {
            var local = DateTime.SpecifyKind(context.CurrentUtcDateTime.AddHours(30).ToLocalTime(), kind);
            await context.CreateTimer(local, CancellationToken.None);
            return context.CurrentUtcDateTime;
        }));

        Assert.Equal(EngineSetup.Monday.UtcDateTime.AddHours(30), await engine.ResultAsync<DateTime>("Local"));
    }

    [Fact, Row("3", "CurrentUtcDateTime: constant inside an episode, Kind is Utc")]
    public async Task The_time_of_an_episode_is_constant_and_the_same_on_every_replay()
    {
        var seen = new List<string>();
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Times", async context =>
        {
            var start = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromHours(5), CancellationToken.None);
            var middle = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromHours(5), CancellationToken.None);
            lock (seen)
            {
                seen.Add($"{start:o} {middle:o} {context.CurrentUtcDateTime:o}");
            }

            return await context.WaitForExternalEvent<string>("end");
        }));
        var id = await engine.StartAsync("Times");
        await engine.PassAsync(TimeSpan.FromHours(11));
        await engine.RestartAsync(downFor: TimeSpan.FromHours(3));
        await engine.Client.RaiseEventAsync(id, "end", "end");
        await engine.FinishAsync(id);

        Assert.True(seen.Count >= 2); // once when it happened, once on the replay after the restart
        Assert.All(seen, line => Assert.Equal(
            "2026-11-23T12:00:00.0000000Z 2026-11-23T17:00:00.0000000Z 2026-11-23T22:00:00.0000000Z", line));
    }

    [Theory, Row("3", "400 days")]
    [InlineData(400)]
    [InlineData(4000)]
    public async Task A_timer_may_be_longer_than_any_timer_of_the_machine(int days)
    {
        await using var engine = await OpenAsync(FiresAt);
        var due = EngineSetup.Monday.UtcDateTime.AddDays(days);

        Assert.Equal(due, await engine.ResultAsync<DateTime>("FiresAt", due));
    }

    [Fact, Row("own", "400 days: the real engine makes pieces of three days, this one a single timer")]
    public async Task A_long_timer_is_one_timer_and_takes_one_task_id()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Long", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
            try
            {
                await context.CallActivityAsync("Missing");
                return -1;
            }
            catch (TaskFailedException failure)
            {
                return failure.TaskId;
            }
        }));

        Assert.Equal(1, await engine.ResultAsync<int>("Long"));
    }

    [Fact, Row("3", "Cancelled timer, awaited"), Row("3", "Token already cancelled")]
    public async Task A_cancelled_timer_throws_TaskCanceledException()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<bool, string>("Cancels", async (context, before) =>
        {
            using var cancel = new CancellationTokenSource();
            if (before)
            {
                cancel.Cancel();
            }

            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
            cancel.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (TaskCanceledException cancelled)
            {
                return cancelled.Message;
            }
        }));

        foreach (bool before in new[] { false, true })
        {
            var ended = await engine.CompletionAsync(await engine.StartAsync("Cancels", before)); // at once: time stands still
            Assert.Equal("A task was canceled.", EngineUnderTest.Output<string>(ended));
        }
    }

    [Fact, Row("3", "Token already cancelled: TimerCreated is still written")]
    public async Task A_timer_that_was_cancelled_before_it_began_still_takes_a_task_id()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Cancels", async context =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(1), new CancellationToken(canceled: true));
            try
            {
                await context.CallActivityAsync("Missing");
                return -1;
            }
            catch (TaskFailedException failure)
            {
                return failure.TaskId;
            }
        }));

        Assert.Equal(1, await engine.ResultAsync<int>("Cancels"));
    }

    [Fact, Row("3", "Cancelled timer pending, orchestrator returns")]
    public async Task A_cancelled_timer_does_not_keep_the_instance()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Cancels", async context =>
        {
            using var cancel = new CancellationTokenSource();
            _ = context.CreateTimer(TimeSpan.FromDays(400), cancel.Token);
            await context.WaitForExternalEvent<string>("go");
            cancel.Cancel();
            return "returned";
        }));
        var id = await engine.StartAsync("Cancels");
        await engine.SettleAsync();
        await engine.Client.RaiseEventAsync(id, "go");

        Assert.Equal("returned", EngineUnderTest.Output<string>(await engine.CompletionAsync(id))); // time stands still
        await engine.PassAsync(TimeSpan.FromDays(500));
        Assert.Equal("returned", (await engine.LookAsync(id)).ReadOutputAs<string>()); // its TimerFired comes to nothing
    }

    [Theory, Row("3", "Timer still open (never awaited) and orchestrator returns or throws"), Row("trap", "cancel the losing timer")]
    [InlineData(false, Completed)]
    [InlineData(true, Failed)]
    public async Task An_open_timer_keeps_a_returned_instance_running_until_it_fires(bool fails, OrchestrationRuntimeStatus end)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<bool, string>("Open", async (context, fail) =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(10), CancellationToken.None);
            await Task.Yield();
            return fail ? throw new ClinicClosedException("closed") : "returned";
        }));
        var id = await engine.StartAsync("Open", fails);

        await engine.PassAsync(TimeSpan.FromDays(9));
        var held = await engine.LookAsync(id);
        await engine.PassAsync(TimeSpan.FromDays(2));
        var released = await engine.LookAsync(id);

        Assert.Equal(Running, held.RuntimeStatus);
        Assert.Null(held.SerializedOutput);
        Assert.Null(held.FailureDetails);
        Assert.Equal(end, released.RuntimeStatus);
        Assert.Equal(fails ? "closed" : "\"returned\"", released.SerializedOutput);
    }

    [Fact, Row("3", "External-event waits do not hold it")]
    public async Task An_open_wait_does_not_keep_a_returned_instance()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Open", async context =>
        {
            _ = context.WaitForExternalEvent<string>("never");
            return "returned";
        }));

        Assert.Equal("returned", EngineUnderTest.Output<string>(await engine.CompletionAsync(await engine.StartAsync("Open"))));
    }

    [Fact, Row("own", "Timers due while the engine was down")]
    public async Task Timers_that_fell_due_while_the_engine_was_down_fire_once_when_it_is_up_again()
    {
        var fired = new List<int>();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<int, int>("Note", (_, day) =>
            {
                lock (fired)
                {
                    fired.Add(day);
                }

                return Task.FromResult(day);
            });
            tasks.AddOrchestrator<int, DateTime>("Step", async (context, day) =>
            {
                await context.CreateTimer(TimeSpan.FromDays(day), CancellationToken.None);
                await context.CallActivityAsync("Note", day);
                return context.CurrentUtcDateTime;
            });
        });
        foreach (int day in new[] { 3, 1, 2, 9 })
        {
            await engine.StartAsync("Step", day, $"day-{day}");
        }

        await engine.SettleAsync();
        await engine.RestartAsync(downFor: TimeSpan.FromDays(5));
        await engine.SettleAsync();

        Assert.Equal([1, 2, 3], fired.Order());
        Assert.Equal(Running, (await engine.LookAsync("day-9")).RuntimeStatus);
        var late = EngineUnderTest.Output<DateTime>(await engine.FinishAsync("day-1"));
        Assert.InRange(late, EngineSetup.Monday.UtcDateTime.AddDays(5), EngineSetup.Monday.UtcDateTime.AddDays(5).AddSeconds(1));
        Assert.Equal(EngineSetup.Monday.UtcDateTime.AddDays(9), EngineUnderTest.Output<DateTime>(await engine.FinishAsync("day-9")));
        Assert.Equal([1, 2, 3, 9], fired.Order());
    }

    [Fact, Row("own", "The jumping clock goes from due work to due work")]
    public async Task Timers_of_many_instances_fire_in_the_order_of_their_instants()
    {
        var fired = new List<int>();
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, int>("Step", async (context, hour) =>
        {
            await context.CreateTimer(TimeSpan.FromHours(hour), CancellationToken.None);
            lock (fired)
            {
                fired.Add(hour);
            }

            return hour;
        }));
        int[] hours = [.. Enumerable.Range(1, 40).Select(n => n * 17 % 41)];
        foreach (int hour in hours)
        {
            await engine.StartAsync("Step", hour, $"hour-{hour}");
        }

        await engine.PassAsync(TimeSpan.FromHours(50));

        Assert.Equal(hours.Order(), fired);
    }

    private static void FiresAt(TaskRegistry tasks) => tasks.AddOrchestrator<DateTime, DateTime>("FiresAt", async (context, at) =>
    {
        await context.CreateTimer(at, CancellationToken.None);
        return context.CurrentUtcDateTime;
    });

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
