using FollowUp.EmbeddedHost.Engine;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 2: external events, in the order and to the waiter that the real engine gives them.</summary>
public abstract class ExternalEventTests : EngineSuite
{
    [Fact, Row("2", "3 events before the wait")]
    public async Task Events_that_come_before_the_wait_are_kept_in_order()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Late", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return $"{await Next(context)},{await Next(context)},{await Next(context)}";
        }));
        var id = await engine.StartAsync("Late");
        await engine.SettleAsync();

        await RaiseAsync(engine, id, "1", "2", "3");

        Assert.Equal("1,2,3", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "3 events before the wait: 20 in a burst")]
    public async Task A_burst_of_events_arrives_in_order()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Twenty", async context =>
        {
            var heard = new List<string>();
            while (heard.Count < 20)
            {
                heard.Add(await Next(context));
            }

            return string.Join(',', heard);
        }));
        var id = await engine.StartAsync("Twenty");

        await RaiseAsync(engine, id, [.. Enumerable.Range(1, 20).Select(n => $"{n}")]);

        Assert.Equal(string.Join(',', Enumerable.Range(1, 20)), EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Name case")]
    public async Task Event_names_ignore_case_for_waiters_and_for_kept_events()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Case", async context =>
        {
            var waited = await context.WaitForExternalEvent<string>("Ev");
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return waited + await context.WaitForExternalEvent<string>("eV");
        }));
        var id = await engine.StartAsync("Case");
        await engine.SettleAsync();

        await engine.Client.RaiseEventAsync(id, "ev", "waited");
        await engine.SettleAsync();
        await engine.Client.RaiseEventAsync(id, "EV", " kept");

        Assert.Equal("waited kept", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Two waiters, same name, one event")]
    public async Task The_newest_waiter_of_a_name_gets_the_event()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Two", async context =>
        {
            var first = context.WaitForExternalEvent<string>("signal");
            var second = context.WaitForExternalEvent<string>("signal");
            return await Task.WhenAny(first, second) == second ? "second waiter won" : "first waiter won";
        }));
        var id = await engine.StartAsync("Two");
        await engine.SettleAsync();

        await RaiseAsync(engine, id, "1");

        Assert.Equal("second waiter won", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Two waiters, same name: two events")]
    public async Task Two_waiters_are_served_last_in_first_out()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Two", async context =>
        {
            var first = context.WaitForExternalEvent<string>("signal");
            var second = context.WaitForExternalEvent<string>("signal");
            return $"first {await first}, second {await second}";
        }));
        var id = await engine.StartAsync("Two");
        await engine.SettleAsync();

        await RaiseAsync(engine, id, "1", "2");

        Assert.Equal("first 2, second 1", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Two waiters of different T")]
    public async Task Waiters_of_one_name_must_ask_for_one_type()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Types", async context =>
        {
            _ = context.WaitForExternalEvent<string>("signal");
            try
            {
                await context.WaitForExternalEvent<int>("signal");
                return "no error";
            }
            catch (ArgumentException error)
            {
                return error.Message;
            }
        }));

        Assert.Equal(
            "Events with the same name must have the same type argument. Expected System.String but was requested System.Int32.",
            await engine.ResultAsync<string>("Types"));
    }

    [Fact, Row("2", "Raise to missing id")]
    public async Task Raising_an_event_to_a_missing_instance_is_refused_and_nothing_is_kept()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Wait", async context =>
            await context.WaitForExternalEvent<string>("signal", TimeSpan.FromHours(1))));

        await RefusedAsync(
            StatusCode.Unknown,
            "No instance with ID 'glow:b-77' was found. (Parameter 'instanceId')",
            () => RaiseAsync(engine, "glow:b-77", "too early"));

        var later = await engine.RunAsync("Wait", id: "glow:b-77");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, later.RuntimeStatus); // its wait timed out: the event was not kept for it
    }

    [Fact, Row("2", "Raise to completed")]
    public async Task Raising_an_event_to_a_completed_instance_is_refused()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Quick", async _ => "done"));
        await engine.RunAsync("Quick", id: "glow:b-77");

        await RefusedAsync(
            StatusCode.Unknown,
            "Cannot raise event go for orchestration instance glow:b-77 because instance is in Completed state",
            () => engine.Client.RaiseEventAsync("glow:b-77", "go", "too late"));
    }

    [Fact, Row("2", "Empty id or name")]
    public async Task An_event_needs_an_instance_id_and_a_name()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Quick", async _ => "done"));

        var noId = await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RaiseEventAsync("", "go"));
        var noName = await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RaiseEventAsync("a", ""));

        Assert.Equal("Parameter cannot be an empty string or start with the null character. (Parameter 'instanceId')", noId.Message);
        Assert.Equal("Parameter cannot be an empty string or start with the null character. (Parameter 'eventName')", noName.Message);
    }

    [Fact, Row("2", "Null payload")]
    public async Task An_event_without_a_payload_is_null_to_a_string_waiter()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Wait", async context =>
            await context.WaitForExternalEvent<string?>("signal") is null ? "null" : "something"));
        var id = await engine.StartAsync("Wait");
        await engine.SettleAsync();

        await engine.Client.RaiseEventAsync(id, "signal");

        Assert.Equal("null", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("2", "Null payload: int waiter")]
    public async Task An_event_without_a_payload_fails_an_instance_that_waits_for_a_number()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Wait", async context =>
            await context.WaitForExternalEvent<int>("signal")));
        var id = await engine.StartAsync("Wait");
        await engine.SettleAsync();

        await engine.Client.RaiseEventAsync(id, "signal");

        var failed = await engine.FinishAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal("System.NullReferenceException", failed.FailureDetails?.ErrorType);
        Assert.Equal("Object reference not set to an instance of an object.", failed.FailureDetails?.ErrorMessage);
    }

    [Theory, Row("2", "Payload of wrong JSON type"), Row("trap", "A payload of the wrong shape fails the instance beyond any try/catch")]
    [InlineData("five")]
    [InlineData("5")]
    public async Task A_payload_of_the_wrong_type_fails_the_instance_beyond_any_catch(string payload)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Number", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<int>("signal");
            }
            catch (Exception)
            {
                return -1;
            }
        }));
        var id = await engine.StartAsync("Number");
        await engine.SettleAsync();

        await RaiseAsync(engine, id, payload);

        var failed = await engine.FinishAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Null(failed.SerializedOutput);
        Assert.Equal("System.Text.Json.JsonException", failed.FailureDetails?.ErrorType);
        Assert.Equal(
            $"The JSON value could not be converted to System.Int32. Path: $ | LineNumber: 0 | BytePositionInLine: {payload.Length + 2}.",
            failed.FailureDetails?.ErrorMessage);
        Assert.Equal("System.InvalidOperationException", failed.FailureDetails?.InnerFailure?.ErrorType);
        Assert.Equal("Cannot get the value of a token type 'String' as a number.", failed.FailureDetails?.InnerFailure?.ErrorMessage);
    }

    [Fact, Row("2", "Order in one batch")]
    public async Task Of_what_reaches_an_instance_at_once_results_come_before_events()
    {
        var (busy, working) = (new Gate(), new Gate());
        await using var engine = await OpenAsync(new EngineSetup
        {
            MaxConcurrentOrchestrators = 1,
            Code = tasks =>
            {
                tasks.AddActivity<string?, string>("Works", async (_, _) =>
                {
                    await working.PassAsync();
                    return "result";
                });
                tasks.AddOrchestrator("Busy", context =>
                {
                    Assert.True(busy.PassAsync().Wait(EngineUnderTest.Limit)); // keeps the only place for orchestrators
                    return Task.FromResult<object?>(null);
                });
                tasks.AddOrchestrator("Both", async context =>
                {
                    var order = new List<string>();
                    await Task.WhenAll(NoteAsync(Next(context)), NoteAsync(context.CallActivityAsync<string>("Works")));
                    return string.Join(", ", order);

                    async Task NoteAsync(Task<string> arrival) => order.Add(await arrival);
                });
            },
        });
        var id = await engine.StartAsync("Both");
        await working.SomebodyArrivesAsync();
        await engine.StartAsync("Busy");
        await busy.SomebodyArrivesAsync();
        await RaiseAsync(engine, id, "event");
        working.Open();
        while (engine.Engine.GetStatus().RunningActivities > 0)
        {
            await Task.Yield();
        }

        busy.Open();
        Assert.Equal("result, event", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("own", "An event survives a restart")]
    public async Task Events_that_come_before_the_wait_survive_a_restart_and_a_kill()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Late", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return $"{await Next(context)},{await Next(context)},{await Next(context)}";
        }));
        var id = await engine.StartAsync("Late");
        await engine.SettleAsync();

        await RaiseAsync(engine, id, "1");
        await engine.RestartAsync();
        await RaiseAsync(engine, id, "2");
        await engine.SettleAsync();
        await engine.KillAsync();
        await RaiseAsync(engine, id, "3");
        await engine.KillAsync();

        Assert.Equal("1,2,3", EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    private static Task<string> Next(TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("signal");

    private static async Task RaiseAsync(EngineUnderTest engine, string id, params string[] payloads)
    {
        foreach (var payload in payloads)
        {
            await engine.Client.RaiseEventAsync(id, "signal", payload);
        }
    }
}
