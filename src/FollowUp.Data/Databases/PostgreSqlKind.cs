using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace FollowUp.Data.Databases;

/// <summary>PostgreSQL, 14 or newer: for more than one machine.</summary>
internal sealed class PostgreSqlKind(DatabaseOptions options, IEnumerable<IInterceptor> interceptors) : DatabaseKind, IAsyncDisposable, IDisposable
{
    /// <summary>Of the advisory lock that is held while the schema is upgraded: "FollowUp" in ASCII.</summary>
    private const long SchemaLock = 0x466F6C6C6F775570;

    private readonly NpgsqlDataSource _source = PostgreSqlSource.Make(options);

    public override string Name => DatabaseOptions.PostgreSql;

    public override bool HasOneWriter => false;

    public override void Configure(DbContextOptionsBuilder options) => options.UseNpgsql(_source).AddInterceptors(interceptors);

    /// <summary>Two transactions have met, and this one has been rolled back by the server.</summary>
    public override bool MayRunAgain(Exception exception) =>
        (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState
            is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    public override Task PrepareAsync(FollowUpContext db, CancellationToken cancellation) => Task.CompletedTask;

    public override Task HoldSchemaAsync(FollowUpContext db, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({SchemaLock})", cancellation);

    /// <summary>
    /// Makes the space of deleted rows free at once, to be written over. Until then, and in write-ahead logs and backups, they stay for as long as
    /// these are kept, which is the server's to say.
    /// </summary>
    public override async Task<bool> RemoveTracesAsync(FollowUpContext db, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlRawAsync(
            "VACUUM patients, sessions, steps, consents, earlier_messages, direct_messages, inbound_messages, inbound_copies, alerts, webhook_posts", cancellation);
        return true;
    }

    public override Task<long> SizeAsync(FollowUpContext db, CancellationToken cancellation) =>
        db.Database.SqlQuery<long>($"""SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync(cancellation);

    public void Dispose() => _source.Dispose();

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
