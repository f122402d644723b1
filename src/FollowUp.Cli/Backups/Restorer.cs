using System.IO.Compression;
using System.Security.Cryptography;
using FollowUp.Cli.Commands;
using FollowUp.Cli.Stores;
using FollowUp.Data;
using FollowUp.Data.Moves;
using FollowUp.EmbeddedHost.Functions.Settings;
using NodaTime;

namespace FollowUp.Cli.Backups;

/// <summary>Puts a backup into an empty data directory, with the mark that the store in it is older than the world.</summary>
internal static class Restorer
{
    private const string Workshop = ".restoring";

    /// <summary>
    /// The store comes first, and comes marked: whatever of the rest is missing when the process dies, a host that is started there sends nothing
    /// blindly.
    /// </summary>
    private static readonly string[] s_order = [DatabaseOptions.FileName, HostEnvironment.EngineFileName, .. HostEnvironment.SecretFiles];

    /// <param name="backup">The backup.</param>
    /// <param name="directory">Where to.</param>
    /// <param name="held">Nothing is sent until the operator says so.</param>
    /// <param name="report">Told in a line what is being done.</param>
    /// <param name="cancellation">Gives up; the directory is as it was.</param>
    /// <exception cref="CommandException">It cannot be restored; the message says why.</exception>
    public static async Task<(BackupManifest Backup, DateTimeOffset At)> RestoreAsync(
        FileStream backup, string directory, bool held, Action<string> report, CancellationToken cancellation)
    {
        await using ZipArchive zip = await OpenAsync(backup, cancellation);
        BackupManifest manifest = BackupManifest.Read(zip);
        if (manifest.Files.All(file => file.Name != DatabaseOptions.FileName) || manifest.Files.FirstOrDefault(file => !s_order.Contains(file.Name)) is not null)
        {
            throw new CommandException("The backup does not hold what a backup holds: it was not written by FollowUp.");
        }

        RefuseIfNotEmpty(directory);
        using IDisposable alone = HostLock.Take(directory, "restore");
        string workshop = PrivateFile.Folder(Path.Combine(directory, Workshop));
        try
        {
            foreach (BackedUpFile file in manifest.Files)
            {
                report($"Unpacking {file.Name}");
                await UnpackAsync(zip, file, workshop, cancellation);
            }

            report("Marking the store as restored");
            DateTimeOffset at = await MarkAsync(manifest, workshop, held, cancellation);
            foreach (string name in s_order.Where(name => File.Exists(Path.Combine(workshop, name))))
            {
                File.Move(Path.Combine(workshop, name), Path.Combine(directory, name));
            }

            return (manifest, at);
        }
        finally
        {
            Directory.Delete(workshop, recursive: true);
        }
    }

    private static async Task<ZipArchive> OpenAsync(FileStream backup, CancellationToken cancellation)
    {
        try
        {
            return await ZipArchive.CreateAsync(backup, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
        }
        catch (InvalidDataException)
        {
            throw new CommandException("The file is not a backup of FollowUp, or a backup that was cut short.");
        }
    }

    private static void RefuseIfNotEmpty(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        string[] own = [Workshop, HostEnvironment.EngineFileName + ".lock"];
        string[] there = [.. Directory.GetFileSystemEntries(directory).Select(entry => Path.GetFileName(entry)).Except(own).Order(StringComparer.Ordinal)];
        if (there.Length > 0)
        {
            throw new CommandException(
                $"{directory} is not empty: it holds {string.Join(", ", there.Take(5))}{(there.Length > 5 ? " and more" : "")}. Restore into a new data directory, or move what is there away.");
        }
    }

    private static async Task UnpackAsync(ZipArchive zip, BackedUpFile file, string workshop, CancellationToken cancellation)
    {
        bool isWhole = false;
        try
        {
            if (zip.GetEntry(file.Name) is { } entry)
            {
                await using FileStream target = PrivateFile.Write(Path.Combine(workshop, file.Name));
                await using (Stream source = await entry.OpenAsync(cancellation))
                {
                    await source.CopyToAsync(target, cancellation);
                }

                target.Flush(flushToDisk: true);
                target.Position = 0;
                isWhole = Convert.ToHexStringLower(await SHA256.HashDataAsync(target, cancellation)) == file.Sha256;
            }
        }
        catch (InvalidDataException)
        {
            // Zip's own checks have found it.
        }

        if (!isWhole)
        {
            throw new CommandException($"{file.Name} in the backup is not as it was written: the backup is damaged. Take another one.");
        }
    }

    private static async Task<DateTimeOffset> MarkAsync(BackupManifest manifest, string workshop, bool held, CancellationToken cancellation)
    {
        await using StoreAccess store = StoreAccess.OpenFile(workshop, Path.Combine(workshop, DatabaseOptions.FileName));
        RestoreView restored = await store.Get<RestoreStore>().MarkAsync(
            manifest.Backup, Instant.FromDateTimeOffset(manifest.TakenAt), held, Operator.Name, cancellation);
        return restored.At.ToDateTimeOffset();
    }
}
