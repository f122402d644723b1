using System.Data;
using FollowUp.Data.Schema;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Context;

/// <summary>
/// The way into the database: each call is one short transaction. Writers of this process take turns here, in order of arrival, instead of
/// meeting SQLite's own lock, whose waiters poll.
/// </summary>
internal sealed class Store(IDbContextFactory<FollowUpContext> contexts, SchemaUpgrade schema) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <summary>Runs the work in one serializable transaction that is committed when it returns and rolled back when it throws.</summary>
    public async Task<T> WriteAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
    {
        await schema.EnsureAsync(cancellation);
        await _writer.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
            var result = await work(db);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    public async Task<T> ReadAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
    {
        await schema.EnsureAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await work(db);
    }

    /// <summary>
    /// Sees to it that what has been deleted is not in the files any more: SQLite overwrites it in the database (secure_delete), and the log,
    /// which still has it, is emptied here.
    /// </summary>
    public async Task ForgetDeletedAsync(CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            if (db.Database.ProviderName!.EndsWith(".Sqlite", StringComparison.Ordinal))
            {
                await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellation);
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    public void Dispose() => _writer.Dispose();
}
