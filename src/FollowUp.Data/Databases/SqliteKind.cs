using System.Globalization;
using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Databases;

/// <summary>One file: the default.</summary>
internal sealed class SqliteKind(string connectionString) : DatabaseKind
{
    public override string Name => DatabaseOptions.Sqlite;

    /// <summary>Waiters for SQLite's own lock poll.</summary>
    public override bool HasOneWriter => true;

    public override DbContextOptionsBuilder Configure(DbContextOptionsBuilder options) =>
        options.UseSqlite(connectionString).AddInterceptors(SqliteConnectionSetup.Instance);

    /// <summary>Nothing that a second try would mend: the lock is waited for.</summary>
    public override bool MayRunAgain(Exception exception) => false;

    /// <summary>The file is there or it is not.</summary>
    public override bool LostConnection(Exception exception) => false;

    public override Task<string?> NameTransactionAsync(FollowUpContext db, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public override Task<bool?> WasCommittedAsync(FollowUpContext db, string transaction, CancellationToken cancellation) =>
        throw new NotSupportedException("A commit to SQLite ends in this process.");

    public override string By(string index) => $" INDEXED BY {index}";

    /// <summary>Kept in the file; cannot be changed inside a transaction.</summary>
    public override Task PrepareAsync(FollowUpContext db, CancellationToken cancellation) =>
        db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellation);

    /// <summary>A serializable transaction holds the write lock from its beginning.</summary>
    public override Task HoldSchemaAsync(FollowUpContext db, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// Moves everything into the database file and empties the write-ahead log, which holds old pages until then, deleted rows among them. A
    /// reader may keep it from that; the log is then emptied by a later call, or when the app stops.
    /// </summary>
    public override async Task<bool> RemoveTracesAsync(FollowUpContext db, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture) == 0;
    }

    public override Task<long> SizeAsync(FollowUpContext db, CancellationToken cancellation) => db.Database
        .SqlQuery<long>($"""SELECT page_count * page_size AS "Value" FROM pragma_page_count(), pragma_page_size()""").SingleAsync(cancellation);
}
