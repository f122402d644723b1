using FollowUp.Cli.Commands;
using FollowUp.Data;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Cli.Stores;

/// <summary>The store that a host started here would use, for commands that work on it.</summary>
internal sealed class StoreAccess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoreAccess(ServiceProvider services, string dataDirectory, string? file) =>
        (_services, DataDirectory, File) = (services, dataDirectory, file);

    public string DataDirectory { get; }

    /// <summary>The SQLite file; null for a database on a server.</summary>
    public string? File { get; }

    public TimeProvider Clock => Get<TimeProvider>();

    /// <param name="directory">The data directory; null for the one that the settings name.</param>
    /// <param name="mustExist">A mistyped directory must not become a new, empty one that nobody looks into.</param>
    /// <param name="settings">More settings, as <c>--name value</c>.</param>
    /// <exception cref="CommandException">No app has ever stored anything there, or a setting is wrong.</exception>
    public static StoreAccess Open(DirectoryInfo? directory, bool mustExist = true, params IReadOnlyList<string> settings)
    {
        IConfiguration configuration = Settings(directory, settings);
        string data = HostEnvironment.DataDirectory(configuration);
        string? file = FileOf(configuration, data);
        if (mustExist && file is not null && !System.IO.File.Exists(file))
        {
            throw new CommandException($"There is no store {file}. Start the app there once, or name its data directory with --data.");
        }

        ServiceProvider services = new ServiceCollection()
            .AddSingleton<TimeProvider>(new StandingClock(HostEnvironment.Now(data)))
            .AddFollowUpData(configuration)
            .BuildServiceProvider();
        try
        {
            services.GetRequiredService<DatabaseOptions>();
        }
        catch (InvalidOperationException wrong)
        {
            services.Dispose();
            throw new CommandException(wrong.Message);
        }

        return new StoreAccess(services, data, file);
    }

    /// <summary>A SQLite file of a command's own, which nobody else uses: when it is closed nothing of it is left in memory or beside it.</summary>
    public static StoreAccess OpenFile(string dataDirectory, string file) => Open(
        new DirectoryInfo(dataDirectory), mustExist: false,
        "--Database:Provider", DatabaseOptions.Sqlite, "--Database:ConnectionString", new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());

    public static IConfiguration Settings(DirectoryInfo? directory, IReadOnlyList<string> settings) =>
        HostEnvironment.Settings([.. directory is null ? Array.Empty<string>() : ["--FollowUp:DataDirectory", directory.FullName], .. settings]);

    /// <summary>The SQLite file that the settings name; null when they name a server.</summary>
    public static string? FileOf(IConfiguration settings, string dataDirectory) =>
        settings["Database:Provider"] is { Length: > 0 } provider && !string.Equals(provider, DatabaseOptions.Sqlite, StringComparison.OrdinalIgnoreCase) ? null
        : settings["Database:ConnectionString"] is { Length: > 0 } connection ? Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource)
        : Path.Combine(dataDirectory, DatabaseOptions.FileName);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>A command's clock does not move: all that it writes is of one moment.</summary>
    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
