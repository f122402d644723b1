using System.Collections.Concurrent;
using System.Data.Common;
using FollowUp.Data;
using Npgsql;

namespace FollowUp.Testing;

/// <summary>Where the stores of a test are: a database on PostgreSQL.</summary>
/// <param name="directory">Two of the same directory are the same database.</param>
/// <param name="empty">Whether it has no schema yet.</param>
public sealed class TestDatabase(TemporaryDirectory directory, bool empty = false) : IDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_databases = [];

    public IReadOnlyDictionary<string, string?> Settings { get; } = SettingsOf(ConnectionStringOf(directory, empty));

    public string ConnectionString => Settings["Database:ConnectionString"]!;

    public static Dictionary<string, string?> SettingsOf(string connectionString) => new()
    {
        ["Database:Provider"] = DatabaseOptions.PostgreSql,
        ["Database:ConnectionString"] = connectionString,
    };

    public DbConnection Open()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        if (s_databases.TryRemove(directory.Path, out var made))
        {
            PostgreSqlServers.Drop(made.Value);
        }

        directory.Dispose();
    }

    private static string ConnectionStringOf(TemporaryDirectory directory, bool empty) =>
        s_databases.GetOrAdd(directory.Path, _ => new Lazy<string>(() => PostgreSqlServers.Make(empty))).Value;
}
