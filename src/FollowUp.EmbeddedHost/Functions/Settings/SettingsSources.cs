using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>
/// Where settings come from, the last one winning: appsettings.json, the environment (with <c>__</c> for <c>:</c>),
/// local.settings.json for what the environment leaves unset or empty, the command line.
/// </summary>
internal static class SettingsSources
{
    private const string LocalSettings = "local.settings.json";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <param name="configuration">What the settings are added to.</param>
    /// <param name="args">The command line, as <c>--name value</c> or <c>--name=value</c>.</param>
    /// <param name="appFolder">The folder of the app, with host.json and appsettings.json.</param>
    /// <param name="workingFolder">Where local.settings.json is looked for first; the app's folder comes second.</param>
    /// <param name="environment">The name of the environment, for appsettings.ENVIRONMENT.json.</param>
    public static void Add(IConfigurationManager configuration, string[] args, string appFolder, string workingFolder, string environment)
    {
        foreach (string file in new[] { "appsettings.json", $"appsettings.{environment}.json" })
        {
            configuration.AddJsonFile(Path.Combine(appFolder, file), optional: true, reloadOnChange: false);
        }

        configuration.AddEnvironmentVariables();
        IConfigurationRoot fromEnvironment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        string? path = new[] { workingFolder, appFolder }.Select(folder => Path.Combine(folder, LocalSettings)).FirstOrDefault(File.Exists);
        if (path is not null)
        {
            configuration.AddInMemoryCollection(Read(path).Where(entry => string.IsNullOrEmpty(fromEnvironment[entry.Key])));
        }

        configuration.AddCommandLine(args);
    }

    /// <summary>The <c>Values</c> and <c>ConnectionStrings</c> of a local.settings.json.</summary>
    /// <exception cref="HostStartException">The file cannot be read, or is encrypted.</exception>
    private static List<KeyValuePair<string, string?>> Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            if (document.RootElement.TryGetProperty("IsEncrypted", out JsonElement encrypted) && encrypted.ValueKind == JsonValueKind.True)
            {
                throw new HostStartException($"{path} is encrypted; the embedded host reads plain settings. Decrypt it with `func settings decrypt`.");
            }

            return [.. Entries(document.RootElement, "Values", ""), .. Entries(document.RootElement, "ConnectionStrings", "ConnectionStrings:")];
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new HostStartException($"{path} cannot be read: {cause.Message}", cause);
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Entries(JsonElement root, string section, string prefix)
    {
        if (!root.TryGetProperty(section, out JsonElement values))
        {
            yield break;
        }

        foreach (JsonProperty value in values.EnumerateObject())
        {
            yield return new(prefix + value.Name.Replace("__", ":", StringComparison.Ordinal), value.Value.ToString());
        }
    }
}
