using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FollowUp.Infra.Tests;

/// <summary>The real Bicep compiler.</summary>
internal static class Bicep
{
    /// <summary>The secrets that a foreseen deployment is given.</summary>
    public const string Secret = "a-secret-that-must-not-be-seen";

    private static readonly ConcurrentDictionary<(string, bool, string), Lazy<string>> s_snapshots = new();

    /// <summary>Compiles a file; the test fails on any error or warning, that of an unknown resource property included.</summary>
    public static JsonNode Build(string file)
    {
        var (output, errors) = Run("build", Repository.PathOf("infra", file), "--stdout");
        Assert.Equal("", errors);
        return JsonNode.Parse(output)!;
    }

    /// <summary>What the linter says, with the rules of infra/bicepconfig.json.</summary>
    public static string Lint(string file) => Run("lint", Repository.PathOf("infra", file)).Errors;

    /// <summary>The file in the canonical format.</summary>
    public static string Format(string file) => Run("format", file, "--stdout").Output;

    /// <summary>
    /// The resources that a deployment with these parameters would make, with everything evaluated that can be before there is anything in Azure.
    /// </summary>
    public static IReadOnlyList<JsonNode> Predict(string size, bool privateNetworking = false, string store = "azureManaged")
    {
        var snapshot = s_snapshots.GetOrAdd((size, privateNetworking, store), key => new Lazy<string>(() => Snapshot(key))).Value;
        return [.. JsonNode.Parse(snapshot)!["predictedResources"]!.AsArray().Select(resource => resource!)];
    }

    private static string Snapshot((string Size, bool PrivateNetworking, string Store) key)
    {
        // In a folder of its own because parameters may name a template by a relative path only, and tests run at once.
        var folder = Directory.CreateTempSubdirectory("followup-infra-");
        try
        {
            CopyInfra(Path.Combine(folder.FullName, "infra"));
            var parameters = Path.Combine(folder.FullName, "test.bicepparam");
            File.WriteAllText(parameters, $"""
                using 'infra/everything.bicep'
                param environmentName = 'test'
                param location = 'westeurope'
                param schedulerLocation = 'northeurope'
                param size = '{key.Size}'
                param orchestrationStore = '{key.Store}'
                param privateNetworking = {(key.PrivateNetworking ? "true" : "false")}
                param networkAddressPrefix = '10.42.0.0/16'
                param alertEmail = 'operators@clinic.example'
                param twilioAccountSid = 'AC00000000000000000000000000000000'
                param twilioMessagingServiceSid = 'MG00000000000000000000000000000000'
                param twilioFrom = '+14155550100'
                param twilioAuthToken = '{Secret}'
                param rootApiKey = '{Secret}'
                param publicUrl = ''
                param databaseAdministratorObjectId = '00000000-0000-0000-0000-000000000001'
                param databaseAdministratorName = 'operator@clinic.example'
                param databaseAdministratorType = 'User'
                param logRetentionDays = 30
                param vaultPurgeProtection = true
                param oldestDueMinutesThreshold = 10
                param failedSendsThreshold = 5
                param optedOutPercentThreshold = 3
                """);
            var (_, errors) = Run(
                "snapshot", parameters, "--mode", "overwrite", "--location", "westeurope",
                "--subscription-id", "00000000-0000-0000-0000-000000000000", "--resource-group", "rg-followup-test");
            Assert.Equal("", errors);
            var snapshot = File.ReadAllText(Path.Combine(folder.FullName, "test.snapshot.json"));
            Assert.Empty(JsonNode.Parse(snapshot)!["diagnostics"]!.AsArray());
            return snapshot;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void CopyInfra(string target)
    {
        foreach (var file in Repository.Files("infra", "*"))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Repository.PathOf("infra"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static (string Output, string Errors) Run(params string[] arguments)
    {
        var program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "BicepPath")?.Value;
        if (program is null || !File.Exists(program))
        {
            const string Missing = "The Bicep compiler is not here: its package is for Linux on x64.";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true" && OperatingSystem.IsLinux(), Missing);
            Assert.Skip(Missing);
        }

        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.GetAwaiter().GetResult().Trim());
    }
}

/// <summary>Ways through JSON.</summary>
internal static class Json
{
    /// <summary>The value at a dotted path, or null.</summary>
    public static JsonNode? At(this JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, (at, name) => at is JsonObject parent && parent.TryGetPropertyValue(name, out var value) ? value : null);

    public static string? Text(this JsonNode? node, string path) => node.At(path) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    public static string Type(this JsonNode resource) => resource.Text("type")!;

    public static JsonNode Only(this IEnumerable<JsonNode> resources, string type) => Assert.Single(resources, resource => resource.Type() == type);

    /// <summary>Every template in a template: itself, and those of its modules.</summary>
    public static IEnumerable<JsonNode> Templates(this JsonNode template)
    {
        yield return template;
        foreach (var nested in template.Resources().Where(resource => resource.Type() == "Microsoft.Resources/deployments").SelectMany(module => module["properties"]!["template"]!.Templates()))
        {
            yield return nested;
        }
    }

    /// <summary>The resources of a template, which has them in a list or by names.</summary>
    public static IEnumerable<JsonNode> Resources(this JsonNode template) => template["resources"] switch
    {
        JsonObject byName => byName.Select(resource => resource.Value!),
        JsonArray list => list.Select(resource => resource!),
        _ => [],
    };
}
