using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>What the host would find where it is started, for programs that work on its data beside it.</summary>
public static class HostEnvironment
{
    private static readonly TimeSpan s_setBack = TimeSpan.FromDays(1);

    /// <summary>The settings that a host started here with this command line would have. Nothing is made or written.</summary>
    /// <param name="args">As <c>--name value</c>.</param>
    /// <exception cref="HostStartException">local.settings.json cannot be read.</exception>
    public static IConfiguration Settings(params string[] args)
    {
        var settings = new ConfigurationManager();
        SettingsSources.Add(settings, args, AppContext.BaseDirectory, Directory.GetCurrentDirectory(), "Production");
        return settings;
    }

    /// <summary>The data directory that settings name, in full.</summary>
    public static string DataDirectory(IConfiguration settings) =>
        Path.GetFullPath(settings["FollowUp:DataDirectory"] is { Length: > 0 } named ? named : Functions.Settings.DataDirectory.Default);

    /// <summary>The small files that the host makes for itself and reads at its next start: secrets, all of them.</summary>
    public static IReadOnlyList<string> SecretFiles { get; } = [HostSettings.ApiKeyFile, TwilioSettings.CredentialsFile];

    /// <summary>The name of the engine's database in a data directory.</summary>
    public const string EngineFileName = HostSettings.EngineFile;

    /// <summary>The engine's database in a data directory, whether it is there or not.</summary>
    public static string EngineFile(string dataDirectory) => Path.Combine(dataDirectory, HostSettings.EngineFile);

    /// <summary>Keeps hosts from starting on a data directory until the answer is disposed.</summary>
    /// <exception cref="IOException">One is running on it.</exception>
    public static IDisposable Lock(string dataDirectory) => EngineDatabase.TakeLock(EngineFile(dataDirectory));

    /// <summary>The instant that a data directory has reached: the present, unless a simulated clock has run ahead of it there.</summary>
    public static DateTimeOffset Now(string dataDirectory)
    {
        DateTimeOffset now = HostClock.Real.GetUtcNow();
        return EngineDatabase.ReadClock(EngineFile(dataDirectory)) is { } reached && reached > now + s_setBack ? reached : now;
    }
}
