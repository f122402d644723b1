using System.IO.Compression;
using System.Text.Json;
using FollowUp.Cli.Commands;
using FollowUp.Data.Moves;

namespace FollowUp.Cli.Backups;

/// <summary>What a backup says of itself.</summary>
internal sealed record BackupManifest
{
    public const string FileName = ExportManifest.FileName;
    public const int CurrentFormat = 1;
    public const string BackupKind = ExportManifest.BackupKind;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required int Format { get; init; }

    /// <summary>Tells a backup from an export.</summary>
    public required string Kind { get; init; }

    public required string Backup { get; init; }

    /// <summary>Everything that was on record at this instant is in it.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Of the program that wrote it.</summary>
    public required string Version { get; init; }

    public required IReadOnlyList<BackedUpFile> Files { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);

    /// <exception cref="CommandException">It is no backup of a kind that is known here.</exception>
    public static BackupManifest Read(ZipArchive zip)
    {
        BackupManifest? manifest = null;
        try
        {
            if (zip.GetEntry(FileName) is { } entry)
            {
                using Stream stream = entry.Open();
                manifest = JsonSerializer.Deserialize<BackupManifest>(stream, s_json);
            }
        }
        catch (JsonException)
        {
            // An export's has other members.
        }

        if (manifest is not { Kind: BackupKind })
        {
            throw new CommandException("The file is not a backup of FollowUp. (What `followup export` has written is taken by `followup import`.)");
        }

        return manifest.Format == CurrentFormat
            ? manifest
            : throw new CommandException($"The backup was written in format {manifest.Format} by FollowUp {manifest.Version}; this one reads format {CurrentFormat}. Restore it with that version.");
    }
}

/// <param name="Name">In the data directory.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Hexadecimal.</param>
internal sealed record BackedUpFile(string Name, long Bytes, string Sha256);
