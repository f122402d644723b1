using System.Globalization;
using FollowUp.Data;
using FollowUp.Data.Planning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FollowUp.Testing;

/// <summary>
/// The server that all tests share, and their databases on it: each a copy of one that has the schema. It is the server that the environment
/// variable <c>FOLLOWUP_POSTGRES</c> names with a connection string, or one that is made for this run. Without any, tests are skipped; in CI they fail.
/// </summary>
public sealed class PostgreSqlServers : IDisposable
{
    private const string Missing = "There is no PostgreSQL here: install it, or name a server in FOLLOWUP_POSTGRES.";
    private static readonly Lock s_lock = new();
    private static PostgreSqlServer? s_own;
    private static string? s_server;
    private static int s_databases;

    /// <summary>How a database is copied: since version 15 the quick way must be asked for.</summary>
    private static string s_copy = "";

    /// <summary>Marks the databases of this run: two runs may share a server.</summary>
    private static readonly string s_run = $"followup_test_{Environment.ProcessId}_{Environment.TickCount64 % 100_000}";

    private static string Template => s_run + "_template";

    /// <summary>A connection string for administration.</summary>
    public static string Server
    {
        get
        {
            lock (s_lock)
            {
                return s_server ??= Start();
            }
        }
    }

    /// <summary>Makes a database.</summary>
    /// <param name="empty">Without the schema.</param>
    /// <returns>Its connection string.</returns>
    public static string Make(bool empty)
    {
        var name = $"{s_run}_{Interlocked.Increment(ref s_databases).ToString(CultureInfo.InvariantCulture)}";
        Run(Server, $"CREATE DATABASE {name} TEMPLATE {(empty ? "template0" : Template)}{s_copy}");
        return In(Server, name);
    }

    public static void Drop(string connectionString) =>
        Run(Server, $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Fails the test in CI, and skips it elsewhere.</summary>
    public static void SkipWithout(object? server)
    {
        if (server is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Missing);
            Assert.Skip(Missing);
        }
    }

    public void Dispose()
    {
        lock (s_lock)
        {
            if (s_own is null && s_server is not null)
            {
                Drop(In(s_server, Template));
            }

            NpgsqlConnection.ClearAllPools();
            s_own?.Dispose();
            (s_own, s_server) = (null, null);
        }
    }

    private static string Start()
    {
        var server = Environment.GetEnvironmentVariable("FOLLOWUP_POSTGRES") is { Length: > 0 } given ? given : (s_own = PostgreSqlServer.TryStart())?.ConnectionString;
        SkipWithout(server);
        s_copy = Run(server!, "SHOW server_version_num") is string version && int.Parse(version, CultureInfo.InvariantCulture) >= 150_000 ? " STRATEGY file_copy" : "";
        Run(server!, $"CREATE DATABASE {Template} TEMPLATE template0");
        Upgrade(In(server!, Template));
        return server!;
    }

    /// <summary>As the app does at its start.</summary>
    private static void Upgrade(string connectionString)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(TestDatabase.SettingsOf(connectionString)).Build();
        using var services = new ServiceCollection().AddSingleton(new SendRules(true)).AddFollowUpData(configuration).BuildServiceProvider();
        foreach (var service in services.GetServices<IHostedService>())
        {
            service.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private static string In(string server, string database) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;

    private static object? Run(string server, string sql)
    {
        using var connection = new NpgsqlConnection(server);
        connection.Open();
#pragma warning disable CA2100 // A test's own text.
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
