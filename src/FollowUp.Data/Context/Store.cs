using System.Data;
using System.Globalization;
using FollowUp.Data.Moves;
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
    /// <exception cref="StoreMovedException">The store lives on elsewhere.</exception>
    public Task<T> WriteAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation) => WriteEvenIfMovedAsync(
        async db =>
        {
            await MovedStore.RefuseAsync(db, cancellation);
            return await work(db);
        }, cancellation);

    /// <summary>As <see cref="WriteAsync"/>, also on a store that lives on elsewhere: for what marks it so and takes that back.</summary>
    public async Task<T> WriteEvenIfMovedAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
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

    /// <summary>
    /// Moves everything into the database file and empties the write-ahead log, which holds old pages until then, deleted rows among them.
    /// </summary>
    /// <returns>False when a reader kept it from that; the log is then emptied by a later call, or when the app stops.</returns>
    public async Task<bool> EmptyLogAsync(CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            await db.Database.OpenConnectionAsync(cancellation);
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture) == 0;
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

    public void Dispose() => _writer.Dispose();
}
