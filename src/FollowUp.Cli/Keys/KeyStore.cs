using FollowUp.Cli.Commands;
using FollowUp.Data;
using FollowUp.Data.Keys;
using FollowUp.EmbeddedHost.Functions.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Cli.Keys;

/// <summary>The keys of a data directory. The app may be running on it: each change is one short transaction.</summary>
internal sealed class KeyStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private KeyStore(ServiceProvider services) => _services = services;

    public ApiKeyStore Keys => _services.GetRequiredService<ApiKeyStore>();

    public TimeProvider Clock => _services.GetRequiredService<TimeProvider>();

    /// <param name="directory">The data directory; null for the one that the settings name.</param>
    /// <exception cref="CommandException">No app has ever stored anything there.</exception>
    public static KeyStore Open(DirectoryInfo? directory)
    {
        IConfiguration settings = HostEnvironment.Settings(directory is null ? [] : ["--FollowUp:DataDirectory", directory.FullName]);
        string data = Path.GetFullPath(settings["FollowUp:DataDirectory"] is { Length: > 0 } named ? named : ".followup");

        // A mistyped directory must not become a new, empty one that nobody looks into. A server that is not there says so itself.
        bool isServer = string.Equals(settings["Database:Provider"], DatabaseOptions.PostgreSql, StringComparison.OrdinalIgnoreCase);
        if (!isServer && FileOf(settings, data) is var file && !File.Exists(file))
        {
            throw new CommandException($"There is no store {file}. Start the app there once, or name its data directory with --data.");
        }

        return new KeyStore(new ServiceCollection()
            .AddSingleton<TimeProvider>(new StandingClock(HostEnvironment.Now(data)))
            .AddFollowUpData(settings)
            .BuildServiceProvider());
    }

    private static string FileOf(IConfiguration settings, string data) => settings["Database:ConnectionString"] is { Length: > 0 } connection
        ? Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource)
        : Path.Combine(data, "followup.db");

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>A command is over before its clock would have moved.</summary>
    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
