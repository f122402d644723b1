using System.Text.Json;
using FollowUp.EmbeddedHost.Engine.Replay;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FollowUp.EmbeddedHost.Storage;

/// <summary>An instance as stored.</summary>
internal sealed record InstanceRow(long Key, string Id, int Generation, string Name, string Version, OrchestrationRuntimeStatus Status)
{
    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    /// <summary>Why the instance is no longer worked on; null for one that is.</summary>
    public string? SetAside { get; init; }

    public bool HasEnded => Status.HasEnded();
}

internal static class RuntimeStatuses
{
    /// <summary>Those of which nothing more comes.</summary>
    public static IReadOnlyList<OrchestrationRuntimeStatus> Ended { get; } = [.. Enum.GetValues<OrchestrationRuntimeStatus>().Where(HasEnded)];

    public static bool HasEnded(this OrchestrationRuntimeStatus status) => status
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>A message that waits to enter a history.</summary>
internal sealed record InboxRow(long Key, HistoryEvent Event);

/// <summary>A timer by its place in the order of firing.</summary>
internal readonly record struct TimerRow(long Due, long Instance, int TimerId, int Generation) : IComparable<TimerRow>
{
    public int CompareTo(TimerRow other) => (Due, Instance, TimerId, Generation).CompareTo((other.Due, other.Instance, other.TimerId, other.Generation));
}

/// <summary>An activity that is to run.</summary>
internal sealed record ActivityRow(long Key, long Instance, string InstanceId, int Generation, int TaskId, string Name, string? Input);

/// <summary>Reads rows, and writes what SQLite has no type for.</summary>
internal static class RowMapping
{
    public const string InstanceColumns =
        "key, id, generation, name, version, status, input, output, custom_status, failure, created_at, updated_at, set_aside";

    /// <summary>An instance's history, ?1 its key.</summary>
    public const string SelectHistory = "SELECT kind, at, task_id, name, version, data, fire_at, failure FROM history WHERE instance = ?1 ORDER BY seq";

    public static InstanceRow ReadInstance(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetString(4), (OrchestrationRuntimeStatus)row.GetInt32(5))
    {
        Input = Text(row, 6),
        Output = Text(row, 7),
        CustomStatus = Text(row, 8),
        Failure = ReadFailure(Text(row, 9)),
        CreatedAt = Instant(row.GetInt64(10)),
        UpdatedAt = Instant(row.GetInt64(11)),
        SetAside = Text(row, 12),
    };

    public static HistoryEvent ReadHistory(SqliteDataReader row)
    {
        var kind = (HistoryEventKind)row.GetInt32(0);
        if (!Enum.IsDefined(kind))
        {
            throw new InvalidDataException($"The history holds an event of the unknown kind {(int)kind}.");
        }

        return new HistoryEvent(kind)
        {
            Timestamp = Instant(row.GetInt64(1)),
            Id = row.GetInt32(2),
            Name = Text(row, 3),
            Version = Text(row, 4),
            Data = Text(row, 5),
            FireAt = row.IsDBNull(6) ? null : Instant(row.GetInt64(6)),
            Failure = ReadFailure(Text(row, 7)),
        };
    }

    public static InboxRow ReadInbox(SqliteDataReader row) => new(
        row.GetInt64(0),
        new HistoryEvent((HistoryEventKind)row.GetInt32(1)) { Name = Text(row, 2), Version = Text(row, 3), Data = Text(row, 4) });

    public static TimerRow ReadTimer(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3));

    public static ActivityRow ReadActivity(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4), row.GetString(5), Text(row, 6));

    public static string? WriteFailure(TaskFailureDetails? failure) => failure is null ? null : JsonSerializer.Serialize(failure);

    public static DateTime Instant(long ticks) => new(ticks, DateTimeKind.Utc);

    private static TaskFailureDetails? ReadFailure(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<TaskFailureDetails>(json);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
