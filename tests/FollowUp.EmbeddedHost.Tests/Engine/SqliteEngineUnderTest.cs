using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.EmbeddedHost.Tests.Engine.Suite;
using Microsoft.Extensions.Logging;

namespace FollowUp.EmbeddedHost.Tests.Engine;

/// <summary>The engine on a SQLite file in a temporary folder of its own.</summary>
public sealed class SqliteEngineUnderTest(EngineSetup setup) : EngineUnderTest(setup)
{
    private readonly string root = Directory.CreateTempSubdirectory("followup-engine-").FullName;
    private int lives;

    /// <summary>The database file that the engine has now, or will open next.</summary>
    public string DatabasePath => Path.Combine(root, $"life-{lives}", "engine.db");

    /// <inheritdoc/>
    protected override DurableEngine Open(EngineSetup setup, TaskRegistry registry, HostClock clock, ILoggerFactory loggers)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DatabasePath)!);
        var options = new EngineOptions
        {
            Path = DatabasePath,
            DefaultVersion = setup.DefaultVersion ?? "",
            VersionMatchStrategy = setup.MatchStrategy,
            VersionFailureStrategy = setup.MismatchStrategy,
        };
        if (setup.MaxConcurrentOrchestrators is { } orchestrators)
        {
            options = options with { MaxConcurrentOrchestrators = orchestrators };
        }

        if (setup.MaxConcurrentActivities is { } activities)
        {
            options = options with { MaxConcurrentActivities = activities };
        }

        return new DurableEngine(options, registry, clock, loggers);
    }

    /// <summary>
    /// Copies the database and then its log, which is what a disk holds after a power cut: a commit is in the log before it is
    /// answered, and a torn one at its end does not count. (True as long as no checkpoint falls between the two copies; the files
    /// of these tests stay below the size at which SQLite makes one.) The next engine opens the copy.
    /// </summary>
    protected override void LeaveWhatAPowerCutLeaves()
    {
        string database = DatabasePath;
        lives++;
        Directory.CreateDirectory(Path.GetDirectoryName(DatabasePath)!);
        foreach (var part in new[] { "", "-wal" })
        {
            if (File.Exists(database + part))
            {
                File.Copy(database + part, DatabasePath + part);
            }
        }
    }

    /// <inheritdoc/>
    protected override void DeleteStore() => Directory.Delete(root, recursive: true);
}
