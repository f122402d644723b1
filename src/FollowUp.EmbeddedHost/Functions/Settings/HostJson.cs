using System.Globalization;
using System.Text.Json;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>
/// What the embedded host reads of host.json. Other keys are the real host's business: its storage provider, its log levels and telemetry,
/// and how much runs at once on one of its instances, which says nothing about a machine of one's own.
/// </summary>
internal sealed record HostJson
{
    public const string FileName = "host.json";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Put before every route; "api" unless set, and may be empty.</summary>
    public string RoutePrefix { get; private init; } = "api";

    /// <summary>How long a function may run; null is without limit. 30 minutes unless set, as on a dedicated plan.</summary>
    public TimeSpan? FunctionTimeout { get; private init; } = TimeSpan.FromMinutes(30);

    /// <summary>Headers of every answer that does not set them itself.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders { get; private init; } = new Dictionary<string, string>();

    /// <summary>The task hub's name, or null where host.json or the setting that it names leaves it open.</summary>
    public string? HubName { get; private init; }

    /// <summary>The version of orchestrations started without one, or null.</summary>
    public string? DefaultVersion { get; private init; }

    /// <summary>Which versions of orchestrations run here; the version and older ones unless set.</summary>
    public VersionMatchStrategy VersionMatch { get; private init; } = VersionMatchStrategy.CurrentOrOlder;

    /// <summary>What becomes of the others; they wait for a host that runs them unless set.</summary>
    public VersionFailureStrategy VersionFailure { get; private init; } = VersionFailureStrategy.Reject;

    /// <exception cref="HostStartException">There is no host.json, or it is malformed.</exception>
    public static HostJson Read(string folder, IConfiguration settings)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new HostStartException($"There is no {FileName} in {folder}. Without it the real host serves nothing either.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return Read(document.RootElement, settings);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or FormatException or IOException)
        {
            throw new HostStartException($"{path} cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>
    /// A source that is cancelled when a function that starts now has run too long. In real time, as a simulated clock stands
    /// still meanwhile.
    /// </summary>
    public CancellationTokenSource StartTimeout() => new(FunctionTimeout ?? Timeout.InfiniteTimeSpan);

    private static HostJson Read(JsonElement root, IConfiguration settings)
    {
        var json = new HostJson();
        JsonElement? extensions = Get(root, "extensions");
        JsonElement? http = Get(extensions, "http");
        JsonElement? durable = Get(extensions, "durableTask");
        return json with
        {
            RoutePrefix = Get(http, "routePrefix")?.GetString()?.Trim('/') ?? json.RoutePrefix,
            FunctionTimeout = Get(root, "functionTimeout")?.GetString() is { } timeout ? ParseTimeout(timeout) : json.FunctionTimeout,
            CustomHeaders = Get(http, "customHeaders")?.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString() ?? "")
                ?? json.CustomHeaders,
            HubName = Get(durable, "hubName")?.GetString() is { } hub ? SettingReference.Resolve(hub, settings) : null,
            DefaultVersion = Get(durable, "defaultVersion")?.GetString(),
            VersionMatch = Choice(durable, "versionMatchStrategy", json.VersionMatch),
            VersionFailure = Choice(durable, "versionFailureStrategy", json.VersionFailure),
        };
    }

    private static TimeSpan? ParseTimeout(string text)
    {
        if (text == "-1")
        {
            return null;
        }

        TimeSpan timeout = TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        return timeout >= TimeSpan.FromSeconds(1)
            ? timeout
            : throw new FormatException($"functionTimeout is '{text}'; the least is one second, and -1 is none.");
    }

    private static T Choice<T>(JsonElement? parent, string name, T otherwise) where T : struct, Enum => Get(parent, name)?.GetString() switch
    {
        null => otherwise,
        var text when Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) => value,
        var text => throw new FormatException($"{name} is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<T>())}."),
    };

    private static JsonElement? Get(JsonElement? parent, string name)
        => parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
