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

    public DbConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("followup.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Dispose() => _directory.Dispose();
}
