using Microsoft.Data.Sqlite;

namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>Reads an app's store as it is on the disk, for what the API has no list of.</summary>
internal static class StoreFile
{
    public static IReadOnlyList<string> Rows(string dataDirectory, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataDirectory, "followup.db"), Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = "PRAGMA busy_timeout = 10000; " + sql;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.FieldCount > 0 && reader.GetName(0) == "timeout")
        {
            reader.NextResult();
        }

        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetValue(i).ToString())));
        }

        return rows;
    }
}
