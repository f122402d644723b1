using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Data;

/// <summary>Where the store is. Settings <c>Database:Provider</c> and <c>Database:ConnectionString</c>.</summary>
public sealed record DatabaseOptions
{
    public const string Sqlite = "Sqlite";

    /// <summary>The kind of database; <c>Sqlite</c> is the one there is.</summary>
    public string Provider { get; init; } = Sqlite;

    public required string ConnectionString { get; init; }

    /// <summary>Reads the settings. Without a connection string the store is <c>followup.db</c> in <c>FollowUp:DataDirectory</c> (default <c>.followup</c>), which is created.</summary>
    /// <exception cref="InvalidOperationException">The provider is unknown; the message names the setting.</exception>
    public static DatabaseOptions From(IConfiguration configuration)
    {
        var provider = configuration["Database:Provider"] is { Length: > 0 } text ? text : Sqlite;
        if (!string.Equals(provider, Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The setting Database:Provider is '{provider}'; the only provider is {Sqlite}.");
        }

        return new DatabaseOptions
        {
            ConnectionString = configuration["Database:ConnectionString"] is { Length: > 0 } connection ? connection : InDataDirectory(configuration),
        };
    }

    private static string InDataDirectory(IConfiguration configuration)
    {
        var directory = Path.GetFullPath(configuration["FollowUp:DataDirectory"] is { Length: > 0 } text ? text : ".followup");
        if (!Directory.Exists(directory))
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        return new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "followup.db") }.ToString();
    }
}
