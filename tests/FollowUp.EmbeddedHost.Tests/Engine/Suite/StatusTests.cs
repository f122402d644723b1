using System.Text.Json;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 7: custom status and metadata.</summary>
public abstract class StatusTests : EngineSuite
{
    [Fact, Row("7", "Visibility: committed at the end of an episode; last value in the episode wins; JSON")]
    public async Task The_last_custom_status_of_an_episode_is_seen_after_it()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Status", async context =>
        {
            context.SetCustomStatus("zero");
            context.SetCustomStatus("one");
            await context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus(new { Step = "prep-7d", Left = 2 });
            await context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus(null);
            await context.WaitForExternalEvent<string>("go");
            return null;
        }));
        var id = await engine.StartAsync("Status");
        var seen = new List<string?>();
        for (int episode = 0; episode < 3; episode++)
        {
            await engine.SettleAsync();
            seen.Add((await engine.LookAsync(id)).SerializedCustomStatus);
            await engine.RestartAsync();
            seen.Add((await engine.LookAsync(id)).SerializedCustomStatus);
            await engine.Client.RaiseEventAsync(id, "go");
        }

        const string second = """{"Step":"prep-7d","Left":2}""";
        Assert.Equal(["\"one\"", "\"one\"", second, second, null, null], seen);
    }

    [Theory, Row("7", "Visibility: kept after Completed and Failed")]
    [InlineData(false, Completed)]
    [InlineData(true, Failed)]
    public async Task The_custom_status_is_kept_after_the_end(bool fails, OrchestrationRuntimeStatus end)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<bool, string>("Status", async (context, fail) =>
        {
            context.SetCustomStatus("kept");
            return fail ? throw new ClinicClosedException("closed") : "done";
        }));

        var ended = await engine.RunAsync("Status", fails);

        Assert.Equal(end, ended.RuntimeStatus);
        Assert.Equal("kept", ended.ReadCustomStatusAs<string>());
    }

    [Fact, Row("7", "Not serialisable (cycle)")]
    public async Task A_custom_status_that_is_no_json_fails_the_instance()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Status", async context =>
        {
            var cycle = new List<object>();
            cycle.Add(cycle);
            context.SetCustomStatus(cycle);
            await context.WaitForExternalEvent<string>("never");
            return "done";
        }));

        var failed = await engine.RunAsync("Status");

        Assert.Equal(Failed, failed.RuntimeStatus);
        Assert.Equal("System.Text.Json.JsonException", failed.FailureDetails?.ErrorType);
        Assert.Null(failed.SerializedOutput);
    }

    [Fact, Row("16", "Custom status 16,300 characters")]
    public async Task A_long_custom_status_is_kept_whole()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Status", async context =>
        {
            context.SetCustomStatus(new string('s', 16_300));
            return "done";
        }));

        Assert.Equal(new string('s', 16_300), (await engine.RunAsync("Status")).ReadCustomStatusAs<string>());
    }

    [Fact, Row("7", "getInputsAndOutputs=false"), Row("7", "Read*As without it")]
    public async Task An_instance_fetched_without_its_data_has_none_of_it()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<string, string>("Fails", async (context, _) =>
        {
            context.SetCustomStatus("status");
            throw new ClinicClosedException("closed");
        }));
        var whole = await engine.RunAsync("Fails", "input");
        Assert.Equal("input", whole.ReadInputAs<string>());
        Assert.NotNull(whole.FailureDetails);

        var bare = await engine.Client.GetInstanceAsync(whole.InstanceId, getInputsAndOutputs: false);

        Assert.NotNull(bare);
        Assert.Equal(Failed, bare.RuntimeStatus);
        Assert.Null(bare.SerializedInput);
        Assert.Null(bare.SerializedOutput);
        Assert.Null(bare.SerializedCustomStatus);
        Assert.Null(bare.FailureDetails);
        const string only = "method can only be used on OrchestrationMetadata objects that are fetched with the option to include";
        Assert.Equal($"The ReadInputAs {only} input data.", Error(() => bare.ReadInputAs<string>()));
        Assert.Equal($"The ReadOutputAs {only} output data.", Error(() => bare.ReadOutputAs<string>()));
        Assert.Equal($"The ReadCustomStatusAs {only} input and output data.", Error(() => bare.ReadCustomStatusAs<string>()));

        static string Error(Func<object?> read) => Assert.Throws<InvalidOperationException>(read).Message;
    }

    [Fact, Row("7", "Failed instance")]
    public async Task The_output_of_a_failed_instance_is_a_bare_message_and_no_json()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator<string, string>("Fails", async (_, message) =>
            throw new ClinicClosedException(message)));

        var failed = await engine.RunAsync("Fails", "f");

        Assert.Equal("f", failed.SerializedOutput);
        Assert.StartsWith("'f' is an invalid JSON literal", Inner(() => failed.ReadOutputAs<string>()), StringComparison.Ordinal);

        static string Inner(Func<object?> read) => Assert.Throws<JsonException>(read).Message;
    }

    [Fact, Row("7", "Null result")]
    public async Task No_result_is_no_output()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Quiet", async _ => null));

        var ended = await engine.RunAsync("Quiet");

        Assert.Equal(Completed, ended.RuntimeStatus);
        Assert.Null(ended.SerializedOutput);
        Assert.Null(ended.SerializedInput);
    }

    [Theory, Row("7", "IsCompleted = Completed, Failed or Terminated; IsRunning only Running")]
    [InlineData(Running, false, true)]
    [InlineData(Completed, true, false)]
    [InlineData(ContinuedAsNew, false, false)]
    [InlineData(Failed, true, false)]
    [InlineData(Canceled, false, false)]
    [InlineData(Terminated, true, false)]
    [InlineData(Pending, false, false)]
    [InlineData(Suspended, false, false)]
    public void Only_three_statuses_count_as_ended_and_one_as_running(OrchestrationRuntimeStatus status, bool completed, bool running)
    {
        var instance = new OrchestrationMetadata("Any", "a") { RuntimeStatus = status };

        Assert.Equal(completed, instance.IsCompleted);
        Assert.Equal(running, instance.IsRunning);
    }

    [Fact, Row("7", "Metadata: name, id, times")]
    public async Task An_instance_knows_its_name_and_when_it_was_made_and_changed()
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Sleeps", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(2), CancellationToken.None);
            return context.Name.Name;
        }));

        var ended = await engine.RunAsync("Sleeps", id: "glow:b-77");

        Assert.Equal("Sleeps", ended.Name);
        Assert.Equal("glow:b-77", ended.InstanceId);
        Assert.Equal("Sleeps", ended.ReadOutputAs<string>());
        Assert.Equal(EngineSetup.Monday, ended.CreatedAt);
        Assert.Equal(EngineSetup.Monday.AddDays(2), ended.LastUpdatedAt);
        Assert.Equal(TimeSpan.Zero, ended.CreatedAt.Offset);
    }
}
