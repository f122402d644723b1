using System.Data.Common;

namespace FollowUp.Testing;

/// <summary>Reads straight from a database, whichever it is.</summary>
internal static class DatabaseReading
{
    /// <summary>The first value; whole numbers as <see cref="long"/>.</summary>
    public static object? Scalar(this DbConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteScalar() is var value && value is int number ? (long)number : value;
    }

    public static DbCommand Command(this DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
