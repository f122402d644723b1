using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 10: an orchestrator that was changed under a running instance, and ids that must not change.</summary>
public abstract class NonDeterminismTests : EngineSuite
{
    private const string Detected = "Non-Deterministic workflow detected: ";
    private const string Changed = " Was a change made to the orchestrator code after this instance had already started running?";

    [Theory, Row("10", "activity name changed / order swapped / one inserted before")]
    [InlineData("A, B", "B")]
    [InlineData("A, B", "B, A")]
    [InlineData("A", "B, A")]
    public async Task Another_activity_in_its_place_is_named_with_the_one_that_was_there(string was, string now) => Assert.Equal(
        Detected
        + "A previous execution of this orchestration scheduled an activity task with sequence number 0 named 'A', but the current "
        + "orchestration replay instead scheduled an activity task named 'B' with this sequence number. " + Changed,
        await FailureAfterChangeAsync(was, now));

    [Theory, Row("10", "activity removed, or replaced by an event wait")]
    [InlineData("A", "")]
    [InlineData("A", "event")]
    public async Task An_activity_that_is_gone_is_named(string was, string now) => Assert.Equal(
        Detected
        + "A previous execution of this orchestration scheduled an activity task with sequence ID 0 and name 'A' (version ''), but the "
        + "current replay execution hasn't (yet?) scheduled this task." + Changed,
        await FailureAfterChangeAsync(was, now));

    [Fact, Row("10", "activity -> timer")]
    public async Task A_timer_in_the_place_of_an_activity_is_detected() => Assert.Equal(
        Detected
        + "A previous execution of this orchestration scheduled an activity task with sequence number 0 named 'A', but the current "
        + "orchestration replay instead produced a CreateTimerOrchestratorAction action with this sequence number." + Changed,
        await FailureAfterChangeAsync("A", "timer"));

    [Fact, Row("10", "timer -> activity")]
    public async Task An_activity_in_the_place_of_a_timer_is_detected() => Assert.Equal(
        Detected
        + "A previous execution of this orchestration scheduled a timer task with sequence number 0 named but the current "
        + "orchestration replay instead produced a ScheduleTaskOrchestratorAction action with this sequence number." + Changed,
        await FailureAfterChangeAsync("timer", "A"));

    [Fact, Row("10", "timer removed")]
    public async Task A_timer_that_is_gone_is_detected() => Assert.Equal(
        Detected
        + "A previous execution of this orchestration scheduled a timer task with sequence number 0 but the current replay execution "
        + "hasn't (yet?) scheduled this task." + Changed,
        await FailureAfterChangeAsync("timer", ""));

    [Fact, Row("10", "orchestrator try/catch cannot catch it")]
    public async Task The_orchestrator_cannot_catch_the_error()
    {
        await using var engine = await OpenAsync(Does("A", careful: true));
        var id = await engine.StartAsync("Changes");
        await engine.SettleAsync();
        await engine.RestartAsync(Does("B", careful: true));
        await engine.Client.RaiseEventAsync(id, "end");

        var failed = await engine.FinishAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", failed.FailureDetails?.ErrorType);
    }

    [Theory, Row("10", "not detected (completes)")]
    [InlineData("A", "a")]
    [InlineData("A:1", "A:2")]
    [InlineData("timer:1", "timer:2")]
    [InlineData("A", "A")]
    public async Task Another_input_due_time_or_letter_case_is_not_a_change(string was, string now)
    {
        await using var engine = await OpenAsync(Does(was));
        var id = await engine.StartAsync("Changes");
        await engine.PassAsync(TimeSpan.FromDays(3));
        await engine.RestartAsync(Does(now));
        await engine.Client.RaiseEventAsync(id, "end");

        Assert.Equal("done", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("10", "Checked only on replay, against history")]
    public async Task A_change_after_the_last_recorded_call_is_not_a_change()
    {
        await using var engine = await OpenAsync(Does("A"));
        var id = await engine.StartAsync("Changes");
        await engine.SettleAsync();
        await engine.RestartAsync(Does("A", last: "B"));
        await engine.Client.RaiseEventAsync(id, "end");

        Assert.Equal("done", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("10", "NewGuid: RFC 4122 version 5")]
    public async Task A_guid_follows_from_the_instance_the_time_and_a_counter()
    {
        await using var engine = await OpenAsync(new EngineSetup
        {
            StartsAt = new DateTimeOffset(2026, 11, 22, 7, 58, 12, TimeSpan.Zero).AddTicks(612_020),
            Code = tasks => tasks.AddOrchestrator("Guid", async context => context.NewGuid()),
        });

        Assert.Equal(new Guid("42717c1f-8886-58a2-8a5b-32c862519350"), await engine.ResultAsync<Guid>("Guid", id: "guid-inst"));
    }

    [Fact, Row("10", "NewGuid: equal on all replays, counter from 0 per execution object")]
    public async Task Guids_are_the_same_on_every_replay_and_differ_among_themselves()
    {
        var made = new List<string>();
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Guids", async context =>
        {
            var first = $"{context.NewGuid()} {context.NewGuid()}";
            await context.WaitForExternalEvent<string>("go");
            var second = $"{context.NewGuid()}";
            lock (made)
            {
                made.Add($"{first} {second}");
            }

            await context.WaitForExternalEvent<string>("go");
            return $"{first} {second}";
        }));
        var id = await engine.StartAsync("Guids");
        await engine.SettleAsync();
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync(id, "go");
        await engine.SettleAsync();
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync(id, "go");

        var guids = EngineUnderTest.Output<string>(await engine.FinishAsync(id));

        Assert.Equal(2, made.Count);
        Assert.All(made, line => Assert.Equal(guids, line));
        Assert.Equal(3, guids!.Split(' ').Distinct().Count());
    }

    /// <summary>Runs an instance with one code, changes the code under it, and returns how the instance failed.</summary>
    private async Task<string?> FailureAfterChangeAsync(string was, string now)
    {
        await using var engine = await OpenAsync(Does(was));
        var id = await engine.StartAsync("Changes");
        await engine.PassAsync(TimeSpan.FromDays(3));
        await engine.RestartAsync(Does(now));
        await engine.Client.RaiseEventAsync(id, "end");
        var failed = await engine.FinishAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", failed.FailureDetails?.ErrorType);
        Assert.Equal(failed.SerializedOutput, failed.FailureDetails?.ErrorMessage);
        return failed.SerializedOutput;
    }

    /// <summary>
    /// An orchestrator of these calls in turn: the name of an activity, "timer" or "event", each with an input or a number of days
    /// after a colon; then it waits for "end", and after that makes one <paramref name="last"/> call.
    /// </summary>
    private static Action<TaskRegistry> Does(string calls, bool careful = false, string? last = null) => tasks =>
    {
        tasks.AddActivity<string?, string?>("A", (_, input) => Task.FromResult(input));
        tasks.AddActivity<string?, string?>("B", (_, input) => Task.FromResult(input));
        tasks.AddOrchestrator("Changes", async context =>
        {
            foreach (var call in calls.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            {
                try
                {
                    await CallAsync(context, call);
                }
                catch (Exception) when (careful)
                {
                }
            }

            await context.WaitForExternalEvent<string>("end");
            if (last is not null)
            {
                await CallAsync(context, last);
            }

            return "done";
        });
    };

    private static Task CallAsync(TaskOrchestrationContext context, string call)
    {
        var (name, detail) = call.Split(':') is [var before, var after] ? (before, after) : (call, "1");
        return name switch
        {
            "timer" => context.CreateTimer(TimeSpan.FromDays(int.Parse(detail)), CancellationToken.None),
            "event" => context.WaitForExternalEvent<string>("another"),
            _ => context.CallActivityAsync(name, detail),
        };
    }
}
