using System.CommandLine;
using System.Globalization;
using FollowUp.Cli.Backups;
using FollowUp.Cli.Stores;
using Spectre.Console;

namespace FollowUp.Cli.Commands;

/// <summary><c>backup</c>: a copy of a data directory, while its host runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "The file to write, which must not exist; or a folder, for a file with the time in its name." };
        Option<DirectoryInfo?> data = StoreOptions.DataBesideApp();
        Option<int?> keep = new("--keep") { Description = "With a folder: keeps so many of the backups in it, the newest, and deletes the others." };
        Command command = new(
            "backup",
            "Writes a backup of a data directory into one file: the store, the engine's state and the host's own secrets. The app may go on meanwhile. The file holds patients' "
            + "data and secrets: keep it as safely as the clinic's records.")
        { file, data, keep };
        command.SetAction((parsed, cancellation) => CommandErrors.CatchAsync(async () =>
        {
            await using StoreAccess store = StoreAccess.Open(parsed.GetValue(data));
            if (store.File is null)
            {
                throw new CommandException(
                    "The store is on a PostgreSQL server: `pg_dump --format=custom --file=FILE DATABASE` backs it up, or the server's own point-in-time backups do. After a restore: followup restore --mark-since INSTANT.");
            }

            string path = Path.GetFullPath(parsed.GetValue(file)!);
            bool isFolder = Directory.Exists(path);
            if (parsed.GetValue(keep) is { } kept && (!isFolder || kept < 1))
            {
                throw new CommandException(isFolder ? "--keep takes a number from 1." : $"--keep goes with a folder, and {path} is none.");
            }

            string target = isFolder ? Path.Combine(path, BackupFolder.NameAt(TimeProvider.System.GetUtcNow())) : path;
            BackupManifest backup = await RestoreCommand.WithStatusAsync(report => BackupWriter.WriteAsync(store, target, report, cancellation));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Backup {backup.Backup} of {store.DataDirectory} as of {backup.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z in {target}: {backup.Files.Count} files, {backup.Files.Sum(copy => copy.Bytes):N0} bytes before packing. Every copy has passed SQLite's integrity check."));
            if (parsed.GetValue(keep) is { } most && BackupFolder.Prune(path, most) is var deleted and > 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Deleted {deleted} older ones."));
            }

            return 0;
        }));
        return command;
    }
}
