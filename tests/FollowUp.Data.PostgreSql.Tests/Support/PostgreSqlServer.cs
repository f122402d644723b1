using System.Diagnostics;
using System.Globalization;
using Npgsql;

[assembly: Xunit.AssemblyFixture(typeof(FollowUp.Testing.PostgreSqlServers))]

namespace FollowUp.Testing;

/// <summary>
/// A PostgreSQL of the tests' own: a new cluster in a temporary directory, reached through a socket in it and by nothing else. It ends with the
/// process that has started it, however that ends.
/// </summary>
public sealed class PostgreSqlServer : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _programs;
    private readonly string _directory;
    private Process? _process;

    private PostgreSqlServer(string programs)
    {
        _programs = programs;
        _directory = Directory.CreateTempSubdirectory("followup-postgres-").FullName;
        if (IsRoot)
        {
            // PostgreSQL refuses to run as root.
            Run("chown", "postgres", _directory);
        }

        // English order of texts, as many a server has it: what relies on the order of bytes must say so.
        List<string> order = Version(programs) >= 15 ? ["--locale-provider=icu", "--icu-locale=en"] : [];
        var (program, arguments) = AsPostgres(Path.Combine(programs, "initdb"), ["-D", Data, "-U", "followup", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", .. order]);
        Run(program, arguments);
    }

    /// <summary>Of the database for administration.</summary>
    public string ConnectionString => $"Host={_directory};Username=followup;Database=postgres";

    private string Data => Path.Combine(_directory, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Makes a cluster and starts it.</summary>
    /// <returns>Null when this machine has no PostgreSQL.</returns>
    public static PostgreSqlServer? TryStart()
    {
        if (Programs() is not { } programs)
        {
            return null;
        }

        var server = new PostgreSqlServer(programs);
        server.Start();
        return server;
    }

    public void Start()
    {
        // The shell ends the server when its input does, which it does with this process. Without syncs, because nothing here is kept.
        var (program, arguments) = AsPostgres("/bin/sh",
        [
            "-c", """ "$@" & server=$!; read -r _; kill -INT $server; wait $server """, "sh", Path.Combine(_programs, "postgres"), "-D", Data, "-k", _directory,
            "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_connections=300",
            "-c", "shared_buffers=64MB", "-c", "log_destination=stderr", "-c", "logging_collector=off",
        ]);
        _process = Process.Start(Info(program, arguments, input: true))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Await();
    }

    /// <summary>Ends it at once, with whatever runs on it, as a failover does.</summary>
    public void Stop()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_directory, recursive: true);
    }

    private void Await()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                connection.Open();
                return;
            }
            catch (NpgsqlException) when (clock.Elapsed < s_patience && !_process!.HasExited)
            {
                Thread.Yield();
            }
        }
    }

    private static (string Program, string[] Arguments) AsPostgres(string program, string[] arguments) =>
        IsRoot ? ("runuser", ["-u", "postgres", "--", program, .. arguments]) : (program, arguments);

    /// <summary>The newest that is there: where Debian has it, or on the path.</summary>
    private static string? Programs()
    {
        const string Debian = "/usr/lib/postgresql";
        var folders = (Directory.Exists(Debian) ? Directory.GetDirectories(Debian).OrderByDescending(path => path.Length).ThenByDescending(path => path, StringComparer.Ordinal).Select(path => Path.Combine(path, "bin")) : [])
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static int Version(string programs)
    {
        var words = Run(Path.Combine(programs, "postgres"), "--version").Split(' ');
        return int.Parse(words.First(word => char.IsAsciiDigit(word[0])).Split('.')[0], CultureInfo.InvariantCulture);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(Info(program, arguments, input: false))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {error.Result}");
    }

    private static ProcessStartInfo Info(string program, string[] arguments, bool input) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = input, WorkingDirectory = "/" };
}
