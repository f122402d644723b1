using System.Text.Json;
using NodaTime;

namespace FollowUp.Data.Moves;

/// <summary>What an export says of itself: enough to know, before the first row is written, that all of it is there and fits.</summary>
public sealed record ExportManifest
{
    public const string FileName = "manifest.json";

    /// <summary>The way in which this version writes an export.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The <see cref="Kind"/> of a backup, which lies in a file of the same shape.</summary>
    public const string BackupKind = "followup-backup";

    internal const string ExportKind = "followup-export";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required int Format { get; init; }

    /// <summary>Tells an export from a backup.</summary>
    public required string Kind { get; init; }

    /// <summary>Both copies have it on record.</summary>
    public required string Export { get; init; }

    public required DateTimeOffset ExportedAt { get; init; }

    /// <summary>Of the program that wrote it.</summary>
    public required string Version { get; init; }

    /// <summary>The number of the newest schema script of the store.</summary>
    public required int Schema { get; init; }

    /// <summary>In the order in which they are filled.</summary>
    public required IReadOnlyList<ExportedTable> Tables { get; init; }

    public Instant At => Instant.FromDateTimeOffset(ExportedAt);

    public long Rows => Tables.Sum(table => table.Rows);

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);

    /// <returns>Null when it is none.</returns>
    /// <exception cref="MoveException">It is a backup's.</exception>
    internal static ExportManifest? Read(Stream json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var kind = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("kind", out var named) ? named.GetString() : null;
            return kind switch
            {
                ExportKind => document.Deserialize<ExportManifest>(s_json),
                BackupKind => throw new MoveException("The file is a backup and not an export: `followup restore` takes it."),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A table in an export: its rows are the lines of a file, each a JSON array in the order of the columns.</summary>
/// <param name="Name">As the schema names it.</param>
/// <param name="Columns">Their names.</param>
/// <param name="Rows">How many.</param>
/// <param name="Sha256">Of the file with the rows, hexadecimal.</param>
public sealed record ExportedTable(string Name, IReadOnlyList<string> Columns, long Rows, string Sha256)
{
    internal string FileName => $"tables/{Name}.jsonl";
}

/// <summary>How far an export or an import is.</summary>
/// <param name="Table">The table at hand.</param>
/// <param name="Done">Rows of it that are done.</param>
/// <param name="Total">All its rows.</param>
public sealed record MoveProgress(string Table, long Done, long Total);

/// <summary>A file is no export, is damaged, or does not fit. The message says what to do.</summary>
public sealed class MoveException(string message) : Exception(message);
