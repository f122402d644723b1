using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Tests.Engine.Suite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Tests.Engine;

/// <summary>Histories are read beside a running engine, kept as JSON, and held against orchestrators that have changed.</summary>
public sealed class HistoryReplayTests
{
    private static readonly Func<TaskOrchestrationContext, Task<object?>> AsRecorded = Run(["A", "timer", "B", "event"]);

    [Theory]
    [InlineData("A, timer, B, event", null)]
    [InlineData("A, timer, event", "hasn't (yet?) scheduled this task")]
    [InlineData("A, B, timer, event", "instead produced a ScheduleTaskOrchestratorAction action")]
    [InlineData("C, timer, B, event", "instead scheduled an activity task named 'C'")]
    [InlineData("A, timer, B, C, event", "It calls the activity 'C' (sequence number 3), which the history does not have.")]
    [InlineData("A, timer, B, timer, event", "It sets a timer for 2026-11-23T14:00:00")]
    [InlineData("A, timer, B", "It ends as Completed where the history goes on.")]
    [InlineData("A, timer, B, again", "It begins a new generation where the history goes on.")]
    [InlineData("A, timer, B, throw", "Thrown.")]
    public async Task An_instance_under_way_is_held_against_the_code_that_is_there_now(string now, string? difference)
    {
        await using SqliteEngineUnderTest engine = await UnderWayAsync();
        RecordedHistory history = Assert.Single(Read(engine, ended: false));

        string? found = Replay(Run(now.Split(", "))).FindDifference(history);
        if (difference is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(difference, found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_that_has_ended_is_read_when_asked_for_and_held_against_how_it_ended()
    {
        await using SqliteEngineUnderTest engine = await UnderWayAsync();
        await engine.Client.RaiseEventAsync("one", "go");
        await engine.FinishAsync("one");

        Assert.Empty(Read(engine, ended: false));
        RecordedHistory history = Assert.Single(Read(engine, ended: true));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, history.Status);
        Assert.Null(Replay(AsRecorded).FindDifference(history));
        Assert.Equal(
            "It goes on where it ended as Completed in the history.", Replay(Run(["A", "timer", "B", "event", "event"])).FindDifference(history));
        Assert.Equal("No orchestrator is named 'Story' any more.", new HistoryReplay(new TaskRegistry()).FindDifference(history));
    }

    [Fact]
    public async Task JSON_keeps_all_of_a_history_but_the_traces_of_failures()
    {
        await using SqliteEngineUnderTest engine = await UnderWayAsync(fails: true);
        RecordedHistory history = Assert.Single(Read(engine, ended: true));
        string json = history.ToJson();

        Assert.Equal(json, RecordedHistory.Parse(json).ToJson());
        Assert.Null(Replay(AsRecorded).FindDifference(RecordedHistory.Parse(json)));
        Assert.Contains("\"TaskFailed\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("StackTrace", json, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(HistoryReplayTests) + ".cs", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("This is no JSON.")]
    [InlineData("""{"InstanceId":"a","Orchestrator":"b","Version":"","Status":"Running","Events":[]}""")]
    [InlineData("""{"InstanceId":"a","Orchestrator":"b","Version":"","Status":"Running","Events":[{"Kind":"Unheard"}]}""")]
    public void What_is_no_history_is_refused(string text) =>
        Assert.StartsWith("This is not a recorded history: ", Assert.Throws<InvalidDataException>(() => RecordedHistory.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_not_made()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "engine.db");
        Assert.Throws<FileNotFoundException>(() => HistoryFile.Open(path));
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    private static async Task<SqliteEngineUnderTest> UnderWayAsync(bool fails = false)
    {
        var engine = new SqliteEngineUnderTest(new EngineSetup
        {
            Code = tasks =>
            {
                tasks.AddOrchestrator("Story", new OrchestratorBody(AsRecorded));
                tasks.AddActivity("A", (_, _) => fails ? throw new InvalidOperationException("A failed.") : Task.FromResult<string?>(null));
                tasks.AddActivity("B", (_, _) => Task.FromResult<string?>(null));
            },
        });
        await engine.OpenAsync();
        await engine.StartAsync("Story", id: "one");
        await engine.PassAsync(TimeSpan.FromHours(2));
        return engine;
    }

    private static List<RecordedHistory> Read(SqliteEngineUnderTest engine, bool ended)
    {
        using var file = HistoryFile.Open(engine.DatabasePath);
        List<RecordedHistory> histories = [.. file.Read(ended)];
        Assert.Equal(histories.Count, file.Count(ended));
        return histories;
    }

    private static HistoryReplay Replay(Func<TaskOrchestrationContext, Task<object?>> code)
    {
        var registry = new TaskRegistry();
        registry.AddOrchestrator("Story", new OrchestratorBody(code));
        return new HistoryReplay(registry);
    }

    /// <summary>An orchestrator that does this, one after the other.</summary>
    private static Func<TaskOrchestrationContext, Task<object?>> Run(IReadOnlyList<string> acts) => async context =>
    {
        foreach (string act in acts)
        {
            switch (act)
            {
                case "timer":
                    await context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), CancellationToken.None);
                    break;
                case "event":
                    await context.WaitForExternalEvent<string>("go");
                    break;
                case "again":
                    context.ContinueAsNew();
                    break;
                case "throw":
                    throw new InvalidOperationException("Thrown.");
                default:
                    await CallAsync(context, act);
                    break;
            }
        }

        return null;
    };

    private static async Task CallAsync(TaskOrchestrationContext context, string activity)
    {
        try
        {
            await context.CallActivityAsync<string>(activity);
        }
        catch (TaskFailedException)
        {
            // The story goes on; the history shows it.
        }
    }
}
