using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace FollowUp.EmbeddedHost.Storage;

/// <summary>The engine's SQLite file: opening it, its settings, its schema, and the lock against a second host.</summary>
public sealed class EngineDatabase : IDisposable
{
    private const string ClockName = "clock";
    private readonly FileStream _lock;
    private readonly string _path;

    private EngineDatabase(string path, FileStream lockFile)
    {
        _path = path;
        _lock = lockFile;
    }

    /// <summary>Opens the file, making it and its folder where they are not there, and brings its schema up to date.</summary>
    /// <exception cref="IOException">Another process has the file.</exception>
    public static EngineDatabase Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        EngineDatabase database = new(path, TakeLock(path));
        try
        {
            using SqliteConnection connection = database.Connect();
            Migrate(connection);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The simulated instant that the host on this file had reached; null when there is none. Needs no lock.</summary>
    public static DateTimeOffset? ReadClock(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using SqliteConnection connection = Connect(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE name = $name";
        command.Parameters.AddWithValue("$name", ClockName);
        try
        {
            return command.ExecuteScalar() is string value
                ? new DateTimeOffset(long.Parse(value, CultureInfo.InvariantCulture), TimeSpan.Zero)
                : null;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            // Made by a process that died before the schema was in it.
            return null;
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
    }

    /// <summary>A connection of one's own, with the settings that durability rests on.</summary>
    internal SqliteConnection Connect() => Connect(_path);

    /// <summary>The statement that keeps the simulated instant; run in every transaction of a simulated host.</summary>
    internal static Statement PrepareClock(SqliteConnection connection) => new(
        connection, $"INSERT INTO meta (name, value) VALUES ('{ClockName}', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", 1);

    private static SqliteConnection Connect(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand settings = connection.CreateCommand();
        settings.CommandText = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA busy_timeout = 10000;
            PRAGMA temp_store = MEMORY;
            """;
        settings.ExecuteNonQuery();
        return connection;
    }

    internal static FileStream TakeLock(string path)
    {
        string lockPath = path + ".lock";
        try
        {
            // The system drops the lock when the process ends, however it ends; the file may stay.
            return new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException(
                $"Another host is running on {path} (it holds {lockPath}). Stop it first, or give this one another data directory.", e);
        }
    }

    private static void Migrate(SqliteConnection connection)
    {
        var assembly = Assembly.GetExecutingAssembly();
        string[] scripts = [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith("Schema/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        using SqliteCommand version = connection.CreateCommand();
        version.Transaction = transaction;
        version.CommandText = "PRAGMA user_version";
        int applied = Convert.ToInt32(version.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (applied > scripts.Length)
        {
            throw new InvalidDataException(
                $"{connection.DataSource} was written by a newer version of this program (schema {applied}, this one knows {scripts.Length}).");
        }

        foreach (string script in scripts[applied..])
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(script)!);
            using SqliteCommand apply = connection.CreateCommand();
            apply.Transaction = transaction;
            apply.CommandText = reader.ReadToEnd();
            apply.ExecuteNonQuery();
        }

        version.CommandText = $"PRAGMA user_version = {scripts.Length}";
        version.ExecuteNonQuery();
        transaction.Commit();
    }
}
