using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Data.Sqlite;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>Reads the histories in an engine's file, which a host may be running on. Nothing is written.</summary>
public sealed class HistoryFile : IDisposable
{
    /// <summary>Has begun and, unless $ended, not ended: the history of one that is not wanted is not read either.</summary>
    private static readonly string s_wanted =
        $"EXISTS (SELECT 1 FROM history WHERE instance = instances.key) AND ($ended OR status NOT IN ({string.Join(", ", RuntimeStatuses.Ended.Select(status => (int)status))}))";

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
#pragma warning disable CA2100 // Of this class's own text.
        command.CommandText = $"SELECT COUNT(*) FROM instances WHERE {s_wanted}";
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$ended", ended);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The histories, in the order in which the instances were first started.</summary>
    /// <param name="ended">Also of those that have ended, whose code never runs again.</param>
    /// <exception cref="InvalidDataException">One holds what this version does not know.</exception>
    public IEnumerable<RecordedHistory> Read(bool ended)
    {
        long after = 0;
        while (Next(after, ended) is { } row)
        {
            after = row.Instance.Key;
            yield return RecordedHistory.Of(row.Instance, row.Events);
        }
    }

    public void Dispose() => _connection.Dispose();

    // In one transaction: a host that goes on meanwhile might begin another generation between the two reads.
    private (InstanceRow Instance, List<HistoryEvent> Events)? Next(long after, bool ended)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
        using Statement instance = new(
            _connection, $"SELECT {RowMapping.InstanceColumns} FROM instances WHERE key > ?1 AND {s_wanted.Replace("$ended", "?2", StringComparison.Ordinal)} ORDER BY key LIMIT 1", 2);
        if (instance.Query(RowMapping.ReadInstance, after, ended) is not [var row])
        {
            return null;
        }

        using Statement history = new(_connection, RowMapping.SelectHistory, 1);
        return (row, history.Query(RowMapping.ReadHistory, row.Key));
    }
}
