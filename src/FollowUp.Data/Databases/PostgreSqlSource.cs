using Azure.Core;
using Azure.Identity;
using Npgsql;

namespace FollowUp.Data.Databases;

/// <summary>Makes connections to PostgreSQL: with the password of the connection string, or as the app's managed identity in Azure.</summary>
internal static class PostgreSqlSource
{
    /// <summary>What a token must be for that Azure Database for PostgreSQL takes as a password.</summary>
    private static readonly string[] s_scopes = ["https://ossrdbms-aad.database.windows.net/.default"];

    /// <summary>A token is good for an hour at least; Azure.Identity keeps it and gets a new one in time.</summary>
    private static readonly TimeSpan s_renewal = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    public static NpgsqlDataSource Make(DatabaseOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        builder.ConnectionStringBuilder.ApplicationName ??= "FollowUp";
        if (options.ManagedIdentity is { } client)
        {
            UseTokens(builder, new ManagedIdentityCredential(client.Length == 0 ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client)));
        }

        return builder.Build();
    }

    /// <summary>Tokens instead of a password.</summary>
    internal static void UseTokens(NpgsqlDataSourceBuilder builder, TokenCredential credential) => builder.UsePeriodicPasswordProvider(
        async (_, cancellation) => (await credential.GetTokenAsync(new TokenRequestContext(s_scopes), cancellation)).Token, s_renewal, s_retry);
}
