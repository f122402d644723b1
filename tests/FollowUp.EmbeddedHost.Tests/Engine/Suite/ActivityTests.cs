using System.Text.Json;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 4: activities, what goes in and out of them, and what is left of their failures.</summary>
public abstract class ActivityTests : EngineSuite
{
    private const string Boom = "Task 'Boom' (#0) failed with an unhandled exception: outer inp";

    [Fact, Row("4", "Activity throws MyEx")]
    public async Task A_failed_activity_throws_TaskFailedException_with_the_details_of_the_failure()
    {
        TaskFailedException? caught = null;
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
        {
            try
            {
                await context.CallActivityAsync("Boom", "inp");
            }
            catch (TaskFailedException failure)
            {
                caught = failure;
            }

            return null;
        })));

        await engine.RunAsync("Calls");

        Assert.NotNull(caught);
        Assert.Equal(Boom, caught.Message);
        Assert.Equal("Boom", caught.TaskName);
        Assert.Equal(0, caught.TaskId);
        Assert.Equal(typeof(ClinicClosedException).FullName, caught.FailureDetails.ErrorType);
        Assert.Equal("outer inp", caught.FailureDetails.ErrorMessage);
        Assert.Contains(nameof(Activities), caught.FailureDetails.StackTrace, StringComparison.Ordinal);
        Assert.NotNull(caught.FailureDetails.Properties);
        Assert.Empty(caught.FailureDetails.Properties);
        var inner = caught.FailureDetails.InnerFailure;
        Assert.Equal("System.ArgumentException", inner?.ErrorType);
        Assert.Equal("inner msg (Parameter 'pname')", inner?.ErrorMessage);
        Assert.Null(inner?.StackTrace);
        Assert.Equal("DurableTask.Core.Exceptions.TaskFailedException", caught.InnerException?.GetType().FullName);
        Assert.Equal("Exception of type 'DurableTask.Core.Exceptions.TaskFailedException' was thrown.", caught.InnerException?.Message);
    }

    [Fact, Row("4", "IsCausedBy")]
    public async Task A_failure_knows_the_types_that_it_is_of()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator<string, string>("Calls", async (context, activity) =>
        {
            try
            {
                await context.CallActivityAsync(activity, "inp");
                return "no failure";
            }
            catch (TaskFailedException failure)
            {
                var details = failure.FailureDetails;
                return $"{details.IsCausedBy<ClinicClosedException>()} {details.IsCausedBy<Exception>()} "
                    + $"{details.IsCausedBy<InvalidOperationException>()}";
            }
        })));

        Assert.Equal("True True False", await engine.ResultAsync<string>("Calls", "Boom"));
        Assert.Equal("False False False", await engine.ResultAsync<string>("Calls", "NoSuchActivity")); // its type cannot be loaded
    }

    [Theory, Row("4", "AggregateException"), Row("4", "Activity throws OperationCanceledException")]
    [InlineData("Aggregate", "System.AggregateException", "agg (i1) (i2)", "i1")]
    [InlineData("Cancelled", "System.OperationCanceledException", "stopped", null)]
    public async Task Aggregates_and_cancellations_are_ordinary_failures(string activity, string type, string message, string? inner)
    {
        await using var engine = await OpenAsync(Activities(Calls));

        var failed = await engine.RunAsync("Calls", activity);

        var details = failed.FailureDetails?.InnerFailure;
        Assert.Equal(type, details?.ErrorType);
        Assert.Equal(message, details?.ErrorMessage);
        Assert.Equal(inner, details?.InnerFailure?.ErrorMessage);
        Assert.Null(details?.InnerFailure?.InnerFailure);
    }

    [Fact, Row("4", "Uncaught in the orchestrator")]
    public async Task An_uncaught_activity_failure_fails_the_instance_and_keeps_the_details()
    {
        await using var engine = await OpenAsync(Activities(Calls));

        var failed = await engine.RunAsync("Calls", "Boom");

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Equal(Boom, failed.SerializedOutput);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", failed.FailureDetails?.ErrorType);
        Assert.Equal(Boom, failed.FailureDetails?.ErrorMessage);
        Assert.Equal(typeof(ClinicClosedException).FullName, failed.FailureDetails?.InnerFailure?.ErrorType);
        Assert.Equal("outer inp", failed.FailureDetails?.InnerFailure?.ErrorMessage);
        Assert.Equal("System.ArgumentException", failed.FailureDetails?.InnerFailure?.InnerFailure?.ErrorType);
    }

    [Fact, Row("4", "Rethrown as inner of another exception")]
    public async Task An_activity_failure_inside_another_exception_loses_the_details_of_the_activity()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Wraps", async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Boom", "inp");
            }
            catch (TaskFailedException failure)
            {
                throw new ClinicClosedException("wrapped", failure);
            }
        })));

        var failed = await engine.RunAsync("Wraps");

        Assert.Equal("wrapped", failed.SerializedOutput);
        var details = failed.FailureDetails;
        Assert.Equal(typeof(ClinicClosedException).FullName, details?.ErrorType);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", details?.InnerFailure?.ErrorType);
        Assert.Equal(Boom, details?.InnerFailure?.ErrorMessage);
        var lost = details?.InnerFailure?.InnerFailure;
        Assert.Equal("DurableTask.Core.Exceptions.TaskFailedException", lost?.ErrorType);
        Assert.Equal(
            "Task 'Boom' (#0) failed with an unhandled exception: Exception of type 'DurableTask.Core.Exceptions.TaskFailedException' "
            + "was thrown.",
            lost?.ErrorMessage);
        Assert.Null(lost?.InnerFailure);
    }

    [Fact, Row("4", "Missing activity")]
    public async Task A_missing_activity_fails_and_is_not_tried_again()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
            await context.CallActivityAsync<string>(
                "NoSuchActivity", "inp", TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromHours(1)))))));

        var failed = await engine.CompletionAsync(await engine.StartAsync("Calls")); // at once: time stands still

        const string missing = "No activity task named 'NoSuchActivity' was found.";
        Assert.Equal($"Task 'NoSuchActivity' (#0) failed with an unhandled exception: {missing}", failed.SerializedOutput);
        Assert.Equal("ActivityTaskNotFound", failed.FailureDetails?.InnerFailure?.ErrorType);
        Assert.Equal(missing, failed.FailureDetails?.InnerFailure?.ErrorMessage);
        Assert.Null(failed.FailureDetails?.InnerFailure?.StackTrace);
    }

    [Fact, Row("4", "Names")]
    public async Task An_activity_is_found_whatever_the_case_of_its_name()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
            await context.CallActivityAsync<string>("eCHO", "heard"))));

        Assert.Equal("heard", await engine.ResultAsync<string>("Calls"));
    }

    [Fact, Row("4", "Null result")]
    public async Task No_result_is_null_to_a_string_and_zero_to_a_number()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
        {
            var text = await context.CallActivityAsync<string?>("Nothing");
            var number = await context.CallActivityAsync<int>("Nothing");
            return $"{text ?? "null"} {number}";
        })));

        Assert.Equal("null 0", await engine.ResultAsync<string>("Calls"));
    }

    [Fact, Row("4", "Result of wrong type")]
    public async Task A_result_of_the_wrong_type_throws_a_JsonException_that_can_be_caught()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
        {
            try
            {
                return $"{await context.CallActivityAsync<int>("Echo", "text")}";
            }
            catch (JsonException)
            {
                return "JsonException";
            }
        })));

        Assert.Equal("JsonException", await engine.ResultAsync<string>("Calls"));
    }

    [Fact, Row("4", "Input of wrong type")]
    public async Task An_input_of_the_wrong_type_is_a_failure_of_the_activity()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
            await context.CallActivityAsync<int>("Double", "text"))));

        var failed = await engine.RunAsync("Calls");

        Assert.Equal("Microsoft.DurableTask.TaskFailedException", failed.FailureDetails?.ErrorType);
        Assert.Equal("System.Text.Json.JsonException", failed.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact, Row("4", "No input for an int activity")]
    public async Task A_number_that_is_not_given_fails_the_activity()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
            await context.CallActivityAsync<int>("Double"))));

        var failed = await engine.RunAsync("Calls");

        var details = failed.FailureDetails?.InnerFailure;
        Assert.Equal("System.Text.Json.JsonException", details?.ErrorType);
        Assert.EndsWith("BytePositionInLine: 4.", details?.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("Cannot get the value of a token type 'Null' as a number.", details?.InnerFailure?.ErrorMessage);
    }

    [Fact, Row("4", "No input for an int activity: orchestrator with int input and null gets 0")]
    public async Task An_orchestrator_that_is_not_given_its_number_gets_zero()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Number", async context => context.GetInput<int>()));

        Assert.Equal(0, await engine.ResultAsync<int>("Number"));
    }

    [Fact, Row("4", "int[] input")]
    public async Task An_array_goes_in_and_out_whole()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
            await context.CallActivityAsync<int[]>("Numbers", new[] { 1, 2, 3 }))));

        var numbers = await engine.ResultAsync<int[]>("Calls");

        Assert.Equal<int>([1, 2, 3], numbers!);
    }

    [Fact, Row("4", "TaskOptions passed as input")]
    public async Task Options_given_as_input_are_an_argument_error()
    {
        await using var engine = await OpenAsync(Activities(tasks => tasks.AddOrchestrator("Calls", async context =>
        {
            try
            {
                object input = TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromHours(1)));
                return await context.CallActivityAsync<string>("Echo", input);
            }
            catch (ArgumentException error)
            {
                return error.Message;
            }
        })));

        Assert.Equal(
            "A TaskOptions value was provided for the activity input but no value was provided for options. Did you actually mean to "
            + "provide a TaskOptions value for the options parameter? (Parameter 'input')",
            await engine.ResultAsync<string>("Calls"));
    }

    [Theory, Row("3", "Activity still open (never awaited) and orchestrator returns or throws")]
    [InlineData(false, Completed)]
    [InlineData(true, Failed)]
    public async Task An_open_activity_keeps_a_returned_instance_running_until_it_ends(bool fails, OrchestrationRuntimeStatus end)
    {
        var gate = new Gate();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string?, string>("Slow", async (_, _) =>
            {
                await gate.PassAsync();
                throw new ClinicClosedException("nobody awaits this");
            });
            tasks.AddOrchestrator<bool, string>("Open", async (context, fail) =>
            {
                _ = context.CallActivityAsync("Slow");
                await Task.Yield();
                return fail ? throw new ClinicClosedException("closed") : "returned";
            });
        });
        var id = await engine.StartAsync("Open", fails);

        await gate.SomebodyArrivesAsync();
        Assert.Equal(Running, (await engine.LookAsync(id)).RuntimeStatus);
        gate.Open();
        var ended = await engine.CompletionAsync(id);

        Assert.Equal(end, ended.RuntimeStatus);
        Assert.Equal(fails ? "closed" : "\"returned\"", ended.SerializedOutput);
    }

    private static Action<TaskRegistry> Activities(Action<TaskRegistry> orchestrators) => tasks =>
    {
        tasks.AddActivity<string, string>("Boom", (_, input) => throw new ClinicClosedException($"outer {input}", Cause("pname")));
        tasks.AddActivity<string, string>("Aggregate", (_, _) =>
            throw new AggregateException("agg", new InvalidOperationException("i1"), new InvalidOperationException("i2")));
        tasks.AddActivity<string, string>("Cancelled", (_, _) => throw new OperationCanceledException("stopped"));
        tasks.AddActivity<string, string>("Echo", (_, input) => Task.FromResult(input));
        tasks.AddActivity<int, int>("Double", (_, input) => Task.FromResult(input * 2));
        tasks.AddActivity<int[], int[]>("Numbers", (_, input) => Task.FromResult(input));
        tasks.AddActivity<string?, string?>("Nothing", (_, _) => Task.FromResult<string?>(null));
        orchestrators(tasks);
    };

    private static ArgumentException Cause(string pname) => new("inner msg", nameof(pname));

    private static void Calls(TaskRegistry tasks) => tasks.AddOrchestrator<string, string>("Calls", async (context, activity) =>
        await context.CallActivityAsync<string>(activity, "inp"));
}
