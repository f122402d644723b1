using System.Data;
using System.Globalization;
using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using FollowUp.Data.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;

namespace FollowUp.Data.Moves;

/// <summary>
/// Takes an export into an empty store, in one transaction: all of it is there afterwards, or nothing. The orchestrations are not started here: what
/// they have to do is left as if it had just changed, and the sweep of the app starts them, the soonest first.
/// </summary>
public sealed class StoreImport
{
    private readonly IDbContextFactory<FollowUpContext> _contexts;
    private readonly SchemaUpgrade _schema;
    private readonly IClock _clock;

    internal StoreImport(IDbContextFactory<FollowUpContext> contexts, SchemaUpgrade schema, IClock clock) =>
        (_contexts, _schema, _clock) = (contexts, schema, clock);

    /// <summary>Whether the file fits this store, which must be empty. Nothing is written, but for the schema of a new store.</summary>
    /// <exception cref="MoveException">It does not; the message says why.</exception>
    public async Task CheckAsync(ExportFile file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        await _schema.EnsureAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await CheckAsync(file.Manifest, MovedTable.Of(db), db, transaction, cancellation);
    }

    /// <summary>Writes all rows. Call <see cref="ExportFile.VerifyAsync"/> first.</summary>
    /// <exception cref="MoveException">It cannot be; nothing was written.</exception>
    public async Task<ImportedStore> ImportAsync(ExportFile file, string actor, IProgress<MoveProgress> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(progress);
        await _schema.EnsureAsync(cancellation);
        var manifest = file.Manifest;
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
        var tables = MovedTable.Of(db);
        await CheckAsync(manifest, tables, db, transaction, cancellation);

        // The secret under which numbers are marked comes along; one that a fresh start has made would find none of the marks.
        await db.Installation.ExecuteDeleteAsync(cancellation);
        foreach (var table in tables)
        {
            var exported = manifest.Tables.Single(exported => exported.Name == table.Name);
            await using var writer = new TableWriter(table, exported.Columns, db, transaction);
            await foreach (var row in file.RowsAsync(exported, progress, cancellation))
            {
                await writer.AddAsync(row, cancellation);
            }

            await writer.EndAsync(cancellation);
        }

        var now = _clock.GetCurrentInstant();
        var unseen = await UnseenSessions.MarkAsync(db, cancellation);
        await ReceiveAsync(db, manifest, actor, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return new ImportedStore(manifest.Export, manifest.Rows, unseen);
    }

    /// <summary>The courses live here from now on: the mark that they have moved out, which came along, has done its work.</summary>
    private static async Task ReceiveAsync(FollowUpContext db, ExportManifest manifest, string actor, Instant now, CancellationToken cancellation)
    {
        foreach (var mark in await db.Moves.Where(row => row.Kind == MoveKind.MovedOut && row.EndedAt == null).ToListAsync(cancellation))
        {
            mark.EndedAt = now;
        }

        var move = new MoveRow { Id = manifest.Export, Kind = MoveKind.MovedIn, At = now, CopiedAt = manifest.At, Actor = actor, EndedAt = now };
        db.Moves.Add(move);
        await MoveStore.AuditAsync(db, move, "store-moved-in", now, $"exported {StoreText.Instant.Format(manifest.At)}", cancellation);
        await db.SaveChangesAsync(cancellation);
    }

    private async Task CheckAsync(
        ExportManifest manifest, IReadOnlyList<MovedTable> tables, FollowUpContext db, IDbContextTransaction transaction, CancellationToken cancellation)
    {
        if (manifest.Schema != _schema.Newest)
        {
            throw new MoveException(manifest.Schema < _schema.Newest
                ? $"The file holds a store of schema version {manifest.Schema}, by FollowUp {manifest.Version}; this version has {_schema.Newest}. Take the export back, start this version once where it was made, and export again."
                : $"The file holds a store of schema version {manifest.Schema}, by FollowUp {manifest.Version}; this version knows {_schema.Newest}. Import it with that version, or a newer one.");
        }

        foreach (var table in tables)
        {
            if (manifest.Tables.SingleOrDefault(exported => exported.Name == table.Name) is not { } exported
                || !exported.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(table.Columns.Select(column => column.Name)))
            {
                throw new MoveException($"The table {table.Name} is missing in the file, or has other columns: the file was not written by this version.");
            }
        }

        List<string> found = [];
        foreach (var table in tables.Where(table => table.Name != "installation"))
        {
            if (await StoreExport.CountAsync(table, db, transaction, cancellation) is var rows and > 0)
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{table.Name} ({rows})"));
            }
        }

        if (found.Count > 0)
        {
            throw new MoveException($"The store is not empty: it has rows in {string.Join(", ", found)}. Import into a new data directory, or an empty database.");
        }
    }
}

/// <summary>What was imported.</summary>
/// <param name="Export">The export's id.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Sessions">Sessions with something left to do.</param>
public sealed record ImportedStore(string Export, long Rows, int Sessions);
