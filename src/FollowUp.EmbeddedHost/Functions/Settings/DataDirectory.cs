using System.Buffers.Text;
using System.Security.Cryptography;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>The folder with the host's databases and secrets.</summary>
internal sealed class DataDirectory
{
    public const string Default = ".followup";

    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens the folder, and makes it, for its owner alone, where there is none.</summary>
    /// <exception cref="HostStartException">It cannot be made.</exception>
    public DataDirectory(string? path)
    {
        FullPath = Path.GetFullPath(string.IsNullOrWhiteSpace(path) ? Default : path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(FullPath);
            }
            else
            {
                Directory.CreateDirectory(FullPath, OwnerFolder);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new HostStartException($"The data directory {FullPath} cannot be made: {cause.Message}", cause);
        }
    }

    public string FullPath { get; }

    public string File(string name) => Path.Combine(FullPath, name);

    /// <summary>The text kept in a file; made and written, for the owner alone, when there is no such file.</summary>
    /// <returns>The text, and whether it was made just now.</returns>
    public (string Text, bool Made) ReadOrMake(string name, Func<string> make)
    {
        string path = File(name);
        if (System.IO.File.Exists(path))
        {
            return (System.IO.File.ReadAllText(path).Trim(), false);
        }

        Write(name, make(), overwrite: false);
        return (System.IO.File.ReadAllText(path).Trim(), true);
    }

    /// <summary>Writes a file for the owner alone, whole or not at all.</summary>
    public void Write(string name, string text, bool overwrite)
    {
        string path = File(name);
        string draft = path + ".new";
        System.IO.File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        using (var stream = new FileStream(draft, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(draft, path, overwrite);
    }

    /// <summary>256 random bits that fit in a URL or a header.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
