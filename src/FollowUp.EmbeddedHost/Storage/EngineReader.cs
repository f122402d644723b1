using System.Collections.Concurrent;
using System.Globalization;
using FollowUp.EmbeddedHost.Engine.Replay;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Storage;

/// <summary>Reads what is committed. Any thread; each read uses a connection of a small pool.</summary>
internal sealed class EngineReader(EngineDatabase database) : IDisposable
{
    private readonly ConcurrentBag<Session> _idle = [];

    public InstanceRow? FindInstance(string id) => Use(s => s.ById.Query(RowMapping.ReadInstance, id).SingleOrDefault());

    public InstanceRow? FindInstance(long key) => Use(s => s.ByKey.Query(RowMapping.ReadInstance, key).SingleOrDefault());

    public List<HistoryEvent> ReadHistory(long instance) => Use(s => s.History.Query(RowMapping.ReadHistory, instance));

    public List<InboxRow> ReadInbox(long instance) => Use(s => s.Inbox.Query(RowMapping.ReadInbox, instance));

    public List<long> InstancesWithInbox() => Use(s => s.WithInbox.Query(row => row.GetInt64(0)));

    /// <summary>The next timers in the order of firing.</summary>
    public List<TimerRow> ReadTimers(TimerRow after, int limit) =>
        Use(s => s.Timers.Query(RowMapping.ReadTimer, after.Due, after.Instance, after.TimerId, limit));

    public List<ActivityRow> ReadActivities(long afterKey, int limit) =>
        Use(s => s.Activities.Query(RowMapping.ReadActivity, afterKey, limit));

    /// <summary>A page in the order of ids, beginning behind <paramref name="afterId"/>.</summary>
    public List<InstanceRow> Query(OrchestrationQuery filter, string? afterId, int limit) => Use(s =>
    {
        using SqliteCommand command = s.Connection.CreateCommand();
        List<string> conditions = [];
        void Where(string condition, string name, object value)
        {
            conditions.Add(condition);
            command.Parameters.AddWithValue(name, value);
        }

        if (afterId is not null)
        {
            Where("id > $after", "$after", afterId);
        }

        if (!string.IsNullOrEmpty(filter.InstanceIdPrefix))
        {
            // A range, so that the index serves; the highest code point closes it.
            Where("id >= $prefix AND id < $prefix || char(1114111)", "$prefix", filter.InstanceIdPrefix);
        }

        if (filter.CreatedFrom is { } from)
        {
            Where("created_at >= $from", "$from", from.UtcTicks);
        }

        if (filter.CreatedTo is { } to)
        {
            Where("created_at <= $to", "$to", to.UtcTicks);
        }

        int[] statuses = [.. (filter.Statuses ?? []).Select(status => (int)status)];
        if (statuses.Length > 0)
        {
            conditions.Add($"status IN ({string.Join(", ", statuses)})");
        }

        command.Parameters.AddWithValue("$limit", limit);
        string where = conditions.Count == 0 ? string.Empty : $"WHERE {string.Join(" AND ", conditions)}";
#pragma warning disable CA2100 // Only fixed conditions and numbers are put together; every text is a parameter.
        command.CommandText = $"SELECT {RowMapping.InstanceColumns} FROM instances {where} ORDER BY id LIMIT $limit";
#pragma warning restore CA2100
        List<InstanceRow> rows = [];
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(RowMapping.ReadInstance(reader));
        }

        return rows;
    });

    public Dictionary<OrchestrationRuntimeStatus, long> CountByStatus() => Use(s => s.Counts
        .Query(row => (Status: (OrchestrationRuntimeStatus)row.GetInt32(0), Count: row.GetInt64(1)))
        .ToDictionary(row => row.Status, row => row.Count));

    public List<(string Id, string Reason)> SetAside(int limit) => Use(s => s.SetAside.Query(row => (row.GetString(0), row.GetString(1)), limit));

    public DateTime? EarliestTimer() => Use(s => s.EarliestTimer.Scalar() is { } due
        ? RowMapping.Instant(Convert.ToInt64(due, CultureInfo.InvariantCulture))
        : (DateTime?)null);

    public void Dispose()
    {
        while (_idle.TryTake(out Session? session))
        {
            session.Dispose();
        }
    }

    private T Use<T>(Func<Session, T> read)
    {
        Session session = _idle.TryTake(out Session? idle) ? idle : new Session(database.Connect());
        try
        {
            return read(session);
        }
        finally
        {
            _idle.Add(session);
        }
    }

    private sealed class Session(SqliteConnection connection) : IDisposable
    {
        public SqliteConnection Connection => connection;

        public Statement ById { get; } = new(connection, $"SELECT {RowMapping.InstanceColumns} FROM instances WHERE id = ?1", 1);

        public Statement ByKey { get; } = new(connection, $"SELECT {RowMapping.InstanceColumns} FROM instances WHERE key = ?1", 1);

        public Statement History { get; } = new(connection, RowMapping.SelectHistory, 1);

        public Statement Inbox { get; } = new(
            connection, "SELECT key, kind, name, version, data FROM inbox WHERE instance = ?1 ORDER BY priority, key", 1);

        public Statement WithInbox { get; } = new(connection, "SELECT DISTINCT instance FROM inbox ORDER BY instance", 0);

        public Statement Timers { get; } = new(
            connection,
            "SELECT due, instance, timer_id, generation FROM timers WHERE (due, instance, timer_id) > (?1, ?2, ?3) ORDER BY due, instance, timer_id LIMIT ?4",
            4);

        public Statement Activities { get; } = new(
            connection,
            """
            SELECT a.key, a.instance, i.id, a.generation, a.task_id, a.name, a.input
            FROM activities a JOIN instances i ON i.key = a.instance WHERE a.key > ?1 ORDER BY a.key LIMIT ?2
            """,
            2);

        public Statement Counts { get; } = new(connection, "SELECT status, COUNT(*) FROM instances GROUP BY status", 0);

        public Statement SetAside { get; } = new(
            connection, "SELECT id, set_aside FROM instances WHERE set_aside IS NOT NULL ORDER BY id LIMIT ?1", 1);

        public Statement EarliestTimer { get; } = new(connection, "SELECT MIN(due) FROM timers", 0);

        public void Dispose()
        {
            foreach (Statement statement in (Statement[])[ById, ByKey, History, Inbox, WithInbox, Timers, Activities, Counts, SetAside, EarliestTimer])
            {
                statement.Dispose();
            }

            connection.Dispose();
        }
    }
}
