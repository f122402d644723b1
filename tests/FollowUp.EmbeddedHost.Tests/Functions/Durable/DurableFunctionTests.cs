using FollowUp.EmbeddedHost.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.EmbeddedHost.Tests.Functions.Durable;

/// <summary>functions-behaviour.md, section 5: orchestrators, activities and the client as functions, over the real engine.</summary>
public sealed class DurableFunctionTests
{
    [Fact]
    public async Task An_HTTP_function_starts_an_orchestration_that_calls_an_activity_and_waits_months_on_a_jumping_clock()
    {
        var setup = new TestHost.Setup { Arguments = ["--FollowUp:Clock:DaysPerSecond", "jump", "--FollowUp:Clock:Start", "2026-11-22T10:00:00Z"] };
        await using TestHost host = await TestHost.StartAsync(setup with { AfterWeb = builder => builder.Services.AddScoped<Greeter>() }, typeof(Course));

        using HttpResponseMessage response = await host.Client.PostAsync("/start/glow:1", null);
        OrchestrationMetadata end = await EndAsync(host, "glow:1");

        Assert.Equal("glow:1 in followup", await response.Content.ReadAsStringAsync());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("\"hello Ada from glow:1, 180 days later\"", end.SerializedOutput);
    }

    [Fact]
    public async Task Middleware_runs_around_orchestrators_and_activities_too()
    {
        var kinds = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        var setup = new TestHost.Setup
        {
            Arguments = ["--FollowUp:Clock:DaysPerSecond", "jump"],
            AfterWeb = builder =>
            {
                builder.Services.AddScoped<Greeter>();
                builder.Use(next => context =>
                {
                    kinds[context.FunctionDefinition.InputBindings.Values.First(b => b.Type.EndsWith("Trigger", StringComparison.Ordinal)).Type] =
                        context.GetHttpContext() is not null;
                    return next(context);
                });
            },
        };
        await using TestHost host = await TestHost.StartAsync(setup, typeof(Course));

        using HttpResponseMessage response = await host.Client.PostAsync("/start/1", null);
        await EndAsync(host, "1");

        Assert.Equal(
            [("activityTrigger", false), ("httpTrigger", true), ("orchestrationTrigger", false)],
            kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (k.Key, k.Value)));
    }

    [Fact]
    public async Task The_exception_of_an_activity_reaches_the_orchestrator_under_its_own_type()
    {
        await using TestHost host = await TestHost.StartAsync(typeof(Broken));

        using HttpResponseMessage response = await host.Client.PostAsync("/broken", null);

        Assert.Equal("\"System.ArgumentException: bad input\"", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Host_json_gives_orchestrations_their_version_and_says_what_becomes_of_others()
    {
        const string HostJson = """
            { "extensions": { "durableTask": { "defaultVersion": "2.0", "versionMatchStrategy": "Strict", "versionFailureStrategy": "Fail" } } }
            """;
        await using TestHost host = await TestHost.StartAsync(new TestHost.Setup { HostJson = HostJson }, typeof(Versioned));
        DurableTaskClient client = host.Services.GetRequiredService<DurableEngine>().Client;
        CancellationToken cancellation = TestContext.Current.CancellationToken;

        await client.ScheduleNewOrchestrationInstanceAsync("Tell", options: new StartOrchestrationOptions("ours"), cancellation: cancellation);
        await client.ScheduleNewOrchestrationInstanceAsync(
            "Tell", options: new StartOrchestrationOptions("older") { Version = new TaskVersion("1.0") }, cancellation: cancellation);

        Assert.Equal("\"2.0\"", (await EndAsync(host, "ours")).SerializedOutput);
        Assert.Equal("VersionMismatch", (await EndAsync(host, "older")).FailureDetails?.ErrorType);
    }

    // From outside of a function: an invocation holds the clock, and this orchestration has months to wait.
    private static Task<OrchestrationMetadata> EndAsync(TestHost host, string id)
        => host.Services.GetRequiredService<DurableEngine>().Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, TestContext.Current.CancellationToken);

    public sealed record Patient(string Name);

    public sealed class Greeter
    {
        public string Greet(string name) => $"hello {name}";
    }

    public sealed class Course(Greeter greeter)
    {
        [Function("Start")]
        public static async Task<IResult> Start(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Follow", new Patient("Ada"), new StartOrchestrationOptions(id));
            return Results.Text($"{id} in {client.Name}");
        }

        [Function("Follow")]
        public static async Task<string> Follow([OrchestrationTrigger] TaskOrchestrationContext context, Patient patient)
        {
            DateTime start = context.CurrentUtcDateTime;
            string greeting = await context.CallActivityAsync<string>("Greet", patient);
            await context.CreateTimer(TimeSpan.FromDays(180), CancellationToken.None);
            return $"{greeting}, {(context.CurrentUtcDateTime - start).TotalDays} days later";
        }

        [Function("Greet")]
        public string Greet([ActivityTrigger] Patient patient, string instanceId, FunctionContext context)
            => $"{greeter.Greet(patient.Name)} from {instanceId}";
    }

    public static class Versioned
    {
        [Function("Tell")]
        public static Task<string> Tell([OrchestrationTrigger] TaskOrchestrationContext context) => Task.FromResult(context.Version);
    }

    public static class Broken
    {
        [Function("StartBroken")]
        public static async Task<IResult> Start(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "broken")] HttpRequest request, [DurableClient] DurableTaskClient client)
        {
            string id = await client.ScheduleNewOrchestrationInstanceAsync("Catch");
            OrchestrationMetadata? end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            return Results.Text(end?.SerializedOutput ?? "");
        }

        [Function("Catch")]
        public static async Task<string> Catch([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.CallActivityAsync("Throw", "x");
                return "no exception";
            }
            catch (TaskFailedException failure)
            {
                return $"{failure.FailureDetails.ErrorType}: {failure.FailureDetails.ErrorMessage}";
            }
        }

        [Function("Throw")]
        public static void Throw([ActivityTrigger] string input) => throw new ArgumentException($"bad {(input == "x" ? "input" : "")}");
    }
}
