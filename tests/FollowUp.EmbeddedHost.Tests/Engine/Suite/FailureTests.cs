using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 11: what is left of an exception that an orchestrator did not catch.</summary>
public abstract class FailureTests : EngineSuite
{
    [Theory, Row("11", "throw MyEx(\"outer\", inner) async, sync, or after an activity")]
    [InlineData("sync")]
    [InlineData("async")]
    [InlineData("activity")]
    public async Task An_exception_fails_the_instance_with_its_message_and_details(string how)
    {
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Echo", (_, input) => Task.FromResult(input));
            tasks.AddOrchestrator("sync", _ => throw Exception());
            tasks.AddOrchestrator("async", async _ =>
            {
                await Task.Yield();
                throw Exception();
            });
            tasks.AddOrchestrator("activity", async context =>
            {
                await context.CallActivityAsync("Echo", "first");
                throw Exception();
            });
        });

        var failed = await engine.RunAsync(how);

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Equal("outer", failed.SerializedOutput);
        Assert.Equal(typeof(ClinicClosedException).FullName, failed.FailureDetails?.ErrorType);
        Assert.Equal("outer", failed.FailureDetails?.ErrorMessage);
        Assert.Contains(nameof(FailureTests), failed.FailureDetails?.StackTrace, StringComparison.Ordinal);
        Assert.Equal("System.ArgumentNullException", failed.FailureDetails?.InnerFailure?.ErrorType);
        Assert.Null(failed.FailureDetails?.InnerFailure?.StackTrace);

        static ClinicClosedException Exception() => new("outer", new ArgumentNullException(message: "no name", innerException: null));
    }

    [Theory, Row("11", "throw OperationCanceledException, or await a cancelled task"), Row("trap", "An uncaught wait timeout fails with an AggregateException")]
    [InlineData("throws")]
    [InlineData("waits")]
    [InlineData("timer")]
    public async Task A_cancellation_that_nobody_catches_fails_the_instance_with_an_aggregate_and_no_output(string how)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Cancelled", async context =>
        {
            await (how switch
            {
                "waits" => context.WaitForExternalEvent<string>("never", TimeSpan.FromHours(1)),
                "timer" => context.CreateTimer(TimeSpan.FromHours(1), new CancellationToken(canceled: true)),
                _ => throw new OperationCanceledException("this message is lost"),
            });
            return "unreachable";
        }));

        var failed = await engine.RunAsync("Cancelled");

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Null(failed.SerializedOutput);
        Assert.Equal("System.AggregateException", failed.FailureDetails?.ErrorType);
        Assert.Equal("One or more errors occurred. (A task was canceled.)", failed.FailureDetails?.ErrorMessage);
        Assert.Equal("System.Threading.Tasks.TaskCanceledException", failed.FailureDetails?.InnerFailure?.ErrorType);
        Assert.Equal("A task was canceled.", failed.FailureDetails?.InnerFailure?.ErrorMessage);
    }

    [Fact, Row("11", "WhenAll of two failing"), Row("14", "WhenAll 20, one failing: a failing one is thrown after all ended")]
    public async Task Of_two_failures_at_once_the_first_is_shown_after_both_have_ended()
    {
        var gate = new Gate();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Fails", (_, input) => throw new ClinicClosedException(input));
            tasks.AddActivity<string, string>("FailsLater", async (_, input) =>
            {
                await gate.PassAsync();
                throw new ClinicClosedException(input);
            });
            tasks.AddOrchestrator("Both", async context =>
            {
                var (first, second) = (context.CallActivityAsync("Fails", "first"), context.CallActivityAsync("FailsLater", "second"));
                await Task.WhenAny(first);
                context.SetCustomStatus("the first has failed");
                await Task.WhenAll(first, second);
                return "unreachable";
            });
        });
        var id = await engine.StartAsync("Both");
        await gate.SomebodyArrivesAsync();

        var waits = await engine.UntilAsync(id, instance => instance.SerializedCustomStatus is not null);
        Assert.Equal(Running, waits.RuntimeStatus);
        gate.Open();
        var failed = await engine.CompletionAsync(id);

        Assert.Equal("Task 'Fails' (#0) failed with an unhandled exception: first", failed.SerializedOutput);
        Assert.Equal("first", failed.FailureDetails?.InnerFailure?.ErrorMessage);
    }

    [Fact, Row("11", "Input not convertible")]
    public async Task An_input_that_does_not_fit_fails_the_instance()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, int>("Number", async (_, input) => input));

        AssertJsonFailure(await engine.RunAsync("Number", "text"), "System.Int32");
    }

    [Fact, Row("11", "output not serialisable")]
    public async Task An_output_that_is_no_json_fails_the_instance()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Cycle", async _ =>
        {
            var cycle = new List<object>();
            cycle.Add(cycle);
            return cycle;
        }));

        AssertJsonFailure(await engine.RunAsync("Cycle"), "A possible object cycle was detected.");
    }

    [Fact, Row("11", "Not registered")]
    public async Task An_orchestrator_that_is_gone_fails_its_instances()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Old", async context =>
            await context.WaitForExternalEvent<string>("end")));
        var id = await engine.StartAsync("Old");
        await engine.SettleAsync();
        await engine.RestartAsync(tasks => tasks.AddOrchestrator("New", async _ => "new"));
        await engine.Client.RaiseEventAsync(id, "end");

        var failed = await engine.FinishAsync(id);

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Null(failed.SerializedOutput);
        Assert.Equal("OrchestratorTaskNotFound", failed.FailureDetails?.ErrorType);
        Assert.Equal("No orchestrator task named 'Old' was found.", failed.FailureDetails?.ErrorMessage);
        Assert.Null(failed.FailureDetails?.StackTrace);
    }

    private static void AssertJsonFailure(OrchestrationMetadata failed, string part)
    {
        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Equal("System.Text.Json.JsonException", failed.FailureDetails?.ErrorType);
        Assert.Contains(part, failed.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(failed.FailureDetails?.ErrorMessage, failed.SerializedOutput);
    }
}
