using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>What the embedded engine promises beyond the measured rows: nothing is lost when it stops or dies, and nothing counts twice.</summary>
public abstract class RecoveryTests : EngineSuite
{
    [Theory, Row("own", "State survives a stop and a death at each point")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_goes_on_where_it_was_after_every_step(bool killed)
    {
        var sent = new List<string>();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Send", (_, step) =>
            {
                sent.Add(step);
                return Task.FromResult($"sent {step}");
            });
            tasks.AddOrchestrator<string, string>("Course", async (context, patient) =>
            {
                var log = new List<string> { patient };
                for (int session = 1; session <= 3; session++)
                {
                    await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
                    log.Add(await context.CallActivityAsync<string>("Send", $"reminder {session}"));
                    context.SetCustomStatus($"session {session}");
                    log.Add(await context.WaitForExternalEvent<string>("signal"));
                }

                return string.Join("; ", log);
            });
        });
        var id = await engine.StartAsync("Course", "p-1001", "glow:b-77");
        for (int session = 1; session <= 3; session++)
        {
            await InterruptAsync();
            Assert.Equal(session - 1, sent.Count);
            await engine.PassAsync(TimeSpan.FromDays(7));
            await engine.SettleAsync();
            await InterruptAsync();
            Assert.Equal($"session {session}", (await engine.LookAsync(id)).ReadCustomStatusAs<string>());
            await engine.Client.RaiseEventAsync(id, "signal", $"held {session}");
            await InterruptAsync();
            await engine.SettleAsync();
        }

        Assert.Equal(
            "p-1001; sent reminder 1; held 1; sent reminder 2; held 2; sent reminder 3; held 3",
            EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
        Assert.Equal(["reminder 1", "reminder 2", "reminder 3"], sent); // finished work is not done again
        await InterruptAsync();
        Assert.Equal(Completed, (await engine.LookAsync(id)).RuntimeStatus);

        Task InterruptAsync() => killed ? engine.KillAsync() : engine.RestartAsync();
    }

    [Fact, Row("own", "A start survives a death before its first episode"), Row("4", "Worker shutdown during an activity")]
    public async Task An_activity_that_was_running_at_the_death_runs_again_and_counts_once()
    {
        var gates = new Queue<Gate>([new Gate(), new Gate()]);
        var first = gates.Peek();
        int runs = 0;
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Send", async (_, _) =>
            {
                var run = Interlocked.Increment(ref runs);
                await gates.Peek().PassAsync();
                return $"run {run}";
            });
            tasks.AddOrchestrator("Calls", async context =>
            {
                var results = new List<string> { await context.CallActivityAsync<string>("Send", "text") };
                await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                return string.Join(", ", results);
            });
        });
        var id = await engine.StartAsync("Calls");
        await first.SomebodyArrivesAsync();

        gates.Dequeue();
        await engine.KillAsync(whatDiesWithIt: first.Abandon);
        await gates.Peek().SomebodyArrivesAsync();
        Assert.Equal(Running, (await engine.LookAsync(id)).RuntimeStatus);
        gates.Peek().Open();

        Assert.Equal("run 2", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
        Assert.Equal(2, runs);
    }

    [Fact, Row("own", "Activities of one episode are not done again when one of them dies")]
    public async Task Only_what_was_not_finished_runs_again_after_a_death()
    {
        var gate = new Gate();
        var runs = new List<int>();
        await using var engine = await OpenAsync(new EngineSetup
        {
            MaxConcurrentActivities = 8,
            Code = tasks =>
            {
                tasks.AddActivity<int, int>("Part", async (_, part) =>
                {
                    bool again;
                    lock (runs)
                    {
                        again = runs.Contains(part);
                        runs.Add(part);
                    }

                    if (part == 3 && !again)
                    {
                        await gate.PassAsync();
                    }

                    return part * 10;
                });
                tasks.AddOrchestrator("Parts", async context =>
                {
                    var parts = Enumerable.Range(1, 4).Select(part => context.CallActivityAsync<int>("Part", part)).ToList();
                    int done = 0;
                    foreach (var part in parts.Where((_, index) => index != 2))
                    {
                        await part;
                        context.SetCustomStatus(++done);
                    }

                    return await Task.WhenAll(parts);
                });
            },
        });
        var id = await engine.StartAsync("Parts");
        await gate.SomebodyArrivesAsync();
        await engine.UntilAsync(id, instance => instance.SerializedCustomStatus == "3");

        await engine.KillAsync(whatDiesWithIt: gate.Abandon);

        var results = EngineUnderTest.Output<int[]>(await engine.FinishAsync(id));

        Assert.Equal<int>([10, 20, 30, 40], results!);
        Assert.Equal([1, 2, 3, 3, 4], runs.Order());
    }

    [Fact, Row("own", "Results belong to the run of the id that asked for them")]
    public async Task A_late_result_of_an_earlier_run_is_not_taken_for_one_of_the_later()
    {
        var gates = new[] { new Gate(), new Gate() };
        int runs = -1;
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Send", async (_, _) =>
            {
                var run = Interlocked.Increment(ref runs);
                await gates[run].PassAsync();
                return $"run {run}";
            });
            tasks.AddOrchestrator("Calls", async context => await context.CallActivityAsync<string>("Send", "text"));
        });
        var id = await engine.StartAsync("Calls", id: "glow:b-77");
        await gates[0].SomebodyArrivesAsync();
        await engine.Client.TerminateInstanceAsync(id);
        await engine.CompletionAsync(id);
        await engine.StartAsync("Calls", id: id);
        await gates[1].SomebodyArrivesAsync();

        gates[0].Open();
        while (engine.Engine.GetStatus().RunningActivities > 1)
        {
            await Task.Yield();
        }

        gates[1].Open();
        Assert.Equal("run 1", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("own", "Deaths at any moment")]
    public async Task However_often_the_engine_dies_every_step_counts_exactly_once()
    {
        const int courses = 12;
        const int steps = 15;
        int runs = 0;
        using var moment = new SemaphoreSlim(0);
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<int, int>("Step", (_, step) =>
            {
                if (Interlocked.Increment(ref runs) % 25 == 0)
                {
                    moment.Release();
                }

                return Task.FromResult(step);
            });
            tasks.AddOrchestrator<int, string>("Course", async (context, course) =>
            {
                var done = new List<int>();
                for (int step = 1; step <= steps; step++)
                {
                    await context.CreateTimer(TimeSpan.FromHours(course + step), CancellationToken.None);
                    done.Add(await context.CallActivityAsync<int>("Step", step));
                }

                return string.Join(',', done);
            });
        });
        for (int course = 0; course < courses; course++)
        {
            await engine.StartAsync("Course", course, $"course-{course}");
        }

        int deaths = 0;
        while ((await LifecycleTests.IdsAsync(engine, new OrchestrationQuery(Statuses: [Pending, Running]))).Count > 0)
        {
            engine.LetTimePass();
            if (await moment.WaitAsync(TimeSpan.FromSeconds(2)))
            {
                await engine.KillAsync();
                deaths++;
            }
        }

        Assert.InRange(deaths, 3, 1000);
        for (int course = 0; course < courses; course++)
        {
            Assert.Equal(
                string.Join(',', Enumerable.Range(1, steps)), EngineUnderTest.Output<string>(await engine.LookAsync($"course-{course}")));
        }
    }

    [Fact, Row("own", "A graceful stop")]
    public async Task A_stopped_engine_has_no_hold_on_the_clock_and_leaves_nothing_half_done()
    {
        var gate = new Gate();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Send", async (_, _) =>
            {
                await gate.PassAsync();
                return "sent";
            });
            tasks.AddOrchestrator("Calls", async context => await context.CallActivityAsync<string>("Send", "text"));
        });
        var id = await engine.StartAsync("Calls");
        await gate.SomebodyArrivesAsync();
        var closing = engine.CloseAsync();
        gate.Open();
        await closing;
        await engine.PassAsync(TimeSpan.FromDays(1)); // hangs if a hold was left behind
        await engine.OpenAsync();

        Assert.Equal("sent", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
        Assert.InRange(gate.Entered, 1, 2);
    }
}
