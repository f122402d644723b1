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

    /// <summary>The test's own connections, beside those of the stores.</summary>
    private readonly Lazy<NpgsqlDataSource> _own = new(() => NpgsqlDataSource.Create(ConnectionStringOf(directory, empty)));

    public IReadOnlyDictionary<string, string?> Settings { get; } = SettingsOf(ConnectionStringOf(directory, empty));

    public string ConnectionString => Settings["Database:ConnectionString"]!;

    public static Dictionary<string, string?> SettingsOf(string connectionString) => new()
    {
        ["Database:Provider"] = DatabaseOptions.PostgreSql,
        ["Database:ConnectionString"] = connectionString,
    };

    /// <summary>The names of all tables.</summary>
    public static string TablesSql => "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";

    /// <summary>The names of a table's columns.</summary>
    public static string ColumnsSql(string table) => $"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position";

    /// <summary>The names of the tables that a table refers to.</summary>
    public static string ReferencesSql(string table) =>
        $"SELECT DISTINCT CAST(CAST(confrelid AS regclass) AS TEXT) FROM pg_constraint WHERE contype = 'f' AND conrelid = CAST('{table}' AS regclass)";

    public DbConnection Open() => _own.Value.OpenConnection();

    public void Dispose()
    {
        if (_own.IsValueCreated)
        {
            _own.Value.Dispose();
        }

        if (s_databases.TryRemove(directory.Path, out var made))
        {
            PostgreSqlServers.Drop(made.Value);
        }

        directory.Dispose();
    }

    private static string ConnectionStringOf(TemporaryDirectory directory, bool empty) =>
        s_databases.GetOrAdd(directory.Path, _ => new Lazy<string>(() => PostgreSqlServers.Make(empty))).Value;
}
