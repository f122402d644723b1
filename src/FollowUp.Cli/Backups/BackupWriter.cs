using System.IO.Compression;
using System.Security.Cryptography;
using FollowUp.Cli.Stores;
using FollowUp.Data;
using FollowUp.Data.Moves;
using FollowUp.EmbeddedHost.Functions.Settings;
using NodaTime;

namespace FollowUp.Cli.Backups;

/// <summary>Writes a backup of a data directory, whose host may be running.</summary>
internal static class BackupWriter
{
    /// <param name="store">What is backed up.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="report">Told in a line what is being done.</param>
    /// <param name="cancellation">Gives up, and leaves nothing behind.</param>
    public static async Task<BackupManifest> WriteAsync(StoreAccess store, string path, Action<string> report, CancellationToken cancellation)
    {
        await using PrivateFile file = PrivateFile.Create(path);
        string copies = PrivateFile.Folder(file.Path + ".part.d");
        try
        {
            // Before the first copy: what the lost copy of the store may have done later than this is in doubt after a restore.
            DateTimeOffset taken = store.Clock.GetUtcNow();
            BackupManifest manifest = new()
            {
                Format = BackupManifest.CurrentFormat,
                Kind = BackupManifest.BackupKind,
                Backup = MoveStore.NewId(Instant.FromDateTimeOffset(taken)),
                TakenAt = taken,
                Version = StoreExport.Version,
                Files = await CopyAsync(store, copies, report, cancellation),
            };

            report("Packing");
            await using (ZipArchive zip = await ZipArchive.CreateAsync(file.Stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation))
            {
                foreach (BackedUpFile copy in manifest.Files)
                {
                    await zip.CreateEntryFromFileAsync(Path.Combine(copies, copy.Name), copy.Name, CompressionLevel.Fastest, cancellation);
                }

                await using Stream entry = await zip.CreateEntry(BackupManifest.FileName).OpenAsync(cancellation);
                await entry.WriteAsync(manifest.ToJson(), cancellation);
            }

            await file.FinishAsync();
            return manifest;
        }
        finally
        {
            Directory.Delete(copies, recursive: true);
        }
    }

    /// <summary>
    /// The engine first and the store second, so that the store is never behind: what an orchestration of the copy does again, the store knows to have
    /// been done.
    /// </summary>
    private static async Task<IReadOnlyList<BackedUpFile>> CopyAsync(StoreAccess store, string copies, Action<string> report, CancellationToken cancellation)
    {
        List<string> names = [];
        string engine = HostEnvironment.EngineFile(store.DataDirectory);
        if (File.Exists(engine))
        {
            report("Copying the engine's database");
            await DatabaseCopy.MakeAsync(engine, Path.Combine(copies, HostEnvironment.EngineFileName), cancellation);
            names.Add(HostEnvironment.EngineFileName);
        }

        report("Copying the store");
        await DatabaseCopy.MakeAsync(store.File!, Path.Combine(copies, DatabaseOptions.FileName), cancellation);
        names.Add(DatabaseOptions.FileName);
        foreach (string secret in HostEnvironment.SecretFiles.Where(secret => File.Exists(Path.Combine(store.DataDirectory, secret))))
        {
            await using FileStream copy = PrivateFile.Write(Path.Combine(copies, secret));
            await using FileStream source = File.OpenRead(Path.Combine(store.DataDirectory, secret));
            await source.CopyToAsync(copy, cancellation);
            names.Add(secret);
        }

        List<BackedUpFile> files = [];
        foreach (string name in names)
        {
            await using FileStream copy = File.OpenRead(Path.Combine(copies, name));
            files.Add(new BackedUpFile(name, copy.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(copy, cancellation))));
        }

        return files;
    }
}
