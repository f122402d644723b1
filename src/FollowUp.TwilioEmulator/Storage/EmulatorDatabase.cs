using Microsoft.Data.Sqlite;

namespace FollowUp.TwilioEmulator.Storage;

/// <summary>
/// The one connection to the emulator's SQLite file. Every access is a transaction, one at a time; when <see cref="Write{T}"/> returns, its
/// changes are on disk (WAL, synchronous=FULL), so what the emulator has answered survives the death of the process.
/// </summary>
internal sealed class EmulatorDatabase : IDisposable
{
    private const int SchemaVersion = 1;
    private const int SqliteBusy = 5;
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    static EmulatorDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <exception cref="InvalidOperationException">Another process uses the file, or a newer emulator wrote it.</exception>
    public EmulatorDatabase(EmulatorOptions options)
    {
        var path = options.DatabasePath;
        if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path ?? ":memory:",
            Pooling = false,
            DefaultTimeout = 2,
        }.ToString());
        try
        {
            _connection.Open();
            // Exclusive: two emulators on one file would each deliver every callback.
            Run("PRAGMA locking_mode = EXCLUSIVE");
            Run("PRAGMA journal_mode = WAL");
            Run("PRAGMA synchronous = FULL");
            Write(Migrate);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SqliteBusy)
        {
            _connection.Dispose();
            throw new InvalidOperationException($"'{path}' is in use by another process: stop it, or choose another database file.", e);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction that commits when it returns and leaves no trace when it throws.</summary>
    public T Write<T>(Func<DatabaseSession, T> work)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            var result = work(new DatabaseSession(_connection, transaction));
            transaction.Commit();
            return result;
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<DatabaseSession> work) => Write(session =>
    {
        work(session);
        return true;
    });

    /// <summary>Runs <paramref name="work"/> on one consistent state of the data.</summary>
    public T Read<T>(Func<DatabaseSession, T> work)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction(deferred: true);
            return work(new DatabaseSession(_connection, transaction));
        }
    }

    public void Dispose()
    {
        // Not under the feet of a transaction that still runs on another thread.
        lock (_gate)
        {
            _connection.Dispose();
        }
    }

    private static void Migrate(DatabaseSession session)
    {
        var version = session.Query("PRAGMA user_version", row => row.GetInt32(0))[0];
        if (version > SchemaVersion)
        {
            throw new InvalidOperationException(
                $"The emulator's database has version {version}; this emulator knows {SchemaVersion}. Use a newer FollowUp, or another file.");
        }

        if (version == 0)
        {
            session.Execute(EmbeddedText.Read("schema.sql"));
            session.Execute($"PRAGMA user_version = {SchemaVersion}");
        }
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
