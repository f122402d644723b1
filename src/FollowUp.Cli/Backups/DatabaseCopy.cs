using FollowUp.Cli.Commands;
using FollowUp.Cli.Stores;
using Microsoft.Data.Sqlite;

namespace FollowUp.Cli.Backups;

/// <summary>A copy of a SQLite database that others are writing to, by SQLite's own online backup: as it was at one moment.</summary>
internal static class DatabaseCopy
{
    /// <exception cref="CommandException">The copy is damaged, and so is the database.</exception>
    public static async Task MakeAsync(string database, string copy, CancellationToken cancellation)
    {
        // Made first, so that it is its owner's alone from the beginning.
        await PrivateFile.Write(copy).DisposeAsync();
        await using SqliteConnection target = Open(copy);
        await using (SqliteConnection source = Open(database))
        {
            // All pages in one go: the host goes on writing into its log meanwhile.
            await Task.Run(() => source.BackupDatabase(target), cancellation);
        }

        await using SqliteCommand command = target.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        if (await command.ExecuteScalarAsync(cancellation) is not "ok")
        {
            throw new CommandException($"{database} is damaged: SQLite's integrity check of its copy has failed. No backup was made. Keep the one before, and see what the disk says.");
        }

        // One file, without a log beside it.
        command.CommandText = "PRAGMA journal_mode = DELETE";
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static SqliteConnection Open(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand wait = connection.CreateCommand();
        wait.CommandText = "PRAGMA busy_timeout = 10000";
        wait.ExecuteNonQuery();
        return connection;
    }
}
