using System.Data;
using System.Security.Cryptography;
using FollowUp.Data.Databases;
using FollowUp.Data.Moves;
using FollowUp.Data.Schema;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Data.Context;

/// <summary>
/// The way into the database: each call is one short transaction. Where the database has one writer, those of this process take turns here, in
/// order of arrival; where it has many, transactions that have met are run again.
/// </summary>
internal sealed class Store(IDbContextFactory<FollowUpContext> contexts, SchemaUpgrade schema, DatabaseKind kind) : IDisposable
{
    /// <summary>
    /// For so long a transaction that met others is run again, of which one gets through each time, and a database that has gone is waited for.
    /// Whoever asks waits too, and Twilio for 15 seconds only.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    private const int MostRuns = 100;

    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <summary>
    /// Runs the work in one serializable transaction that is committed when it returns and rolled back when it throws. The work may be run
    /// several times, of which the last alone counts: it must change nothing but what the database holds, and what it is given anew each time.
    /// </summary>
    /// <exception cref="CommitUnknownException">Whether it was committed could not be found out. It has happened once or not at all.</exception>
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
        using var turn = await TurnAsync(cancellation);
        return await AgainAsync(() => RunAsync(work, cancellation), cancellation);
    }

    /// <summary>Removes what was deleted from where it can still be read.</summary>
    /// <returns>False when something of it stays for a while.</returns>
    public async Task<bool> RemoveTracesAsync(CancellationToken cancellation)
    {
        using var turn = await TurnAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await kind.RemoveTracesAsync(db, cancellation);
    }

    /// <summary>Names the index that a table is to be read by, behind its name in a query; nothing where the database finds it itself.</summary>
    public string By(string index) => kind.By(index);

    /// <summary>Bytes of the database.</summary>
    public Task<long> SizeAsync(CancellationToken cancellation) => ReadAsync(db => kind.SizeAsync(db, cancellation), cancellation);

    public async Task<T> ReadAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
    {
        await schema.EnsureAsync(cancellation);
        return await AgainAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;

            // With many writers, what is read by several queries must still be of one moment.
            await using var moment = kind.HasOneWriter ? null : await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            return await work(db);
        }, cancellation);
    }

    public void Dispose() => _writer.Dispose();

    private async Task<T> AgainAsync<T>(Func<Task<T>> run, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var number = 1; ; number++)
        {
            try
            {
                return await run();
            }
            catch (Exception met) when (
                number < MostRuns && met is not CommitUnknownException && kind.MayRunAgain(met)
                && TimeProvider.System.GetElapsedTime(start) < s_patience && !cancellation.IsCancellationRequested)
            {
                // Those that met must not meet again in step. A database that has gone takes longer to come back.
                var most = Math.Min((kind.LostConnection(met) ? 100 : 10) * number, 500);
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, most)), TimeProvider.System, cancellation);
            }
        }
    }

    private async Task<T> RunAsync<T>(Func<FollowUpContext, Task<T>> work, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
        var result = await work(db);
        await db.SaveChangesAsync(cancellation);
        var name = await kind.NameTransactionAsync(db, cancellation);
        try
        {
            // From here on it is not given up half way: whoever cancels a commit does not know what became of it.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception lost) when (kind.LostConnection(lost))
        {
            // The connection broke while the answer was on its way. A second run of what has happened would find its own doing, and call it another's.
            if (name is null || !await WasCommittedAsync(name, lost))
            {
                throw;
            }
        }

        return result;
    }

    private async Task<bool> WasCommittedAsync(string transaction, Exception lost)
    {
        try
        {
            return await AgainAsync(async () =>
            {
                await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
                return await kind.WasCommittedAsync(db, transaction, CancellationToken.None);
            }, CancellationToken.None) ?? throw new CommitUnknownException(lost);
        }
        catch (Exception e) when (kind.MayRunAgain(e))
        {
            throw new CommitUnknownException(lost);
        }
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
