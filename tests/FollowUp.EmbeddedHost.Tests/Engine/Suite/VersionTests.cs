using FollowUp.EmbeddedHost.Engine;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine.Suite;

/// <summary>Section 12: versions of instances.</summary>
public abstract class VersionTests : EngineSuite
{
    [Theory, Row("12", "StartOrchestrationOptions.Version null: \"\" unless there is a default; \"\" explicit wins over it")]
    [InlineData(null, null, "")]
    [InlineData(null, "1.2", "1.2")]
    [InlineData("1.5", null, "1.5")]
    [InlineData("1.5", "1.2", "1.2")]
    [InlineData("1.5", "", "")]
    public async Task An_instance_has_the_version_of_its_start_or_else_the_default(string? defaultVersion, string? given, string expected)
    {
        await using var engine = await OpenAsync(new EngineSetup { Code = Version, DefaultVersion = defaultVersion });
        var options = new StartOrchestrationOptions("a");
        if (given is not null)
        {
            options = options with { Version = new TaskVersion(given) };
        }

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Version", options);
        await engine.SettleAsync();
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync("a", "end");

        Assert.Equal(expected, EngineUnderTest.Output<string>(await engine.FinishAsync("a")));
    }

    [Fact, Row("12", "Whitespace")]
    public void A_version_of_white_space_is_an_argument_error()
    {
        var error = Assert.Throws<ArgumentException>(() => new StartOrchestrationOptions { Version = " " });

        Assert.Equal(
            "Version must not be whitespace-only. Pass null, an empty string, or use TaskVersion.Unversioned to represent an unversioned "
            + "task. (Parameter 'version')",
            error.Message);
    }

    [Theory, Row("12", "CompareVersionTo")]
    [InlineData("", "", 0)]
    [InlineData("", "0.1", -1)]
    [InlineData("0.1", "", 1)]
    [InlineData("1.9", "1.10", -1)]
    [InlineData("2.0.0", "2.0", 1)]
    [InlineData("2.0", "2.0", 0)]
    [InlineData("beta", "ALPHA", 1)]
    [InlineData("alpha", "ALPHA", 0)]
    [InlineData("1.0", "final", -1)]
    public async Task Versions_compare_as_numbers_where_both_are_and_else_as_text(string own, string other, int sign)
    {
        await using var engine = await OpenAsync(tasks => tasks.AddOrchestrator("Compare", async context => context.CompareVersionTo(other)));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Compare", new StartOrchestrationOptions("a") { Version = new TaskVersion(own) });

        Assert.Equal(sign, Math.Sign(EngineUnderTest.Output<int>(await engine.FinishAsync("a"))));
    }

    [Fact, Row("12", "MatchStrategy None")]
    public async Task Without_a_match_strategy_every_version_runs()
    {
        await using var engine = await OpenAsync(new EngineSetup { Code = Version, DefaultVersion = "2.0" });

        Assert.Equal(Completed, (await RunAsync(engine, "7.0")).RuntimeStatus);
    }

    [Theory, Row("12", "Strict + Fail"), Row("12", "CurrentOrOlder + Fail")]
    [InlineData(VersionMatchStrategy.Strict, "1.0", "The orchestration version '1.0' does not match the worker version '2.0'.")]
    [InlineData(VersionMatchStrategy.Strict, "", "The orchestration version '' does not match the worker version '2.0'.")]
    [InlineData(VersionMatchStrategy.Strict, "2.0", null)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "2.1", "The orchestration version '2.1' is greater than the worker version '2.0'.")]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "1.9", null)]
    [InlineData(VersionMatchStrategy.CurrentOrOlder, "", null)]
    public async Task A_version_that_does_not_match_fails_the_instance(VersionMatchStrategy strategy, string version, string? error)
    {
        await using var engine = await OpenAsync(new EngineSetup
        {
            Code = Version,
            DefaultVersion = "2.0",
            MatchStrategy = strategy,
            MismatchStrategy = VersionFailureStrategy.Fail,
        });

        var ended = await RunAsync(engine, version);

        Assert.Equal(error is null ? Completed : Failed, ended.RuntimeStatus);
        Assert.Equal(error, ended.FailureDetails?.ErrorMessage);
        Assert.Equal(error is null ? null : "VersionMismatch", ended.FailureDetails?.ErrorType);
        Assert.Equal(error is null ? $"\"{version}\"" : null, ended.SerializedOutput);
    }

    [Fact, Row("12", "Strict + Reject"), Row("own", "A rejected instance waits for its version and blocks nobody")]
    public async Task A_rejected_instance_stays_pending_until_an_engine_of_its_version_comes()
    {
        await using var engine = await OpenAsync(new EngineSetup
        {
            Code = Version,
            DefaultVersion = "2.0",
            MatchStrategy = VersionMatchStrategy.Strict,
        });
        for (int n = 0; n < 5; n++)
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Version", new StartOrchestrationOptions($"old-{n}") { Version = "1.0" });
        }

        Assert.Equal(Completed, (await RunAsync(engine, "2.0")).RuntimeStatus);
        Assert.Equal(Pending, (await engine.LookAsync("old-0")).RuntimeStatus);

        engine.Setup = engine.Setup with { DefaultVersion = "1.0" };
        await engine.RestartAsync();
        await engine.Client.RaiseEventAsync("old-0", "end");
        Assert.Equal("1.0", EngineUnderTest.Output<string>(await engine.FinishAsync("old-0")));
    }

    private static async Task<OrchestrationMetadata> RunAsync(EngineUnderTest engine, string version)
    {
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Version", new StartOrchestrationOptions("a") { Version = new TaskVersion(version) });
        try
        {
            await engine.Client.RaiseEventAsync(id, "end");
        }
        catch (RpcException exception) when (exception.Status.Detail.Contains("is in Failed state", StringComparison.Ordinal))
        {
            // A version that does not match may have failed it by now.
        }

        return await engine.FinishAsync(id);
    }

    private static void Version(TaskRegistry tasks) => tasks.AddOrchestrator("Version", async context =>
    {
        await context.WaitForExternalEvent<string>("end");
        return context.Version;
    });
}
