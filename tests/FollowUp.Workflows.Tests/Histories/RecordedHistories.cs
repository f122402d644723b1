using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FollowUp.EmbeddedHost.Engine;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FollowUp.Workflows.Tests;

/// <summary>The histories in this folder, and the orchestrators of this release that must go on with them.</summary>
internal static class RecordedHistories
{
    /// <summary>The version under which orchestrations start: <c>defaultVersion</c> in host.json.</summary>
    public static string Version { get; } = (string)JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "host.json")))!["extensions"]!["durableTask"]!["defaultVersion"]!;

    public static string Folder => Path.Combine(Root, "tests/FollowUp.Workflows.Tests/Histories");

    /// <summary>Every orchestrator of the app, by name.</summary>
    public static IReadOnlyDictionary<string, MethodInfo> Orchestrators { get; } = typeof(SessionFollowUp).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.GetParameters() is [var first, ..] && first.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null)
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

    private static string Root => Path.GetFullPath(Path.Combine(SourceFolder(), "../../.."));

    public static TaskRegistry Registry()
    {
        var registry = new TaskRegistry();
        foreach (var (name, run) in Orchestrators)
        {
            registry.AddOrchestrator(name, async context =>
            {
                await run.CreateDelegate<Func<TaskOrchestrationContext, Task>>()(context);
                return null;
            });
        }

        return registry;
    }

    /// <summary>The recorded files, relative to <see cref="Folder"/>.</summary>
    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);

    public static RecordedHistory Read(string file) => RecordedHistory.Parse(File.ReadAllText(Path.Combine(Folder, file)));

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
