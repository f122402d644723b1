using DurableTask.Core.Exceptions;
using FollowUp.EmbeddedHost.Engine;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 1: starting, and starting with an id that exists.</summary>
public abstract class StartTests : EngineSuite
{
    private readonly Gate busy = new();

    [Theory, Row("1", "AS, default, existing Running / Suspended / scheduled Pending")]
    [InlineData(Running)]
    [InlineData(Suspended)]
    [InlineData(Pending)]
    public async Task An_instance_that_has_not_ended_is_not_started_again(OrchestrationRuntimeStatus status)
    {
        await using var engine = await OpenAsync(OneAtATime);
        using var there = await BringAsync(engine, "glow:b-77", status);

        var refusal = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => engine.StartAsync("Instance", "second", "glow:b-77"));

        Assert.Equal("An Orchestration instance with the ID glow:b-77 already exists.", refusal.Message);
        var untouched = await engine.LookAsync("glow:b-77");
        Assert.Equal(status, untouched.RuntimeStatus);
        Assert.Equal("wait", untouched.ReadInputAs<string>());
    }

    [Theory, Row("1", "AS, default, existing Completed / Failed / Terminated")]
    [InlineData(Completed)]
    [InlineData(Failed)]
    [InlineData(Terminated)]
    public async Task An_instance_that_has_ended_is_replaced(OrchestrationRuntimeStatus status)
    {
        await using var engine = await OpenAsync(OneAtATime);
        using var there = await BringAsync(engine, "glow:b-77", status);

        Assert.Equal("glow:b-77", await engine.StartAsync("Instance", "second", "glow:b-77"));
        var second = await engine.FinishAsync("glow:b-77");

        Assert.Equal(Completed, second.RuntimeStatus);
        Assert.Equal("second", second.ReadInputAs<string>());
        Assert.Equal("second", second.ReadOutputAs<string>());
        Assert.Null(second.FailureDetails);
        Assert.Null(second.SerializedCustomStatus);
    }

    [Fact, Row("1", "IP, default options, existing Completed: status at once Pending with the new input, old history wiped")]
    public async Task A_replaced_instance_is_at_once_pending_with_its_new_input()
    {
        await using var engine = await OpenAsync(OneAtATime);
        await engine.RunAsync("Instance", "finish", "glow:b-77");
        using var occupied = await KeepBusyAsync(engine);

        await engine.StartAsync("Instance", "second", "glow:b-77");

        var second = await engine.LookAsync("glow:b-77");
        Assert.Equal(Pending, second.RuntimeStatus);
        Assert.Equal("second", second.ReadInputAs<string>());
        Assert.Null(second.SerializedOutput);
    }

    [Fact, Row("1", "StartAt = now+2 s"), Row("16", "StartAt")]
    public async Task A_start_time_is_ignored_as_both_real_engines_ignore_it()
    {
        await using var engine = await OpenAsync(OneAtATime);
        var tomorrow = engine.Clock.GetUtcNow().AddDays(1);

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Instance", "finish", new StartOrchestrationOptions("a", tomorrow));

        Assert.Equal("finish", EngineUnderTest.Output<string>(await engine.CompletionAsync("a"))); // time stands still
    }

    [Fact, Row("1", "DedupeStatuses=[]")]
    public async Task An_empty_list_of_dedupe_statuses_lets_no_running_instance_be_replaced()
    {
        await using var engine = await OpenAsync(OneAtATime);
        using var there = await BringAsync(engine, "a", Running);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Instance", "second", new StartOrchestrationOptions("a") { DedupeStatuses = [] }));
    }

    [Theory, Row("1", "WithDedupeStatuses(X), existing in X")]
    [InlineData(Pending)]
    [InlineData(Running)]
    [InlineData(Suspended)]
    [InlineData(Completed)]
    [InlineData(Failed)]
    [InlineData(Terminated)]
    public async Task An_instance_in_one_of_the_dedupe_statuses_is_not_started_again(OrchestrationRuntimeStatus status)
    {
        await using var engine = await OpenAsync(OneAtATime);
        using var there = await BringAsync(engine, "glow:b-77", status);
        var options = new StartOrchestrationOptions("glow:b-77").WithDedupeStatuses(status);

        var refusal = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => engine.Client.ScheduleNewOrchestrationInstanceAsync("Instance", "second", options));

        Assert.IsAssignableFrom<InvalidOperationException>(refusal);
        Assert.Equal($"An orchestration with id 'glow:b-77' already exists. It's in the {status} state.", refusal.Message);
        Assert.NotEqual("second", (await engine.LookAsync("glow:b-77")).ReadInputAs<string>());
    }

    [Fact, Row("1", "Invalid status name")]
    public async Task A_dedupe_status_that_does_not_exist_is_an_argument_error()
    {
        await using var engine = await OpenAsync(OneAtATime);
        var options = new StartOrchestrationOptions("a") { DedupeStatuses = ["Nope"] };

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => engine.Client.ScheduleNewOrchestrationInstanceAsync("Instance", "second", options));

        Assert.Equal("Invalid orchestration runtime status: 'Nope' for deduplication.", error.Message);
        Assert.Null(await engine.Client.GetInstanceAsync("a"));
    }

    [Theory, Row("1", "Invalid status name: names are case-insensitive, digits accepted")]
    [InlineData("completed")]
    [InlineData("COMPLETED")]
    [InlineData("1")]
    public async Task Dedupe_statuses_are_read_without_regard_to_case_or_as_digits(string completed)
    {
        await using var engine = await OpenAsync(OneAtATime);
        using var there = await BringAsync(engine, "a", Completed);
        var options = new StartOrchestrationOptions("a") { DedupeStatuses = [completed] };

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => engine.Client.ScheduleNewOrchestrationInstanceAsync("Instance", "second", options));
    }

    [Fact, Row("1", "StartOrchestrationOptions defaults")]
    public void Start_options_say_nothing_unless_told()
    {
        var options = new StartOrchestrationOptions();

        Assert.Null(options.DedupeStatuses);
        Assert.Null(options.Version);
        Assert.Null(options.StartAt);
        Assert.Null(options.InstanceId);
        Assert.Equal(
            [Completed, Failed, Terminated, Canceled, Pending, Running, Suspended],
            StartOrchestrationOptionsExtensions.ValidDedupeStatuses);
    }

    [Theory, Row("1", "No id"), Row("1", "Id \"\"")]
    [InlineData(null)]
    [InlineData("")]
    public async Task An_instance_without_an_id_gets_thirty_two_hex_digits(string? noId)
    {
        await using var engine = await OpenAsync(OneAtATime);

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Instance", "finish", new StartOrchestrationOptions(noId));

        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(Completed, (await engine.FinishAsync(id)).RuntimeStatus);
        Assert.NotEqual(id, await engine.StartAsync("Instance", "finish"));
    }

    [Fact, Row("1", "Id \"@a@b\"")]
    public async Task Ids_that_begin_with_an_at_sign_are_reserved()
    {
        await using var engine = await OpenAsync(OneAtATime);

        var error = await Assert.ThrowsAsync<ArgumentException>(() => engine.StartAsync("Instance", "finish", "@a@b"));

        Assert.Equal(
            "Instance IDs starting with '@' are reserved for entities, and must not be used for orchestrations, when entity support is "
            + "enabled. (Parameter 'options?.InstanceId')",
            error.Message);
    }

    [Theory, Row("1", "Id with / \\ # ? or control character")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u007fb")]
    public async Task Ids_with_characters_that_a_store_cannot_keep_are_refused(string id)
    {
        await using var engine = await OpenAsync(OneAtATime);

        await RefusedAsync(
            StatusCode.Internal,
            $"Failed to start instance with ID {id}.\nInner Exception message: instanceId (Parameter 'Orchestration instance ids must not "
            + "contain /, \\, #, ?, or control characters.').",
            () => engine.StartAsync("Instance", "finish", id));
    }

    [Fact, Row("1", "Id of 300 characters")]
    public async Task Ids_are_at_most_256_characters_long()
    {
        await using var engine = await OpenAsync(OneAtATime);

        await RefusedAsync(
            StatusCode.Internal,
            "Instance ID lengths must not exceed 256 characters.",
            () => engine.StartAsync("Instance", "finish", new string('a', 300)));
        Assert.Equal(Completed, (await engine.RunAsync("Instance", "finish", new string('a', 256))).RuntimeStatus);
    }

    [Fact, Row("1", "Id case")]
    public async Task Ids_differ_by_case()
    {
        await using var engine = await OpenAsync(OneAtATime);

        await engine.RunAsync("Instance", "finish", "CaseId");

        Assert.Null(await engine.Client.GetInstanceAsync("caseid"));
        Assert.Equal("other", await engine.ResultAsync<string>("Instance", "other", "caseid"));
        Assert.Equal("finish", (await engine.LookAsync("CaseId")).ReadOutputAs<string>());
    }

    [Fact, Row("1", "AS, unknown orchestrator name")]
    public async Task An_orchestrator_that_does_not_exist_is_not_started()
    {
        await using var engine = await OpenAsync(OneAtATime);

        var refusal = await RefusedAsync(
            StatusCode.Internal,
            "The function 'Nope' doesn't exist, is disabled, or is not an orchestrator function. Additional info: The following are the "
            + "known orchestrator functions: ",
            () => engine.StartAsync("Nope", "finish", "a"));

        Assert.Contains("'Instance'", refusal.Status.Detail, StringComparison.Ordinal);
        Assert.Null(await engine.Client.GetInstanceAsync("a"));
    }

    [Fact, Row("4", "Names: activity and orchestrator names case-insensitive")]
    public async Task An_orchestrator_is_found_whatever_the_case_of_its_name()
    {
        await using var engine = await OpenAsync(OneAtATime);

        Assert.Equal("finish", await engine.ResultAsync<string>("iNSTANCE", "finish"));
    }

    [Fact, Row("own", "A start that was answered is kept")]
    public async Task Many_starts_at_once_are_all_kept()
    {
        await using var engine = await OpenAsync(OneAtATime);

        var ids = await Task.WhenAll(Enumerable.Range(0, 500).Select(n => engine.StartAsync("Instance", $"text {n}", $"n-{n}")));
        await engine.KillAsync();
        engine.LetTimePass();

        for (int n = 0; n < ids.Length; n++)
        {
            Assert.Equal($"text {n}", EngineUnderTest.Output<string>(await engine.CompletionAsync(ids[n])));
        }
    }

    [Fact, Row("own", "Starting the same id at once")]
    public async Task Of_many_starts_of_one_id_at_once_exactly_one_is_accepted()
    {
        await using var engine = await OpenAsync(OneAtATime);

        var attempts = Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await engine.StartAsync("Instance", "wait", "glow:b-77");
                return 1;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return 0;
            }
        });

        Assert.Equal(1, (await Task.WhenAll(attempts)).Sum());
    }

    /// <summary>
    /// "wait" waits for ever, "fail" fails, anything else is returned at once. "Busy" keeps the only place for orchestrators.
    /// </summary>
    private EngineSetup OneAtATime => new()
    {
        MaxConcurrentOrchestrators = 1,
        Code = tasks =>
        {
            tasks.AddOrchestrator<string, string>("Instance", async (context, what) =>
            {
                switch (what)
                {
                    case "wait":
                        await context.WaitForExternalEvent<string>("never");
                        break;
                    case "fail":
                        context.SetCustomStatus("failing");
                        throw new ClinicClosedException("closed");
                }

                return what;
            });
            tasks.AddOrchestrator("Busy", context =>
            {
                Assert.True(busy.PassAsync().Wait(EngineUnderTest.Limit)); // blocks the thread, as an orchestrator never should
                return Task.FromResult<object?>(null);
            });
        },
    };

    /// <summary>Brings an instance into a status, and keeps it there until the result is disposed.</summary>
    private async Task<IDisposable> BringAsync(EngineUnderTest engine, string id, OrchestrationRuntimeStatus status)
    {
        if (status == Pending)
        {
            var ended = await KeepBusyAsync(engine);
            await engine.StartAsync("Instance", "wait", id);
            Assert.Equal(status, (await engine.LookAsync(id)).RuntimeStatus);
            return ended;
        }

        await engine.StartAsync("Instance", status switch { Completed => "finish", Failed => "fail", _ => "wait" }, id);
        await engine.SettleAsync();
        if (status == Suspended)
        {
            await engine.Client.SuspendInstanceAsync(id, "holiday");
            await engine.SettleAsync();
        }

        if (status == Terminated)
        {
            await engine.Client.TerminateInstanceAsync(id, "enough");
            await engine.SettleAsync();
        }

        Assert.Equal(status, (await engine.LookAsync(id)).RuntimeStatus);
        return Ended.Instance;
    }

    private async Task<IDisposable> KeepBusyAsync(EngineUnderTest engine)
    {
        await engine.StartAsync("Busy");
        await busy.SomebodyArrivesAsync();
        return new Ended(busy);
    }

    private sealed class Ended(Gate? busy) : IDisposable
    {
        public static readonly Ended Instance = new(null);

        public void Dispose() => busy?.Open();
    }
}
