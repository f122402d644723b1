using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace FollowUp.Data.Moves;

/// <summary>An export to read: opened, understood, and checked to its last byte before anything of it is used.</summary>
public sealed class ExportFile : IDisposable
{
    private const int ReportEvery = 1000;

    private readonly ZipArchive _zip;

    private ExportFile(ZipArchive zip, ExportManifest manifest) => (_zip, Manifest) = (zip, manifest);

    public ExportManifest Manifest { get; }

    /// <exception cref="MoveException">It is no export of a kind that is known here.</exception>
    public static ExportFile Open(Stream file)
    {
        ZipArchive? zip = null;
        try
        {
            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var manifest = zip.GetEntry(ExportManifest.FileName) is { } entry ? Read(entry) : null;
            if (manifest is null)
            {
                throw new MoveException("The file is not an export of FollowUp, or an export that was cut short.");
            }

            return manifest.Format == ExportManifest.CurrentFormat
                ? new ExportFile(zip, manifest)
                : throw new MoveException($"The file was written in format {manifest.Format} by FollowUp {manifest.Version}; this one reads format {ExportManifest.CurrentFormat}. Import it with that version.");
        }
        catch (InvalidDataException)
        {
            zip?.Dispose();
            throw new MoveException("The file is not an export of FollowUp, or an export that was cut short.");
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    /// <summary>Reads all of it, and compares counts and hashes with what the manifest says.</summary>
    /// <exception cref="MoveException">Something is missing or has been changed; the message names the table.</exception>
    public async Task VerifyAsync(IProgress<MoveProgress> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        foreach (var table in Manifest.Tables)
        {
            progress.Report(new MoveProgress(table.Name, 0, table.Rows));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long rows = 0;
            try
            {
                await using var stream = await Entry(table).OpenAsync(cancellation);
                var buffer = new byte[128 * 1024];
                for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                    rows += buffer.AsSpan(0, read).Count((byte)'\n');
                    progress.Report(new MoveProgress(table.Name, rows, table.Rows));
                }
            }
            catch (InvalidDataException)
            {
                rows = -1;
            }

            if (rows != table.Rows || Convert.ToHexStringLower(hash.GetHashAndReset()) != table.Sha256)
            {
                throw new MoveException($"The table {table.Name} in the file is not as it was written: the file is damaged. Copy it again from where it was made.");
            }
        }
    }

    /// <summary>The rows of a table: texts, whole numbers and nulls, in the order of its columns.</summary>
    internal async IAsyncEnumerable<object?[]> RowsAsync(
        ExportedTable table, IProgress<MoveProgress> progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await Entry(table).OpenAsync(cancellation);
        using var reader = new StreamReader(stream);
        long rows = 0;
        progress.Report(new MoveProgress(table.Name, 0, table.Rows));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            yield return Row(line, table);
            if (++rows % ReportEvery == 0)
            {
                progress.Report(new MoveProgress(table.Name, rows, table.Rows));
            }
        }

        progress.Report(new MoveProgress(table.Name, rows, table.Rows));
    }

    public void Dispose() => _zip.Dispose();

    private static object?[] Row(string line, ExportedTable table)
    {
        using var json = JsonDocument.Parse(line);
        if (json.RootElement.GetArrayLength() != table.Columns.Count)
        {
            throw new MoveException($"The table {table.Name} in the file has a row that does not fit its columns.");
        }

        return
        [
            .. json.RootElement.EnumerateArray().Select(value => value.ValueKind switch
            {
                JsonValueKind.Null => (object?)null,
                JsonValueKind.Number => value.GetInt64(),
                _ => value.GetString(),
            }),
        ];
    }

    private ZipArchiveEntry Entry(ExportedTable table) =>
        _zip.GetEntry(table.FileName) ?? throw new MoveException($"The table {table.Name} is missing in the file: the file is damaged.");

    private static ExportManifest? Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        return ExportManifest.Read(stream);
    }
}
