using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Databases;

/// <summary>What differs between the kinds of database. Everything else in the store is one for all of them.</summary>
internal abstract class DatabaseKind
{
    public static DatabaseKind Of(DatabaseOptions options) => options.Provider == DatabaseOptions.PostgreSql ? new PostgreSqlKind(options) : new SqliteKind(options.ConnectionString);

    /// <summary>As <c>Database:Provider</c> spells it, and the folder of its schema scripts.</summary>
    public abstract string Name { get; }

    /// <summary>Whether writers of one process should take turns instead of meeting the database's own lock.</summary>
    public abstract bool HasOneWriter { get; }

    public abstract DbContextOptionsBuilder Configure(DbContextOptionsBuilder options);

    /// <summary>Whether a transaction that failed so has certainly left nothing behind, and may succeed when it is run again.</summary>
    public abstract bool MayRunAgain(Exception exception);

    /// <summary>Whether the database has gone away. Of a commit that ended so nobody knows what became of it.</summary>
    public abstract bool LostConnection(Exception exception);

    /// <summary>The database's own name for the present transaction, under which it can be asked for afterwards.</summary>
    /// <returns>Null when nothing has been written, or when a commit cannot be lost.</returns>
    public abstract Task<string?> NameTransactionAsync(FollowUpContext db, CancellationToken cancellation);

    /// <summary>What became of a transaction.</summary>
    /// <returns>Null when the database does not know.</returns>
    public abstract Task<bool?> WasCommittedAsync(FollowUpContext db, string transaction, CancellationToken cancellation);

    /// <summary>Names the index that a table is to be read by, behind its name in a query; nothing where the database finds it itself.</summary>
    public abstract string By(string index);

    /// <summary>Before the transaction that upgrades the schema.</summary>
    public abstract Task PrepareAsync(FollowUpContext db, CancellationToken cancellation);

    /// <summary>Within that transaction: keeps every other process from upgrading until it has ended.</summary>
    public abstract Task HoldSchemaAsync(FollowUpContext db, CancellationToken cancellation);

    /// <summary>Removes what was deleted from where it can still be read.</summary>
    /// <returns>False when something of it stays for a while.</returns>
    public abstract Task<bool> RemoveTracesAsync(FollowUpContext db, CancellationToken cancellation);

    /// <summary>Bytes of the database.</summary>
    public abstract Task<long> SizeAsync(FollowUpContext db, CancellationToken cancellation);
}
