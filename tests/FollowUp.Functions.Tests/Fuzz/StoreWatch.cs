using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace FollowUp.Functions.Tests.Fuzz;

/// <summary>Sees whether a request has changed anything that clients can change. What the engine writes by itself meanwhile does not count.</summary>
internal sealed class StoreWatch : IDisposable
{
    /// <summary>Tables that orchestrations and posts write.</summary>
    private static readonly HashSet<string> EnginesTables =
        ["steps", "delivery_reports", "direct_messages", "webhook_posts", "webhook_feeds", "webhook_events", "senders", "earlier_messages", "schema_versions", "sqlite_sequence"];

    private static readonly HashSet<string> EnginesColumns =
    [
        "sessions.state", "sessions.next_step", "sessions.next_due_at", "sessions.revision", "sessions.planned_revision", "sessions.changed_at",
        "alerts.notify_at", "alerts.notified_at", "alerts.notifications", "api_keys.last_used_at",
    ];

    private readonly SqliteConnection _connection;
    private readonly string _query;
    private string _digest;
    private long _version = -1;

    public StoreWatch(AppUnderTest app)
    {
        var file = Path.Combine(app.Configuration["FollowUp:DataDirectory"]!, "followup.db");
        _connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        _connection.Open();
        var columns = Rows("SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
            .Where(column => !EnginesTables.Contains(column.Split('.')[0]) && !EnginesColumns.Contains(column))
            .GroupBy(column => column.Split('.')[0]);
        _query = string.Join(" UNION ALL ", columns.Select(table =>
            $"SELECT '{table.Key}' || json_array({string.Join(", ", table.Select(column => $"\"{column.Split('.')[1]}\""))}) FROM \"{table.Key}\""));
        _digest = Digest();
    }

    /// <summary>Whether anything is otherwise than when this was last asked.</summary>
    public bool HasChanged()
    {
        // Moves with every commit of another connection.
        var version = long.Parse(Rows("PRAGMA data_version").Single(), System.Globalization.CultureInfo.InvariantCulture);
        if (version == _version)
        {
            return false;
        }

        _version = version;
        var before = _digest;
        _digest = Digest();
        return before != _digest;
    }

    public void Dispose() => _connection.Dispose();

    private string Digest() => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Rows(_query)))));

    private List<string> Rows(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Made from the schema's own names.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetValue(0).ToString()!);
        }

        return rows;
    }
}
