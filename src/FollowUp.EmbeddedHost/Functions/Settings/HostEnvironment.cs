using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>What the host would find where it is started, for programs that work on its data beside it.</summary>
public static class HostEnvironment
{
    /// <summary>The engine's file in a data directory.</summary>
    public const string EngineFile = HostSettings.EngineFile;

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

    /// <summary>The data directory that a host started here would have, in full.</summary>
    /// <exception cref="HostStartException">local.settings.json cannot be read.</exception>
    public static string DataDirectory() =>
        Path.GetFullPath(Settings()["FollowUp:DataDirectory"] is { Length: > 0 } named ? named : Functions.Settings.DataDirectory.Default);

    /// <summary>The instant that a data directory has reached: the present, unless a simulated clock has run ahead of it there.</summary>
    public static DateTimeOffset Now(string dataDirectory)
    {
        DateTimeOffset now = HostClock.Real.GetUtcNow();
        return EngineDatabase.ReadClock(Path.Combine(dataDirectory, HostSettings.EngineFile)) is { } reached && reached > now + s_setBack ? reached : now;
    }
}
