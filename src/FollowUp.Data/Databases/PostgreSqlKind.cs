using System.Globalization;
using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FollowUp.Data.Databases;

/// <summary>PostgreSQL, 14 or newer: for more than one machine.</summary>
internal sealed class PostgreSqlKind(DatabaseOptions options) : DatabaseKind, IAsyncDisposable, IDisposable
{
    /// <summary>Of the advisory lock that is held while the schema is upgraded: "FollowUp" in ASCII.</summary>
    private const long SchemaLock = 0x466F6C6C6F775570;

    private readonly NpgsqlDataSource _source = PostgreSqlSource.Make(options);

    public override string Name => DatabaseOptions.PostgreSql;

    public override bool HasOneWriter => false;

    /// <summary>A transaction that has met another is no error, and is run again; whatever does fail is thrown, and is on record by whoever asked.</summary>
    public override DbContextOptionsBuilder Configure(DbContextOptionsBuilder options) => options
        .UseNpgsql(_source)
        .AddInterceptors(PostgreSqlTexts.Instance)
        .ConfigureWarnings(log => log.Log(
            (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.TransactionError, LogLevel.Debug),
            (RelationalEventId.ConnectionError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.QueryIterationFailed, LogLevel.Debug)));

    /// <summary>
    /// Two transactions have met, and this one has been rolled back by the server: it says so, or finds a row that the other has made or taken away
    /// since. Or the connection was lost before the commit, whereupon the server rolls back as well. A commit that was lost does not come here:
    /// <see cref="WasCommittedAsync"/> is asked first.
    /// </summary>
    public override bool MayRunAgain(Exception exception) =>
        Refusal(exception)?.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation
        || LostConnection(exception);

    /// <summary>Npgsql calls transient what concerns the connection: it broke, was ended by an administrator or could not be made.</summary>
    public override bool LostConnection(Exception exception) => Refusal(exception) is { } refusal
        ? refusal.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
        : Chain(exception).OfType<NpgsqlException>().Any(failure => failure.IsTransient);

    /// <summary>A transaction has a number from its first change on, which the server remembers for as long as anybody may ask.</summary>
    public override async Task<string?> NameTransactionAsync(FollowUpContext db, CancellationToken cancellation) => await db.Database
        .SqlQuery<string?>($"""SELECT CAST(pg_current_xact_id_if_assigned() AS TEXT) AS "Value" """).SingleAsync(cancellation);

    public override async Task<bool?> WasCommittedAsync(FollowUpContext db, string transaction, CancellationToken cancellation)
    {
        try
        {
            // One that the server has not noticed to be abandoned yet: ended here, so that the answer stands.
            var state = await db.Database.SqlQuery<string?>($"""
                SELECT pg_xact_status(CAST({transaction} AS xid8)) AS "Value", pg_terminate_backend(pid) FROM (SELECT 1) AS one
                LEFT JOIN pg_stat_activity ON backend_xid = CAST(CAST({transaction} AS xid8) AS xid)
                """).SingleAsync(cancellation);
            return state switch
            {
                "committed" => true,
                "aborted" => false,
                "in progress" => throw new NpgsqlException("The transaction has not ended yet.", new IOException()),
                _ => null,
            };
        }
        catch (PostgresException unknown) when (unknown.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            // A number of the future: this is another server, to which the last moments of the one before did not come.
            return null;
        }
    }

    /// <summary>It has statistics, and no such words.</summary>
    public override string By(string index) => "";

    public override Task PrepareAsync(FollowUpContext db, CancellationToken cancellation) => Task.CompletedTask;

    public override Task HoldSchemaAsync(FollowUpContext db, CancellationToken cancellation) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({SchemaLock})", cancellation);

    /// <summary>
    /// Makes the space of deleted rows free at once, to be written over. Until then, and in write-ahead logs and backups, they stay for as long as
    /// these are kept, which is the server's to say.
    /// </summary>
    public override async Task<bool> RemoveTracesAsync(FollowUpContext db, CancellationToken cancellation)
    {
        try
        {
            await db.Database.ExecuteSqlRawAsync("""
                VACUUM patients, sessions, steps, consents, earlier_messages, direct_messages, inbound_messages, inbound_copies, alerts, delivery_reports,
                    import_lines, webhook_posts, webhook_events
                """, cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            // The rows are gone all the same; the server's own vacuum comes to them.
            return false;
        }
    }

    public override Task<long> SizeAsync(FollowUpContext db, CancellationToken cancellation) =>
        db.Database.SqlQuery<long>($"""SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync(cancellation);

    public void Dispose() => _source.Dispose();

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static PostgresException? Refusal(Exception exception) => Chain(exception).OfType<PostgresException>().FirstOrDefault();

    /// <summary>Entity Framework wraps what the driver throws, sometimes twice.</summary>
    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
