using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Data.Sqlite;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>Reads the histories in an engine's file, which a host may be running on. Nothing is written.</summary>
public sealed class HistoryFile : IDisposable
{
    private readonly SqliteConnection _connection;

    private HistoryFile(SqliteConnection connection) => _connection = connection;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static HistoryFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no engine's file {path}.", path);
        }

        SQLitePCL.Batteries_V2.Init();
        SqliteConnection connection = new(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return new HistoryFile(connection);
    }

    /// <summary>How many instances it holds that have begun and, unless ended ones are wanted, not ended.</summary>
    public long Count(bool ended)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM instances AS i WHERE EXISTS (SELECT 1 FROM history AS h WHERE h.instance = i.key) AND ($ended OR i.status NOT IN (1, 3, 5))";
        command.Parameters.AddWithValue("$ended", ended);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The histories, in the order in which the instances were first started.</summary>
    /// <param name="ended">Also of those that have ended, whose code never runs again.</param>
    /// <exception cref="InvalidDataException">One holds what this version does not know.</exception>
    public IEnumerable<RecordedHistory> Read(bool ended)
    {
        long after = 0;
        while (Next(after) is { } row)
        {
            after = row.Instance.Key;
            if (row.Events.Count > 0 && (ended || !row.Instance.HasEnded))
            {
                yield return RecordedHistory.Of(row.Instance, row.Events);
            }
        }
    }

    public void Dispose() => _connection.Dispose();

    // In one transaction: a host that goes on meanwhile might begin another generation between the two reads.
    private (InstanceRow Instance, List<HistoryEvent> Events)? Next(long after)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
        using Statement instance = new(_connection, $"SELECT {RowMapping.InstanceColumns} FROM instances WHERE key > ?1 ORDER BY key LIMIT 1", 1);
        if (instance.Query(RowMapping.ReadInstance, after) is not [var row])
        {
            return null;
        }

        using Statement history = new(
            _connection, "SELECT kind, at, task_id, name, version, data, fire_at, failure FROM history WHERE instance = ?1 ORDER BY seq", 1);
        return (row, history.Query(RowMapping.ReadHistory, row.Key));
    }
}
