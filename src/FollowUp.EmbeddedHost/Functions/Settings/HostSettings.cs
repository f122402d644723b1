using FollowUp.EmbeddedHost.Clock;
using FollowUp.TwilioEmulator;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>
/// Everything that the host knows before it builds anything. Making it creates the data directory and the secrets in it, and
/// puts what it chose (the API key, the public address, the emulator's account) into the configuration for the app to find.
/// </summary>
internal sealed record HostSettings
{
    public const string ApiKeyFile = "api-key";
    public const string EngineFile = "engine.db";

    public required HostJson HostJson { get; init; }

    public required ListeningAddresses Addresses { get; init; }

    public required DataDirectory Data { get; init; }

    public required HostClock Clock { get; init; }

    /// <summary>Keeps a simulated clock still until the host is up: before that, nobody knows what is due.</summary>
    public required IDisposable StartupHold { get; init; }

    /// <summary>What the operator is told about the clock.</summary>
    public required string ClockDescription { get; init; }

    /// <summary>The emulator to run in this process, or null.</summary>
    public required EmulatorOptions? Emulator { get; init; }

    /// <summary>The root API key when it was made just now; null when it was set or made before.</summary>
    public required string? NewApiKey { get; init; }

    /// <summary>Whether the key comes from the data directory rather than from the settings.</summary>
    public required bool ApiKeyIsKept { get; init; }

    /// <exception cref="HostStartException">A setting is refused; the message says which and why.</exception>
    public static HostSettings Resolve(IConfigurationManager configuration, string appFolder, Func<string, DateTimeOffset?> readClock)
    {
        // Whatever can be refused is, before the first file is made.
        HostJson hostJson = HostJson.Read(appFolder, configuration);
        ListeningAddresses addresses = ListeningAddresses.Parse(configuration["urls"]);
        bool twilioIsLocal = TwilioSettings.IsLocal(configuration);
        string? directory = configuration["FollowUp:DataDirectory"];
        string engine = Path.Combine(Path.GetFullPath(string.IsNullOrWhiteSpace(directory) ? DataDirectory.Default : directory), EngineFile);
        RefuseIfInUse(engine);
        HostClock clock = ClockSettings.Create(configuration, File.Exists(engine) ? readClock(engine) : null, twilioIsLocal);
        IDisposable startup = clock.Hold();
        clock.Exit(); // the hold that it came with: from here on the one above stands for it

        var data = new DataDirectory(directory);
        var chosen = new Dictionary<string, string?> { ["FollowUp:DataDirectory"] = data.FullPath, ["urls"] = string.Join(';', addresses.Urls) };
        string publicUrl = configuration["FollowUp:PublicUrl"] is { Length: > 0 } set ? set.TrimEnd('/') : addresses.Local;
        chosen["FollowUp:PublicUrl"] = publicUrl;

        (string Text, bool Made)? key = null;
        if (string.IsNullOrEmpty(configuration["FollowUp:ApiKey"]))
        {
            key = data.ReadOrMake(ApiKeyFile, DataDirectory.NewSecret);
            chosen["FollowUp:ApiKey"] = key.Value.Text;
        }

        EmulatorOptions? emulator = null;
        if (TwilioSettings.UsesEmulator(configuration))
        {
            emulator = TwilioSettings.Emulator(data, publicUrl) with { HoldClock = clock.Hold };
            foreach ((string name, string? value) in TwilioSettings.For(emulator, addresses.Local))
            {
                chosen[name] = value;
            }
        }

        configuration.AddInMemoryCollection(chosen);
        return new HostSettings
        {
            HostJson = hostJson,
            Addresses = addresses,
            Data = data,
            Clock = clock,
            StartupHold = startup,
            ClockDescription = ClockSettings.Describe(clock, configuration),
            Emulator = emulator,
            NewApiKey = key is { Made: true } made ? made.Text : null,
            ApiKeyIsKept = key is not null,
        };
    }

    // The engine's own lock is what counts; this look at it comes before anything else of the other host's is touched, so that
    // the operator reads the plain reason.
    private static void RefuseIfInUse(string engine)
    {
        string path = engine + ".lock";
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
        }
        catch (IOException cause)
        {
            throw new HostStartException($"Another host is running on {Path.GetDirectoryName(engine)}. Stop it, or set another FollowUp:DataDirectory.", cause);
        }
    }
}
