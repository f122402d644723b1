using FollowUp.EmbeddedHost.Engine;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 8: suspend, resume, terminate, purge, and waiting for an instance.</summary>
public abstract class LifecycleTests : EngineSuite
{
    [Fact, Row("8", "Suspend with due timer and event")]
    public async Task What_reaches_a_suspended_instance_is_applied_in_order_when_it_is_resumed()
    {
        var ran = new List<string>();
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Race", async context =>
        {
            var timer = context.CreateTimer(TimeSpan.FromHours(2), CancellationToken.None);
            var signal = context.WaitForExternalEvent<string>("signal");
            var first = await Task.WhenAny(timer, signal);
            lock (ran)
            {
                ran.Add("user code");
            }

            await timer;
            return (first == signal ? "E:" : "T:") + await signal;
        }));
        var id = await engine.StartAsync("Race");
        await engine.SettleAsync();
        await engine.Client.SuspendInstanceAsync(id, "holiday");
        await engine.PassAsync(TimeSpan.FromHours(1));
        await engine.Client.RaiseEventAsync(id, "signal", "E");
        await engine.PassAsync(TimeSpan.FromHours(2));

        Assert.Equal(Suspended, (await engine.LookAsync(id)).RuntimeStatus);
        Assert.Empty(ran);

        await engine.KillAsync();
        Assert.Equal(Suspended, (await engine.LookAsync(id)).RuntimeStatus);
        await engine.Client.ResumeInstanceAsync(id, "back");
        Assert.Equal("E:E", EngineUnderTest.Output<string>(await engine.CompletionAsync(id)));
    }

    [Fact, Row("8", "Suspend twice, one resume"), Row("8", "Resume of a running one: no error")]
    public async Task Suspension_is_a_flag_and_not_a_count()
    {
        await using var engine = await OpenAsync(Waits);
        var id = await engine.StartAsync("Waits");
        await engine.SettleAsync();

        await engine.Client.SuspendInstanceAsync(id, "once");
        await engine.Client.SuspendInstanceAsync(id, "twice");
        await engine.SettleAsync();
        Assert.Equal(Suspended, (await engine.LookAsync(id)).RuntimeStatus);
        await engine.Client.ResumeInstanceAsync(id);
        await engine.SettleAsync();
        Assert.Equal(Running, (await engine.LookAsync(id)).RuntimeStatus);
        await engine.Client.ResumeInstanceAsync(id);
        await engine.SettleAsync();
        Assert.Equal(Running, (await engine.LookAsync(id)).RuntimeStatus);
    }

    [Fact, Row("8", "AS: Suspended instance shows Output = the reason as raw text")]
    public async Task A_suspended_instance_shows_the_reason()
    {
        await using var engine = await OpenAsync(Waits);
        var id = await engine.StartAsync("Waits");
        await engine.SettleAsync();

        await engine.Client.SuspendInstanceAsync(id, "holiday");
        await engine.SettleAsync();
        Assert.Equal("holiday", (await engine.LookAsync(id)).SerializedOutput);
        await engine.Client.ResumeInstanceAsync(id);
        await engine.SettleAsync();

        var resumed = await engine.LookAsync(id);
        Assert.Equal(Running, resumed.RuntimeStatus);
        Assert.NotEqual("holiday", resumed.SerializedOutput);
    }

    [Fact, Row("8", "Suspend / resume / terminate completed"), Row("8", "same, missing id")]
    public async Task An_instance_that_has_ended_or_never_was_cannot_be_steered()
    {
        await using var engine = await OpenAsync(Waits);
        await engine.RunAsync("Quick", id: "ended");
        var client = engine.Client;

        await RefusedAsync(StatusCode.Unknown, Cannot("suspend"), () => client.SuspendInstanceAsync("ended"));
        await RefusedAsync(StatusCode.Unknown, Cannot("resume"), () => client.ResumeInstanceAsync("ended"));
        await RefusedAsync(StatusCode.Unknown, Cannot("terminate"), () => client.TerminateInstanceAsync("ended"));
        const string missing = "No instance with ID 'missing' was found. (Parameter 'instanceId')";
        await RefusedAsync(StatusCode.Unknown, missing, () => client.SuspendInstanceAsync("missing"));
        await RefusedAsync(StatusCode.Unknown, missing, () => client.ResumeInstanceAsync("missing"));
        await RefusedAsync(StatusCode.Unknown, missing, () => client.TerminateInstanceAsync("missing"));

        static string Cannot(string what) =>
            $"Cannot {what} the orchestration instance ended because instance is in the Completed state.";
    }

    [Theory, Row("8", "Terminate: works on Suspended; not delayed by open timers")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Termination_ends_an_instance_whatever_it_waits_for(bool suspended)
    {
        await using var engine = await OpenAsync(Waits);
        var id = await engine.StartAsync("Waits");
        await engine.SettleAsync();
        if (suspended)
        {
            await engine.Client.SuspendInstanceAsync(id, "holiday");
            await engine.SettleAsync();
        }

        await engine.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(new { By = "ana" }));
        var ended = await engine.CompletionAsync(id); // at once: time stands still

        Assert.Equal(Terminated, ended.RuntimeStatus);
        Assert.Equal("""{"By":"ana"}""", ended.SerializedOutput);
        Assert.Null(ended.FailureDetails);
        await engine.PassAsync(TimeSpan.FromDays(30));
        Assert.Equal(Terminated, (await engine.LookAsync(id)).RuntimeStatus);
    }

    [Fact, Row("8", "Terminate: Output null when none given; not delayed by open activities")]
    public async Task Termination_does_not_wait_for_an_activity()
    {
        var gate = new Gate();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string?, string>("Slow", async (_, _) =>
            {
                await gate.PassAsync();
                return "too late";
            });
            tasks.AddOrchestrator("Calls", async context => await context.CallActivityAsync<string>("Slow"));
        });
        var id = await engine.StartAsync("Calls");
        await gate.SomebodyArrivesAsync();

        await engine.Client.TerminateInstanceAsync(id);
        var ended = await engine.CompletionAsync(id);
        gate.Open();
        await engine.SettleAsync();

        Assert.Equal(Terminated, ended.RuntimeStatus);
        Assert.Null(ended.SerializedOutput);
        var later = await engine.LookAsync(id);
        Assert.Equal(Terminated, later.RuntimeStatus);
        Assert.Null(later.SerializedOutput);
    }

    [Fact, Row("8", "Terminate Pending")]
    public async Task An_instance_that_is_terminated_before_it_began_still_runs_its_first_episode()
    {
        var (busy, began) = (new Gate(), 0);
        await using var engine = await OpenAsync(new EngineSetup
        {
            MaxConcurrentOrchestrators = 1,
            Code = tasks =>
            {
                tasks.AddOrchestrator("Busy", context =>
                {
                    Assert.True(busy.PassAsync().Wait(EngineUnderTest.Limit)); // keeps the only place for orchestrators
                    return Task.FromResult<object?>(null);
                });
                tasks.AddOrchestrator("Begins", async context =>
                {
                    began++;
                    return await context.WaitForExternalEvent<string>("never");
                });
            },
        });
        await engine.StartAsync("Busy");
        await busy.SomebodyArrivesAsync();
        var id = await engine.StartAsync("Begins");
        await engine.Client.TerminateInstanceAsync(id, "never mind");
        Assert.Equal(Pending, (await engine.LookAsync(id)).RuntimeStatus);
        busy.Open();
        var ended = await engine.CompletionAsync(id);

        Assert.Equal(Terminated, ended.RuntimeStatus);
        Assert.Equal("\"never mind\"", ended.SerializedOutput);
        Assert.Equal(1, began);
    }

    [Fact, Row("8", "Purge running"), Row("8", "Purge completed / missing")]
    public async Task Only_an_instance_that_has_ended_is_purged()
    {
        await using var engine = await OpenAsync(Waits);
        var running = await engine.StartAsync("Waits");
        await engine.RunAsync("Quick", id: "ended");

        Assert.Equal(0, (await engine.Client.PurgeInstanceAsync(running)).PurgedInstanceCount);
        Assert.Equal(0, (await engine.Client.PurgeInstanceAsync("missing")).PurgedInstanceCount);
        var purged = await engine.Client.PurgeInstanceAsync("ended");

        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Null(purged.IsComplete);
        Assert.Null(await engine.Client.GetInstanceAsync("ended"));
        Assert.Equal(Running, (await engine.LookAsync(running)).RuntimeStatus);
        await engine.KillAsync();
        Assert.Null(await engine.Client.GetInstanceAsync("ended"));
        Assert.Equal("quick", await engine.ResultAsync<string>("Quick", id: "ended")); // the id is free again
    }

    [Fact, Row("8", "PurgeAll filter")]
    public async Task Purging_by_filter_takes_what_has_ended_within_the_times_and_statuses()
    {
        await using var engine = await OpenAsync(Waits);
        var times = new List<DateTimeOffset>();
        foreach (var id in new[] { "a", "b", "c", "d" })
        {
            times.Add(engine.Clock.GetUtcNow());
            await engine.StartAsync("Quick", id: id);
            await engine.PassAsync(TimeSpan.FromHours(1));
        }

        await engine.StartAsync("Waits", id: "running");
        await engine.StartAsync("Waits", id: "terminated");
        await engine.SettleAsync();
        await engine.Client.TerminateInstanceAsync("terminated");
        await engine.SettleAsync();

        Assert.Equal(2, await PurgeAsync(new PurgeInstancesFilter(times[1], times[2])));
        Assert.Equal(["a", "d", "running", "terminated"], await IdsAsync(engine));
        Assert.Equal(1, await PurgeAsync(new PurgeInstancesFilter(Statuses: [Terminated, Running])));
        Assert.Equal(["a", "d", "running"], await IdsAsync(engine));
        Assert.Equal(2, await PurgeAsync(new PurgeInstancesFilter()));
        Assert.Equal(["running"], await IdsAsync(engine));

        async Task<int> PurgeAsync(PurgeInstancesFilter filter) =>
            (await engine.Client.PurgeAllInstancesAsync(filter)).PurgedInstanceCount;
    }

    [Fact, Row("8", "Wait start / completion on a missing id")]
    public async Task Waiting_for_a_missing_instance_ends_with_its_token()
    {
        await using var engine = await OpenAsync(Waits);
        using var soon = new CancellationTokenSource();
        var start = engine.Client.WaitForInstanceStartAsync("missing", soon.Token);
        var completion = engine.Client.WaitForInstanceCompletionAsync("missing", soon.Token);
        await engine.PassAsync(TimeSpan.FromDays(1));
        Assert.False(start.IsCompleted);
        Assert.False(completion.IsCompleted);

        await soon.CancelAsync();

        var noStart = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WaitAsync(EngineUnderTest.Limit));
        var noCompletion = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => completion.WaitAsync(EngineUnderTest.Limit));
        Assert.Equal("The WaitForInstanceStartAsync operation was canceled.", noStart.Message);
        Assert.Equal("The WaitForInstanceCompletionAsync operation was canceled.", noCompletion.Message);
    }

    [Fact, Row("8", "Wait start / completion: the instance comes later")]
    public async Task Waiting_begins_before_the_instance_exists_and_sees_it_begin_and_end()
    {
        await using var engine = await OpenAsync(Waits);
        var start = engine.Client.WaitForInstanceStartAsync("later", getInputsAndOutputs: true);
        var completion = engine.Client.WaitForInstanceCompletionAsync("later", getInputsAndOutputs: true);

        await engine.StartAsync("Waits", "input", "later");

        var begun = await start.WaitAsync(EngineUnderTest.Limit);
        Assert.Equal(Running, begun.RuntimeStatus);
        Assert.Equal("input", begun.ReadInputAs<string>());
        Assert.False(completion.IsCompleted);
        await engine.Client.TerminateInstanceAsync("later");
        Assert.Equal(Terminated, (await completion.WaitAsync(EngineUnderTest.Limit)).RuntimeStatus);
    }

    [Fact, Row("8", "GetInstance missing / \"\"")]
    public async Task A_missing_instance_is_null_and_an_empty_id_an_argument_error()
    {
        await using var engine = await OpenAsync(Waits);

        Assert.Null(await engine.Client.GetInstanceAsync("missing"));
        await Assert.ThrowsAsync<ArgumentNullException>(() => engine.Client.GetInstanceAsync(""));
    }

    internal static async Task<List<string>> IdsAsync(EngineUnderTest engine, OrchestrationQuery? query = null)
    {
        var ids = new List<string>();
        await foreach (var instance in engine.Client.GetAllInstancesAsync(query))
        {
            ids.Add(instance.InstanceId);
        }

        return ids;
    }

    private static void Waits(TaskRegistry tasks)
    {
        tasks.AddOrchestrator("Quick", async _ => "quick");
        tasks.AddOrchestrator("Waits", async context =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(400), CancellationToken.None);
            return await context.WaitForExternalEvent<string>("never");
        });
    }
}
