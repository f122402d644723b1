using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.EmbeddedHost.Engine.Replay;
using FollowUp.EmbeddedHost.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>What one instance has lived through in its present generation, as a file keeps it. Ids and instants; what the app puts into its orchestrations, and no more.</summary>
public sealed record RecordedHistory
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string InstanceId { get; init; }

    public required string Orchestrator { get; init; }

    /// <summary>The orchestration's version; empty when it was started without one.</summary>
    public required string Version { get; init; }

    public required OrchestrationRuntimeStatus Status { get; init; }

    /// <summary>How many events it has.</summary>
    [JsonIgnore]
    public int Length => Events.Count;

    [JsonInclude]
    internal IReadOnlyList<HistoryEvent> Events { get; init; } = [];

    /// <exception cref="InvalidDataException">The text is not a recorded history; the message says what is wrong.</exception>
    public static RecordedHistory Parse(string json)
    {
        try
        {
            RecordedHistory history = JsonSerializer.Deserialize<RecordedHistory>(json, s_json) ?? throw new JsonException("It is null.");
            return history.Events is [{ Kind: HistoryEventKind.ExecutionStarted }, ..]
                ? history
                : throw new JsonException($"Its events do not begin with {nameof(HistoryEventKind.ExecutionStarted)}.");
        }
        catch (JsonException cause)
        {
            throw new InvalidDataException($"This is not a recorded history: {cause.Message}", cause);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    internal static RecordedHistory Of(InstanceRow row, IReadOnlyList<HistoryEvent> events) => new()
    {
        InstanceId = row.Id,
        Orchestrator = row.Name,
        Version = row.Version,
        Status = row.Status,
        Events = [.. events.Select(WithoutStackTraces)],
    };

    // They name the folders of the machine that the app was built on, and no replay looks at them.
    private static HistoryEvent WithoutStackTraces(HistoryEvent e) => e with { Failure = WithoutStackTraces(e.Failure) };

    private static TaskFailureDetails? WithoutStackTraces(TaskFailureDetails? failure) =>
        failure is null ? null : failure with { StackTrace = null, InnerFailure = WithoutStackTraces(failure.InnerFailure) };
}
