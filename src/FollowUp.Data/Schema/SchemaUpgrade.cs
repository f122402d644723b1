using System.Data;
using System.Data.Common;
using FollowUp.Data.Context;
using FollowUp.Data.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;

namespace FollowUp.Data.Schema;

/// <summary>
/// Brings the store to the schema of this version, once a process, before its first use. All missing scripts run in one transaction that
/// holds a lock from its beginning, so that two processes that start together do not both run them.
/// </summary>
internal sealed class SchemaUpgrade(
    IDbContextFactory<FollowUpContext> contexts, DatabaseKind kind, IReadOnlyList<SchemaScript> scripts, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1, 1);
    private volatile bool _done;

    /// <summary>The number of the newest script.</summary>
    public int Newest => scripts.Max(script => script.Number);

    /// <exception cref="SchemaException">The store was written by a newer version, or a script that it ran has been changed since.</exception>
    public async ValueTask EnsureAsync(CancellationToken cancellation)
    {
        if (_done)
        {
            return;
        }

        await _once.WaitAsync(cancellation);
        try
        {
            if (!_done)
            {
                await UpgradeAsync(cancellation);
                _done = true;
            }
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task UpgradeAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        await kind.PrepareAsync(db, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(kind.HasOneWriter ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted, cancellation);
        await kind.HoldSchemaAsync(db, cancellation);
        var connection = db.Database.GetDbConnection();
        await RunAsync(connection, transaction, """
            CREATE TABLE IF NOT EXISTS schema_versions (
                number     INTEGER NOT NULL PRIMARY KEY,
                name       TEXT NOT NULL,
                checksum   TEXT NOT NULL,
                applied_at TEXT NOT NULL)
            """, [], cancellation);

        var applied = await ReadAppliedAsync(connection, transaction, cancellation);
        if (applied.Keys.Except(scripts.Select(script => script.Number)).Order().FirstOrDefault() is var unknown and > 0)
        {
            throw new SchemaException(
                $"The store holds schema version {unknown}, which this version of FollowUp does not know. Run the newer version, or restore a backup.");
        }

        foreach (var script in scripts)
        {
            if (!applied.TryGetValue(script.Number, out var checksum))
            {
                await RunAsync(connection, transaction, script.Sql, [], cancellation);
                await RunAsync(connection, transaction,
                    "INSERT INTO schema_versions (number, name, checksum, applied_at) VALUES (@number, @name, @checksum, @at)",
                    [("@number", script.Number), ("@name", script.Name), ("@checksum", script.Checksum),
                     ("@at", StoreText.Instant.Format(Instant.FromDateTimeOffset(clock.GetUtcNow())))],
                    cancellation);
            }
            else if (checksum != script.Checksum)
            {
                throw new SchemaException(
                    $"The schema script {script.Name} is not the one that made this store. Released scripts are never changed: add a new number instead.");
            }
        }

        await transaction.CommitAsync(cancellation);
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(
        DbConnection connection, IDbContextTransaction transaction, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction.GetDbTransaction();
        command.CommandText = "SELECT number, checksum FROM schema_versions";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var applied = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellation))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task RunAsync(
        DbConnection connection, IDbContextTransaction transaction, string sql, (string Name, object Value)[] values, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction.GetDbTransaction();
#pragma warning disable CA2100 // The text comes from the scripts inside this assembly, never from a user.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }
}
