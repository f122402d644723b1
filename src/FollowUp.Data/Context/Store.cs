using System.Data;
using System.Security.Cryptography;
using FollowUp.Data.Databases;
using FollowUp.Data.Schema;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Context;

/// <summary>
/// The way into the database: each call is one short transaction. Where the database has one writer, those of this process take turns here, in
/// order of arrival; where it has many, transactions that have met are run again.
/// </summary>
internal sealed class Store(IDbContextFactory<FollowUpContext> contexts, SchemaUpgrade schema, DatabaseKind kind) : IDisposable
{
    /// <summary>So often a transaction is run that met others. Each time one of those that met gets through.</summary>
    private const int MostRuns = 20;

    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <summary>
    /// Runs the work in one serializable transaction that is committed when it returns and rolled back when it throws. The work may be run
    /// several times, of which the last alone counts: it must change nothing but what the database holds.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
    {
        await schema.EnsureAsync(cancellation);
        using var turn = await TurnAsync(cancellation);
        for (var run = 1; ; run++)
        {
            try
            {
                return await RunAsync(work, cancellation);
            }
            catch (Exception met) when (run < MostRuns && kind.MayRunAgain(met))
            {
                // Those that met must not meet again in step.
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, 10 * run)), TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>Removes what was deleted from where it can still be read.</summary>
    /// <returns>False when something of it stays for a while.</returns>
    public async Task<bool> RemoveTracesAsync(CancellationToken cancellation)
    {
        using var turn = await TurnAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await kind.RemoveTracesAsync(db, cancellation);
    }

    /// <summary>Bytes of the database.</summary>
    public Task<long> SizeAsync(CancellationToken cancellation) => ReadAsync(db => kind.SizeAsync(db, cancellation), cancellation);

    public async Task<T> ReadAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
    {
        await schema.EnsureAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await work(db);
    }

    public void Dispose() => _writer.Dispose();

    private async Task<T> RunAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
        var result = await work(db);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    private async Task<Turn> TurnAsync(CancellationToken cancellation)
    {
        if (!kind.HasOneWriter)
        {
            return default;
        }

        await _writer.WaitAsync(cancellation);
        return new Turn(_writer);
    }

    private readonly struct Turn(SemaphoreSlim? writer) : IDisposable
    {
        public void Dispose() => writer?.Release();
    }
}
