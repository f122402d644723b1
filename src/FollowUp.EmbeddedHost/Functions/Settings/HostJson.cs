using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>What the embedded host reads of host.json. Other keys are the real host's business.</summary>
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

    /// <summary>How many activities run at once, or null for the engine's own default.</summary>
    public int? MaxConcurrentActivities { get; private init; }

    /// <summary>How many orchestrators run at once, or null for the engine's own default.</summary>
    public int? MaxConcurrentOrchestrators { get; private init; }

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
            MaxConcurrentActivities = Get(durable, "maxConcurrentActivityFunctions")?.GetInt32(),
            MaxConcurrentOrchestrators = Get(durable, "maxConcurrentOrchestratorFunctions")?.GetInt32(),
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

    private static JsonElement? Get(JsonElement? parent, string name)
        => parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
