using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Storage;
using FollowUp.EmbeddedHost.Tests.Engine.Suite;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace FollowUp.EmbeddedHost.Tests.Engine;

/// <summary>What is particular to the SQLite file: its lock, its settings, and what becomes of rows that cannot be read.</summary>
public sealed class SqliteStoreTests
{
    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused_and_says_what_to_do()
    {
        await using var engine = await OpenAsync();
        await using var second = new DurableEngine(
            new EngineOptions { Path = engine.DatabasePath }, new TaskRegistry(), engine.Clock, LoggerFactory.Create(_ => { }));

        var refusal = await Assert.ThrowsAsync<IOException>(() => second.StartAsync(CancellationToken.None));

        Assert.Contains($"Another host is running on {engine.DatabasePath}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Stop it first", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("done", await engine.ResultAsync<string>("Wait", "done")); // the first one is unharmed
        await engine.RestartAsync(); // and the lock goes with its engine
        Assert.Equal("done", await engine.ResultAsync<string>("Wait", "done"));
    }

    [Fact]
    public async Task The_file_is_written_ahead_and_flushed_at_every_commit()
    {
        await using var engine = await OpenAsync();
        await engine.CloseAsync();
        using var database = EngineDatabase.Open(engine.DatabasePath);
        using var connection = database.Connect();

        Assert.Equal("wal", Ask(connection, "PRAGMA journal_mode"));
        Assert.Equal(2L, Ask(connection, "PRAGMA synchronous")); // FULL
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused()
    {
        await using var engine = await OpenAsync();
        await engine.CloseAsync();
        Tamper(engine, "PRAGMA user_version = 999");

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => engine.OpenAsync());

        Assert.Contains("newer version of this program (schema 999", refusal.Message, StringComparison.Ordinal);
        Tamper(engine, "PRAGMA user_version = 1");
        await engine.OpenAsync();
    }

    [Fact]
    public async Task Every_commit_keeps_the_simulated_instant()
    {
        await using var engine = await OpenAsync();
        await engine.PassAsync(TimeSpan.FromDays(3));
        await engine.StartAsync("Wait", "wait");
        await engine.SettleAsync();

        Assert.Equal(EngineSetup.Monday.AddDays(3), EngineDatabase.ReadClock(engine.DatabasePath));
    }

    [Fact]
    public async Task An_instance_that_cannot_be_read_is_set_aside_with_its_reason_and_holds_up_nobody()
    {
        await using var engine = await OpenAsync();
        await engine.StartAsync("Wait", "wait", "bad");
        await engine.StartAsync("Wait", "wait", "good");
        await engine.SettleAsync();
        await engine.CloseAsync();
        Tamper(engine, "UPDATE history SET kind = 99 WHERE seq = 0 AND instance = (SELECT key FROM instances WHERE id = 'bad')");
        await engine.OpenAsync();

        await engine.Client.RaiseEventAsync("bad", "go", "heard");
        await engine.Client.RaiseEventAsync("good", "go", "heard");
        await engine.PassAsync(TimeSpan.FromDays(1)); // hangs if the engine spins on the bad one

        Assert.Equal("heard", EngineUnderTest.Output<string>(await engine.LookAsync("good")));
        var aside = Assert.Single(engine.Engine.GetStatus().SetAside);
        Assert.Equal("bad", aside.InstanceId);
        Assert.Contains("unknown kind 99", aside.Reason, StringComparison.Ordinal);
        Assert.Equal(5, engine.Logs.Lines.Count(line => line.Level == LogLevel.Warning));
        Assert.Contains("bad", Assert.Single(engine.Logs.Lines, line => line.Level == LogLevel.Error).Message, StringComparison.Ordinal);

        // It stays aside over a restart, keeps what is sent to it, and goes on once it is repaired and released.
        await engine.RestartAsync();
        await engine.SettleAsync();
        Assert.Equal(5, engine.Logs.Lines.Count(line => line.Level == LogLevel.Warning));
        Tamper(engine, "UPDATE history SET kind = 0 WHERE kind = 99");
        Assert.True(await engine.Engine.ReleaseAsync("bad"));
        Assert.Equal("heard", EngineUnderTest.Output<string>(await engine.FinishAsync("bad")));
        Assert.Empty(engine.Engine.GetStatus().SetAside);
        Assert.False(await engine.Engine.ReleaseAsync("missing"));
    }

    [Fact]
    public async Task The_status_tells_how_many_instances_there_are_and_what_is_due_next()
    {
        await using var engine = await OpenAsync();
        await engine.RunAsync("Wait", "done");
        await engine.StartAsync("Sleep", 5);
        await engine.StartAsync("Sleep", 2);
        await engine.SettleAsync();

        var status = engine.Engine.GetStatus();

        Assert.Equal(1, status.Instances[Completed]);
        Assert.Equal(2, status.Instances[Running]);
        Assert.Equal(0, status.ActiveInstances);
        Assert.Equal(0, status.RunningActivities);
        Assert.Equal(EngineSetup.Monday.UtcDateTime.AddDays(2), status.OldestDueTimer!.Value, TimeSpan.FromMinutes(1));
        Assert.Empty(status.SetAside);
        Assert.InRange(status.Commits, 1, 100);
    }

    [Fact]
    public async Task Commits_that_wait_together_are_made_together()
    {
        await using var engine = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => engine.StartAsync("Wait", "wait", $"n-{n}")));
        await engine.SettleAsync();

        Assert.InRange(engine.Engine.GetStatus().Commits, 1, 500); // 500 starts and 500 first steps
        Assert.Equal(500, engine.Engine.GetStatus().Instances[Running]);
    }

    [Fact]
    public async Task What_goes_through_the_engine_never_stands_in_its_log()
    {
        await using var engine = await OpenAsync();
        var id = await engine.StartAsync("Wait", "wait");
        await engine.SettleAsync();
        await engine.Client.RaiseEventAsync(id, "go", "Ada Lovelace");
        await engine.FinishAsync(id);
        await engine.RunAsync("Fails", "Ada Lovelace");

        Assert.NotEmpty(engine.Logs.Lines);
        Assert.DoesNotContain(engine.Logs.Lines, line => $"{line.Message} {line.Exception}".Contains("Ada", StringComparison.Ordinal));
    }

    private static async Task<SqliteEngineUnderTest> OpenAsync()
    {
        var engine = new SqliteEngineUnderTest(new EngineSetup
        {
            Code = tasks =>
            {
                tasks.AddOrchestrator<string, string>("Wait", async (context, what) =>
                    what == "wait" ? await context.WaitForExternalEvent<string>("go") : what);
                tasks.AddOrchestrator<int, int>("Sleep", async (context, days) =>
                {
                    await context.CreateTimer(TimeSpan.FromDays(days), CancellationToken.None);
                    return days;
                });
                tasks.AddActivity<string, string>("Fail", (_, name) => throw new ClinicClosedException($"No number for {name}"));
                tasks.AddOrchestrator<string, string>("Fails", async (context, name) => await context.CallActivityAsync<string>("Fail", name));
            },
        });
        await engine.OpenAsync();
        return engine;
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A fixed text of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static void Tamper(SqliteEngineUnderTest engine, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={engine.DatabasePath};Pooling=False");
        connection.Open();
        Ask(connection, sql);
    }
}
