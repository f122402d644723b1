using System.Diagnostics;
using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace FollowUp.Benchmarks.Engine;

/// <summary>
/// What the disk and SQLite allow: one thread writes the rows that the engine writes for a step, with the engine's own statements
/// and settings, in transactions as large as the engine's, and does nothing else.
/// </summary>
internal static class SqliteFloor
{
    private const int Steps = 5;

    /// <summary>Gives steps a second.</summary>
    /// <param name="path">The file; made when it is not there, and added to when it is.</param>
    /// <param name="instances">How many instances take their steps side by side.</param>
    /// <param name="batch">How many commits of an instance go into one transaction, 1 or more.</param>
    public static double Measure(string path, int instances, int batch)
    {
        using var database = EngineDatabase.Open(path);
        using SqliteConnection connection = database.Connect();
        using WriteSession session = new(connection);
        using Statement clock = EngineDatabase.PrepareClock(connection);
        using Statement begin = new(connection, "BEGIN IMMEDIATE", 0);
        using Statement commit = new(connection, "COMMIT", 0);
        DateTime now = new(2030, 1, 1, 10, 0, 0, DateTimeKind.Utc);
        var rows = new InstanceRow[instances];
        InBatches(i =>
        {
            string id = $"floor-{i}";
            long key = session.InsertInstance(id, "Course", string.Empty, "1", now);
            rows[i] = new InstanceRow(key, id, 1, "Course", string.Empty, OrchestrationRuntimeStatus.Running) { CreatedAt = now, UpdatedAt = now };
            session.InsertTimer(new TimerRow(now.Ticks, key, 0, 1));
        });

        var activities = new long[instances];
        long started = Stopwatch.GetTimestamp();
        for (int step = 0; step < Steps; step++)
        {
            DateTime due = now.AddHours(step);
            DateTime next = now.AddHours(step + 1);
            int seq = 4 * step;
            int timer = 2 * step;
            InBatches(i =>
            {
                InstanceRow row = rows[i];
                session.DeleteTimer(new TimerRow(due.Ticks, row.Key, timer, 1));
                session.AppendHistory(row.Key, seq, HistoryEvent.TimerFired(timer, due) with { Timestamp = due });
                session.AppendHistory(
                    row.Key, seq + 1, new HistoryEvent(HistoryEventKind.TaskScheduled) { Timestamp = due, Id = timer + 1, Name = "Send" });
                session.UpdateInstance(row);
                activities[i] = session.InsertActivity(row.Key, 1, timer + 1, "Send", "1");
            });
            InBatches(i =>
            {
                InstanceRow row = rows[i];
                session.DeleteActivity(activities[i]);
                session.AppendHistory(row.Key, seq + 2, HistoryEvent.TaskCompleted(timer + 1, "1") with { Timestamp = due });
                session.AppendHistory(
                    row.Key,
                    seq + 3,
                    new HistoryEvent(HistoryEventKind.TimerCreated) { Timestamp = due, Id = timer + 2, FireAt = next });
                session.InsertTimer(new TimerRow(next.Ticks, row.Key, timer + 2, 1));
                session.UpdateInstance(row);
            });
        }

        return instances * Steps / Stopwatch.GetElapsedTime(started).TotalSeconds;

        void InBatches(Action<int> write)
        {
            for (int first = 0; first < instances; first += batch)
            {
                begin.Execute();
                for (int i = first; i < Math.Min(first + batch, instances); i++)
                {
                    write(i);
                }

                clock.Execute(now.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture));
                commit.Execute();
            }
        }
    }
}
