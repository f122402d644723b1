using FollowUp.Cli.Commands;

namespace FollowUp.Cli.Stores;

/// <summary>
/// A file with patients' data and secrets in it: for its owner alone, and there whole or not at all. It is written under another name, which is
/// taken over when all of it is on the disk.
/// </summary>
internal sealed class PrivateFile : IAsyncDisposable
{
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    private readonly string _draft;
    private readonly FileStream _stream;
    private bool _finished;

    private PrivateFile(string path, string draft, FileStream stream) => (Path, _draft, _stream) = (path, draft, stream);

    public string Path { get; }

    public Stream Stream => _stream;

    /// <exception cref="CommandException">There is a file of this name.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static PrivateFile Create(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw new CommandException($"{path} is there already. Name a new file.");
        }

        // One that a run before has left behind, when it was killed, is written over.
        string draft = path + ".part";
        return new PrivateFile(path, draft, Write(draft));
    }

    /// <summary>Opens a file for its owner alone; whatever was in it is gone.</summary>
    public static FileStream Write(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return new FileStream(path, options);
    }

    /// <summary>An empty folder for its owner alone; what a run before has left in it is gone.</summary>
    public static string Folder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path).FullName : Directory.CreateDirectory(path, OwnerFolder).FullName;
    }

    /// <summary>All is written: from now on the file has its name.</summary>
    public async Task FinishAsync()
    {
        _stream.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
        File.Move(_draft, Path);
        _finished = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        if (!_finished)
        {
            File.Delete(_draft);
        }
    }
}
