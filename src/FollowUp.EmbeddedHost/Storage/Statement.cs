using Microsoft.Data.Sqlite;

namespace FollowUp.EmbeddedHost.Storage;

/// <summary>One prepared SQL statement with parameters ?1, ?2, ... Not thread-safe: it belongs to its connection's thread.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (int number = 1; number <= parameters; number++)
        {
            _command.Parameters.Add(new SqliteParameter($"?{number}", null));
        }

        _command.Prepare();
    }

    /// <summary>Gives the number of rows changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Gives the first column of the first row; null when there is none.</summary>
    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    public List<T> Query<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        List<T> rows = [];
        using SqliteDataReader reader = _command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
