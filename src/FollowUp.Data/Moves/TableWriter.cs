using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FollowUp.Data.Moves;

/// <summary>Fills one table, many rows a statement: a database over a network answers each with a round trip.</summary>
internal sealed class TableWriter : IAsyncDisposable
{
    /// <summary>What both databases take in one statement, with room.</summary>
    private const int MostParameters = 15_000;
    private const int MostRows = 200;

    private readonly MovedTable _table;
    private readonly IReadOnlyList<MovedColumn> _columns;
    private readonly FollowUpContext _db;
    private readonly IDbContextTransaction _transaction;
    private readonly List<object?[]> _waiting = [];
    private readonly int _batch;
    private DbCommand? _full;

    /// <param name="table">The table.</param>
    /// <param name="columns">In the order in which rows have them.</param>
    /// <param name="db">Where.</param>
    /// <param name="transaction">Within.</param>
    public TableWriter(MovedTable table, IReadOnlyList<string> columns, FollowUpContext db, IDbContextTransaction transaction)
    {
        _table = table;
        _columns = [.. columns.Select(name => table.Columns.Single(column => column.Name == name))];
        _db = db;
        _transaction = transaction;
        _batch = Math.Clamp(MostParameters / _columns.Count, 1, MostRows);
    }

    public async Task AddAsync(object?[] row, CancellationToken cancellation)
    {
        _waiting.Add(row);
        if (_waiting.Count == _batch)
        {
            _full ??= Insert(_batch);
            await RunAsync(_full, cancellation);
        }
    }

    /// <summary>Writes what waits, and lets the database count on from the highest number.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        if (_waiting.Count > 0)
        {
            await using var rest = Insert(_waiting.Count);
            await RunAsync(rest, cancellation);
        }

        // SQLite does so by itself.
        if (_table.Numbered is { } column && _db.Database.ProviderName!.Contains("PostgreSQL", StringComparison.Ordinal))
        {
            await using var command = StoreExport.Command(
                $"SELECT setval(pg_get_serial_sequence('{_table.Name}', '{column}'), COALESCE(MAX(\"{column}\"), 0) + 1, false) FROM \"{_table.Name}\"", _db, _transaction);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public ValueTask DisposeAsync() => _full?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task RunAsync(DbCommand command, CancellationToken cancellation)
    {
        for (var row = 0; row < _waiting.Count; row++)
        {
            for (var column = 0; column < _columns.Count; column++)
            {
                command.Parameters[(row * _columns.Count) + column].Value = Fitting(_waiting[row][column], _columns[column]);
            }
        }

        await command.ExecuteNonQueryAsync(cancellation);
        _waiting.Clear();
    }

    private object Fitting(object? value, MovedColumn column) => (value, column.IsText) switch
    {
        (null, _) => DBNull.Value,
        (string text, true) => StorableText.Of(text),
        (long, false) => value,
        _ => throw new MoveException($"The table {_table.Name} in the file has a value in {column.Name} that does not belong there."),
    };

    private DbCommand Insert(int rows)
    {
        var sql = new StringBuilder($"INSERT INTO \"{_table.Name}\" ({MovedTable.List(_columns.Select(column => column.Name))}) VALUES ");
        for (var row = 0; row < rows; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < _columns.Count; column++)
            {
                sql.Append(CultureInfo.InvariantCulture, $"{(column == 0 ? "" : ", ")}@p{(row * _columns.Count) + column}");
            }

            sql.Append(')');
        }

        var command = StoreExport.Command(sql.ToString(), _db, _transaction);
        for (var i = 0; i < rows * _columns.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{i}");
            parameter.DbType = _columns[i % _columns.Count].IsText ? DbType.String : DbType.Int64;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
