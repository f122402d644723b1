using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 6: ContinueAsNew.</summary>
public abstract class ContinueAsNewTests : EngineSuite
{
    [Fact, Row("6", "context.ContinueAsNew(null)")]
    public async Task Continuing_with_a_bare_null_is_an_argument_error()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Again", async context =>
        {
            context.ContinueAsNew(null!); // C# takes the overload with options
            return "unreachable";
        }));

        var failed = await engine.RunAsync("Again", 1);

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Equal("System.ArgumentNullException", failed.FailureDetails?.ErrorType);
        Assert.Equal("Value cannot be null. (Parameter 'options')", failed.FailureDetails?.ErrorMessage);
    }

    [Fact, Row("6", "ContinueAsNew((object?)null) works: input null, custom status cleared"), Row("6", "Custom status: not carried")]
    public async Task Continuing_with_no_input_clears_input_and_custom_status()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Again", async context =>
        {
            if (context.GetInput<string>() is null)
            {
                return "second";
            }

            context.SetCustomStatus("first");
            context.ContinueAsNew((object?)null);
            return "first";
        }));

        var ended = await engine.RunAsync("Again", "input");

        Assert.Equal("second", EngineUnderTest.Output<string>(ended));
        Assert.Null(ended.SerializedInput);
        Assert.Null(ended.SerializedCustomStatus);
    }

    [Fact, Row("6", "5 generations")]
    public async Task Generations_keep_the_id_and_show_the_last_input()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, string>("Count", async (context, generation) =>
        {
            await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            if (generation < 5)
            {
                context.ContinueAsNew(generation + 1);
            }

            return $"{context.InstanceId}: {generation}";
        }));

        var ended = await engine.RunAsync("Count", 1, "glow:b-77");

        Assert.Equal("glow:b-77: 5", EngineUnderTest.Output<string>(ended));
        Assert.Equal(5, ended.ReadInputAs<int>());
        Assert.Equal(EngineSetup.Monday.AddDays(5), engine.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact, Row("6", "5 generations: history holds only the last generation")]
    public async Task A_restart_replays_only_the_last_generation()
    {
        var began = new List<int>();
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, int>("Count", async (context, generation) =>
        {
            lock (began)
            {
                began.Add(generation);
            }

            if (generation < 5)
            {
                context.ContinueAsNew(generation + 1);
                return generation;
            }

            return await context.WaitForExternalEvent<int>("end");
        }));
        var id = await engine.StartAsync("Count", 1);
        await engine.SettleAsync();
        began.Clear();
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync(id, "end", 42);

        Assert.Equal(42, EngineUnderTest.Output<int>(await engine.FinishAsync(id)));
        Assert.Equal([5], began.Distinct());
    }

    [Fact, Row("6", "Call does not stop the code")]
    public async Task What_follows_the_call_still_runs_and_the_last_call_wins()
    {
        var sent = new List<string>();
        await using var engine = await OpenAsync(tasks =>
        {
            tasks.AddActivity<string, string>("Note", (_, text) =>
            {
                sent.Add(text);
                return Task.FromResult(text);
            });
            tasks.AddOrchestrator<int, string>("Again", async (context, generation) =>
            {
                if (generation != 1)
                {
                    return $"end {generation}";
                }

                context.ContinueAsNew(2);
                await context.CallActivityAsync("Note", "after the call");
                context.ContinueAsNew(3);
                return "ignored";
            });
        });

        Assert.Equal("end 3", await engine.ResultAsync<string>("Again", 1));
        Assert.Equal(["after the call"], sent);
    }

    [Fact, Row("6", "Throw after it")]
    public async Task A_failure_after_the_call_fails_the_instance_without_a_new_generation()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, string>("Again", async (context, generation) =>
        {
            context.ContinueAsNew(generation + 1);
            throw new ClinicClosedException($"closed in {generation}");
        }));

        var failed = await engine.RunAsync("Again", 1);

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Equal("closed in 1", failed.SerializedOutput);
        Assert.Equal(1, failed.ReadInputAs<int>());
    }

    [Theory, Row("6", "Preserve events (default true)")]
    [InlineData(null, "AB")]
    [InlineData(true, "AB")]
    [InlineData(false, "timed out")]
    public async Task Unread_events_go_over_into_the_next_generation_in_order(bool? preserve, string expected)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, string>("Again", async (context, generation) =>
        {
            if (generation == 1)
            {
                await context.WaitForExternalEvent<string>("go");
                if (preserve is { } told)
                {
                    context.ContinueAsNew(2, told);
                }
                else
                {
                    context.ContinueAsNew(2);
                }

                return "first";
            }

            try
            {
                return await context.WaitForExternalEvent<string>("signal", TimeSpan.FromHours(1))
                    + await context.WaitForExternalEvent<string>("SIGNAL", TimeSpan.FromHours(1));
            }
            catch (TaskCanceledException)
            {
                return "timed out";
            }
        }));
        var id = await engine.StartAsync("Again", 1);
        await engine.SettleAsync();

        await engine.Client.RaiseEventAsync(id, "signal", "A");
        await engine.Client.RaiseEventAsync(id, "Signal", "B");
        await engine.Client.RaiseEventAsync(id, "go");

        Assert.Equal(expected, EngineUnderTest.Output<string>(await engine.FinishAsync(id)));
    }

    [Fact, Row("6", "Open timer or activity at the call"), Row("6", "cancelled timer does not hold it")]
    public async Task An_open_timer_holds_the_next_generation_back_and_a_cancelled_one_does_not()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, DateTime>("Again", async (context, generation) =>
        {
            if (generation == 3)
            {
                return context.CurrentUtcDateTime;
            }

            using var cancel = new CancellationTokenSource();
            _ = context.CreateTimer(TimeSpan.FromDays(generation), cancel.Token);
            await Task.Yield();
            if (generation == 2)
            {
                cancel.Cancel();
            }

            context.ContinueAsNew(generation + 1);
            return default;
        }));

        Assert.Equal(EngineSetup.Monday.UtcDateTime.AddDays(1), await engine.ResultAsync<DateTime>("Again", 1));
    }

    [Fact, Row("6", "NewVersion \"9.1\"")]
    public async Task The_next_generation_may_have_another_version()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, string>("Again", async (context, generation) =>
        {
            if (generation == 1)
            {
                context.ContinueAsNew(new ContinueAsNewOptions { NewInput = 2, NewVersion = "9.1" });
            }

            return context.Version;
        }));

        Assert.Equal("9.1", await engine.ResultAsync<string>("Again", 1));
    }

    [Fact, Row("own", "A generation is one commit")]
    public async Task An_endless_orchestration_survives_kills_between_its_generations()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<int, int>("Daily", async (context, day) =>
        {
            await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            context.ContinueAsNew(day + 1);
            return day;
        }));
        var id = await engine.StartAsync("Daily", 0);

        for (int day = 1; day <= 3; day++)
        {
            await engine.PassAsync(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
            await engine.KillAsync();
            Assert.Equal(day, (await engine.LookAsync(id)).ReadInputAs<int>());
            Assert.Equal(Running, (await engine.LookAsync(id)).RuntimeStatus);
        }
    }
}
