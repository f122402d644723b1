using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 14: tasks and threads inside an orchestrator.</summary>
public abstract class ThreadTests : EngineSuite
{
    private const string Invalid =
        "An invalid asynchronous invocation was detected. This can be caused by awaiting non-durable tasks in an orchestrator "
        + "function's implementation or by middleware that invokes asynchronous code.";

    [Theory, Row("14", "Task.Run / Task.Delay awaited (also Task.Run(() => durable call))"), Row("trap", "No Task.Run or Task.Delay in an orchestrator")]
    [InlineData("Task.Run")]
    [InlineData("Task.Delay")]
    [InlineData("durable call in Task.Run")]
    public async Task Waiting_for_something_that_is_not_durable_fails_the_instance_and_says_so(string what)
    {
        var never = new TaskCompletionSource<string>();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Echo", (_, input) => Task.FromResult(input));
            tasks.AddOrchestrator("Awaits", async context =>
            {
                await (what switch
                {
                    "Task.Run" => Task.Run(() => never.Task),
                    "Task.Delay" => Task.Delay(TimeSpan.FromDays(1), TimeProvider.System),
                    _ => Task.Run(async () => await context.CallActivityAsync<string>("Echo", "text")),
                });
                return "unreachable";
            });
        });

        var failed = await engine.RunAsync("Awaits");

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Contains(Invalid, failed.SerializedOutput, StringComparison.Ordinal);
        Assert.Contains(Invalid, failed.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact, Row("14", "ConfigureAwait(false) on a durable task"), Row("trap", "No ConfigureAwait(false) in an orchestrator")]
    public async Task What_is_called_after_leaving_the_orchestrators_thread_has_no_effect()
    {
        var called = new List<string>();
        var instanceFailed = new TaskCompletionSource();
        var codeEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Note", (_, input) =>
            {
                called.Add(input);
                return Task.FromResult(input);
            });
            tasks.AddOrchestrator("Leaves", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Note", "A").ConfigureAwait(false);
                    await instanceFailed.Task.ConfigureAwait(false); // so that the call below comes late for certain
                    _ = context.CallActivityAsync("Note", "B");
                    return "returned";
                }
                finally
                {
                    codeEnded.TrySetResult();
                }
            });
        });

        var failed = await engine.RunAsync("Leaves");
        instanceFailed.SetResult();
        await codeEnded.Task.WaitAsync(EngineUnderTest.Limit);
        await engine.SettleAsync();

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Equal(["A"], called);
        Assert.Equal(Failed, (await engine.LookAsync(failed.InstanceId)).RuntimeStatus);
    }

    [Fact, Row("14", "Task.Yield")]
    public async Task Yielding_stays_on_the_orchestrators_thread()
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Echo", (_, input) => Task.FromResult(input));
            tasks.AddOrchestrator("Yields", async context =>
            {
                await Task.Yield();
                var first = await context.CallActivityAsync<string>("Echo", "A");
                await Task.Yield();
                return first + await context.CallActivityAsync<string>("Echo", "B");
            });
        });

        Assert.Equal("AB", await engine.ResultAsync<string>("Yields"));
    }

    [Fact, Row("14", "WhenAny"), Row("14", "WhenAny activity/timer + cancel timer")]
    public async Task The_loser_of_a_race_keeps_the_instance_unless_it_is_cancelled()
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Echo", (_, input) => Task.FromResult(input));
            tasks.AddOrchestrator<bool, string>("Race", async (context, cancels) =>
            {
                using var cancel = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
                var activity = context.CallActivityAsync<string>("Echo", "activity");
                var winner = await Task.WhenAny(timer, activity) == activity ? await activity : "timer";
                if (cancels)
                {
                    cancel.Cancel();
                }

                return winner;
            });
        });
        var keeps = await engine.StartAsync("Race", false);
        var cancels = await engine.StartAsync("Race", true);
        await engine.SettleAsync();

        Assert.Equal("activity", EngineUnderTest.Output<string>(await engine.LookAsync(cancels)));
        Assert.Equal(Running, (await engine.LookAsync(keeps)).RuntimeStatus);
        Assert.Equal("activity", EngineUnderTest.Output<string>(await engine.FinishAsync(keeps)));
        Assert.Equal(EngineSetup.Monday.AddDays(1), engine.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    [Fact, Row("14", "WhenAll 20")]
    public async Task The_results_of_many_activities_at_once_come_in_the_order_of_their_calls()
    {
        var (gate, running) = (new Gate(), 0);
        await using var engine = await OpenAsync(new EngineSetup
        {
            MaxConcurrentActivities = 20,
            Code = tasks =>
            {
                tasks.AddActivity<int, int>("Square", async (_, n) =>
                {
                    if (Interlocked.Increment(ref running) == 20)
                    {
                        gate.Open(); // proves that they run at once
                    }

                    await gate.PassAsync();
                    return n * n;
                });
                tasks.AddOrchestrator("All", async context =>
                    await Task.WhenAll(Enumerable.Range(1, 20).Select(n => context.CallActivityAsync<int>("Square", n))));
            },
        });

        Assert.Equal(Enumerable.Range(1, 20).Select(n => n * n), await engine.ResultAsync<int[]>("All"));
    }

    [Fact, Row("14", "un-awaited faulted task is ignored")]
    public async Task A_failure_that_nobody_awaits_is_ignored()
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string?, string>("Fails", (_, _) => throw new ClinicClosedException("nobody awaits this"));
            tasks.AddOrchestrator("Forgets", async context =>
            {
                _ = context.CallActivityAsync("Fails");
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return "done";
            });
        });

        Assert.Equal("done", await engine.ResultAsync<string>("Forgets"));
    }

    [Fact, Row("14", "Task.Run(..).Result works (blocks)")]
    public async Task Blocking_on_work_elsewhere_works()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Blocks", context =>
            Task.FromResult<object?>(Task.Run(() => 42).Result)));

        Assert.Equal(42, await engine.ResultAsync<int>("Blocks"));
    }
}
