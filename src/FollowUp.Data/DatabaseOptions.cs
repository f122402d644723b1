using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace FollowUp.Data;

/// <summary>Where the store is. Settings <c>Database:Provider</c>, <c>Database:ConnectionString</c> and <c>Database:ManagedIdentity</c>.</summary>
public sealed record DatabaseOptions
{
    public const string Sqlite = "Sqlite";
    public const string PostgreSql = "PostgreSql";

    /// <summary>The SQLite file in the data directory, where no connection string names another.</summary>
    public const string FileName = "followup.db";

    /// <summary><see cref="Sqlite"/> or <see cref="PostgreSql"/>.</summary>
    public string Provider { get; init; } = Sqlite;

    public required string ConnectionString { get; init; }

    /// <summary>
    /// PostgreSQL in Azure: the client id of the user-assigned identity that the app signs in as, empty for the system-assigned one; null to sign
    /// in with what the connection string says.
    /// </summary>
    public string? ManagedIdentity { get; init; }

    /// <summary>The provider alone: a connection string may hold a password.</summary>
    public override string ToString() => Provider;

    /// <summary>
    /// Reads the settings. Without any the store is <c>followup.db</c> in <c>FollowUp:DataDirectory</c> (default <c>.followup</c>), which is
    /// created. <c>Database:ManagedIdentity</c> is a client id, or <c>system</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is wrong or missing; the message names it, and holds no connection string.</exception>
    public static DatabaseOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var provider = configuration["Database:Provider"] is { Length: > 0 } text ? text : Sqlite;
        var connection = configuration["Database:ConnectionString"] is { Length: > 0 } given ? given : null;
        if (string.Equals(provider, Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            return new DatabaseOptions { ConnectionString = connection ?? InDataDirectory(configuration) };
        }

        if (!string.Equals(provider, PostgreSql, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The setting Database:Provider is '{provider}'; it must be {Sqlite} or {PostgreSql}.");
        }

        return new DatabaseOptions
        {
            Provider = PostgreSql,
            ConnectionString = Checked(connection ?? throw new InvalidOperationException(
                "The setting Database:ConnectionString is missing: with the provider PostgreSql it says where the server is, such as "
                + "'Host=localhost;Database=followup;Username=followup'.")),
            ManagedIdentity = configuration["Database:ManagedIdentity"] switch
            {
                null or "" => null,
                "system" => "",
                var client => client,
            },
        };
    }

    private static string Checked(string connection)
    {
        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(connection).Host is { Length: > 0 }
                ? connection
                : throw new InvalidOperationException("The setting Database:ConnectionString names no Host.");
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Its own message may repeat a part of the string.
            throw new InvalidOperationException("The setting Database:ConnectionString is not one of PostgreSQL, such as 'Host=localhost;Database=followup;Username=followup'.");
        }
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

        return new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, FileName) }.ToString();
    }
}
