using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace FollowUp.Testing;

/// <summary>
/// Where the stores of a test are: a SQLite file in a directory. FollowUp.Data.PostgreSql.Tests has a class of the same name in its place, and
/// so runs the same tests on PostgreSQL.
/// </summary>
public sealed class TestDatabase : IDisposable
{
    private readonly TemporaryDirectory _directory;

    /// <param name="directory">Two of the same directory are the same database.</param>
    /// <param name="empty">Whether it must have no schema yet, which a new file never has.</param>
    public TestDatabase(TemporaryDirectory directory, bool empty = false)
    {
        _ = empty;
        _directory = directory;
        Settings = new Dictionary<string, string?> { ["FollowUp:DataDirectory"] = directory.Path };
    }

    public IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>The names of all tables.</summary>
    public static string TablesSql => "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'";

    /// <summary>The names of a table's columns.</summary>
    public static string ColumnsSql(string table) => $"SELECT name FROM pragma_table_info('{table}')";

    /// <summary>The names of the tables that a table refers to.</summary>
    public static string ReferencesSql(string table) => $"SELECT DISTINCT \"table\" FROM pragma_foreign_key_list('{table}')";

    public DbConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("followup.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Dispose() => _directory.Dispose();
}
