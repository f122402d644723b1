using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Databases;

/// <summary>What differs between the kinds of database. Everything else in the store is one for all of them.</summary>
internal abstract class DatabaseKind
{
    /// <summary>As <c>Database:Provider</c> spells it, and the folder of its schema scripts.</summary>
    public abstract string Name { get; }

    /// <summary>Whether writers of one process should take turns instead of meeting the database's own lock.</summary>
    public abstract bool HasOneWriter { get; }

    public abstract void Configure(DbContextOptionsBuilder options);

    /// <summary>Whether a transaction that failed so has certainly left nothing behind, and may succeed when it is run again.</summary>
    public abstract bool MayRunAgain(Exception exception);

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
