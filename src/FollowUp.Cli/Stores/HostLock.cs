using FollowUp.Cli.Commands;
using FollowUp.EmbeddedHost.Functions.Settings;

namespace FollowUp.Cli.Stores;

/// <summary>Keeps hosts away from a data directory while a command works on it.</summary>
internal static class HostLock
{
    /// <summary>As <see cref="Take(string, string)"/>; a store on a server can do without a data directory.</summary>
    public static IDisposable? Take(StoreAccess store, string command) =>
        store.File is null && !Directory.Exists(store.DataDirectory) ? null : Take(store.DataDirectory, command);

    /// <param name="dataDirectory">Where.</param>
    /// <param name="command">What is to be done, for the message.</param>
    /// <exception cref="CommandException">A host is running there.</exception>
    public static IDisposable Take(string dataDirectory, string command)
    {
        if (!Directory.Exists(dataDirectory))
        {
            PrivateFile.Folder(dataDirectory);
        }

        try
        {
            return HostEnvironment.Lock(dataDirectory);
        }
        catch (IOException)
        {
            throw new CommandException($"A host is running on {dataDirectory}. Stop it first (Ctrl+C in its window, or its service), then {command}.");
        }
    }
}
