using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>An orchestrator's code. It is run from the beginning at every step.</summary>
public delegate Task<object?> OrchestratorBody(TaskOrchestrationContext context);

/// <summary>An activity's code: JSON in, JSON out.</summary>
public delegate Task<string?> ActivityBody(ActivityInvocation invocation, CancellationToken cancellation);

/// <summary>One attempt at an activity.</summary>
/// <param name="Name">The name it was called by.</param>
/// <param name="InstanceId">The orchestration that called it.</param>
/// <param name="TaskId">Its sequence number in that orchestration. With the instance id it is the same when the attempt is repeated after a crash.</param>
/// <param name="Input">JSON, or null.</param>
public sealed record ActivityInvocation(string Name, string InstanceId, int TaskId, string? Input);

/// <summary>The orchestrators and activities of one host, by name (case ignored).</summary>
public sealed class TaskRegistry
{
    private readonly Dictionary<string, OrchestratorBody> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ActivityBody> _activities = new(StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<string> OrchestratorNames => _orchestrators.Keys;

    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void AddOrchestrator(string name, OrchestratorBody body) => Add(_orchestrators, "orchestrator", name, body);

    /// <inheritdoc cref="AddOrchestrator(string, OrchestratorBody)"/>
    public void AddOrchestrator<TInput, TOutput>(string name, Func<TaskOrchestrationContext, TInput, Task<TOutput>> body) =>
        AddOrchestrator(name, async context => await body(context, context.GetInput<TInput>()!));

    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void AddActivity(string name, ActivityBody body) => Add(_activities, "activity", name, body);

    /// <inheritdoc cref="AddActivity(string, ActivityBody)"/>
    public void AddActivity<TInput, TOutput>(string name, Func<ActivityInvocation, TInput, Task<TOutput>> body) =>
        AddActivity(name, async (invocation, _) =>
        {
            var input = (TInput)ActivityPayload.Deserialize(invocation.Input, typeof(TInput))!;
            return ActivityPayload.Serialize(await body(invocation, input).ConfigureAwait(false));
        });

    internal OrchestratorBody? FindOrchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    internal ActivityBody? FindActivity(string name) => _activities.GetValueOrDefault(name);

    private static void Add<T>(Dictionary<string, T> tasks, string kind, string name, T body)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(body);
        if (!tasks.TryAdd(name, body))
        {
            throw new ArgumentException($"An {kind} named '{name}' is registered already; names ignore case.", nameof(name));
        }
    }
}

/// <summary>The JSON rules of the real engine for what goes into an activity and comes out.</summary>
public static class ActivityPayload
{
    /// <summary>An absent input is the JSON <c>null</c>, so it is refused where the type has no null (an <c>int</c>, say).</summary>
    /// <exception cref="System.Text.Json.JsonException">The input is not of the type.</exception>
    public static object? Deserialize(string? input, Type type) => JsonDataConverter.Default.Deserialize(input ?? "null", type);

    /// <summary>A null output is no JSON at all.</summary>
    public static string? Serialize(object? output) => JsonDataConverter.Default.Serialize(output);
}
