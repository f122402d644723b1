using System.Buffers;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using FollowUp.Data.Context;
using FollowUp.Data.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;

namespace FollowUp.Data.Moves;

/// <summary>
/// Writes every row of the store into one file, a zip with a file of JSON lines for each table. The engine's state is not in it: an orchestration holds
/// ids alone and asks the store what comes next.
/// </summary>
public sealed class StoreExport
{
    private const int ReportEvery = 1000;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IDbContextFactory<FollowUpContext> _contexts;
    private readonly SchemaUpgrade _schema;
    private readonly IClock _clock;

    internal StoreExport(IDbContextFactory<FollowUpContext> contexts, SchemaUpgrade schema, IClock clock) =>
        (_contexts, _schema, _clock) = (contexts, schema, clock);

    /// <summary>The version of this program, for a reader of the manifest.</summary>
    public static string Version { get; } =
        typeof(StoreExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";

    /// <summary>Writes the store, which <see cref="MoveStore.RetireAsync"/> has marked before. All of it is of one moment.</summary>
    public async Task<ExportManifest> WriteAsync(Stream file, MoveView move, IProgress<MoveProgress> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(move);
        ArgumentNullException.ThrowIfNull(progress);
        await _schema.EnsureAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        List<ExportedTable> tables = [];
        foreach (var table in MovedTable.Of(db))
        {
            tables.Add(await WriteAsync(zip, table, db, transaction, progress, cancellation));
        }

        var manifest = new ExportManifest
        {
            Format = ExportManifest.CurrentFormat,
            Kind = ExportManifest.ExportKind,
            Export = move.Id,
            ExportedAt = _clock.GetCurrentInstant().ToDateTimeOffset(),
            Version = Version,
            Schema = _schema.Newest,
            Tables = tables,
        };
        await using var entry = await zip.CreateEntry(ExportManifest.FileName).OpenAsync(cancellation);
        await entry.WriteAsync(manifest.ToJson(), cancellation);
        return manifest;
    }

    private static async Task<ExportedTable> WriteAsync(
        ZipArchive zip, MovedTable table, FollowUpContext db, IDbContextTransaction transaction, IProgress<MoveProgress> progress, CancellationToken cancellation)
    {
        var total = await CountAsync(table, db, transaction, cancellation);
        progress.Report(new MoveProgress(table.Name, 0, total));
        await using var command = Command(
            $"SELECT {MovedTable.List(table.Columns.Select(column => column.Name))} FROM \"{table.Name}\" ORDER BY {MovedTable.List(table.Key)}", db, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var entry = await zip.CreateEntry(new ExportedTable(table.Name, [], 0, "").FileName).OpenAsync(cancellation);
        var line = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(line, s_json);
        long rows = 0;
        while (await reader.ReadAsync(cancellation))
        {
            line.ResetWrittenCount();
            json.Reset();
            WriteRow(json, reader, table.Columns);
            json.Flush();
            line.Write("\n"u8);
            hash.AppendData(line.WrittenSpan);
            await entry.WriteAsync(line.WrittenMemory, cancellation);
            if (++rows % ReportEvery == 0)
            {
                progress.Report(new MoveProgress(table.Name, rows, total));
            }
        }

        progress.Report(new MoveProgress(table.Name, rows, total));
        return new ExportedTable(table.Name, [.. table.Columns.Select(column => column.Name)], rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void WriteRow(Utf8JsonWriter json, DbDataReader reader, IReadOnlyList<MovedColumn> columns)
    {
        json.WriteStartArray();
        for (var i = 0; i < columns.Count; i++)
        {
            if (reader.IsDBNull(i))
            {
                json.WriteNullValue();
            }
            else if (columns[i].IsText)
            {
                json.WriteStringValue(reader.GetString(i));
            }
            else
            {
                json.WriteNumberValue(Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture));
            }
        }

        json.WriteEndArray();
    }

    /// <summary>How many rows a table has.</summary>
    internal static async Task<long> CountAsync(MovedTable table, FollowUpContext db, IDbContextTransaction transaction, CancellationToken cancellation)
    {
        await using var command = Command($"SELECT COUNT(*) FROM \"{table.Name}\"", db, transaction);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }

    /// <param name="sql">Made of the model's own names.</param>
    /// <param name="db">Where.</param>
    /// <param name="transaction">Within.</param>
    internal static DbCommand Command(string sql, FollowUpContext db, IDbContextTransaction transaction)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = transaction.GetDbTransaction();
#pragma warning disable CA2100 // The names come from the model inside this assembly, never from a user.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
