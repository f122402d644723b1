using FollowUp.Data.Sessions.Commands;
using NodaTime;

namespace FollowUp.Data.Bulk;

/// <summary>Where a command on many sessions stands.</summary>
public enum BulkState
{
    Running,

    /// <summary>Each of its sessions has its outcome.</summary>
    Completed,

    /// <summary>Somebody has stopped it. What was done stays done, the rest is left as it is.</summary>
    Stopped,
}

/// <summary>What became of one session of it.</summary>
public enum BulkOutcome
{
    Waiting,
    Done,

    /// <summary>There was nothing to do.</summary>
    Unchanged,
    Refused,
}

/// <summary>A command on many sessions, and how far it is.</summary>
public sealed record BulkView
{
    public required string Clinic { get; init; }
    public required string Id { get; init; }
    public required SessionCommand Command { get; init; }

    /// <summary>What it was given for, as JSON. Of a search only that there was one.</summary>
    public required string Filter { get; init; }
    public required string Actor { get; init; }
    public required BulkState State { get; init; }

    /// <summary>How many sessions it is about. The filter was read once, when it was given.</summary>
    public required int Total { get; init; }
    public required int Done { get; init; }
    public required int Unchanged { get; init; }
    public required int Refused { get; init; }
    public required Instant CreatedAt { get; init; }
    public Instant? EndedAt { get; init; }

    /// <summary>Why sessions were refused, the most frequent reason first.</summary>
    public IReadOnlyList<RefusalCount> Reasons { get; init; } = [];

    /// <summary>The first hundred that were refused.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];
}

/// <summary>A session that a command on many was refused for.</summary>
/// <param name="Session">Its id.</param>
/// <param name="Reason">A sentence for staff.</param>
public sealed record Refusal(string Session, string Reason);

/// <summary>How often a reason was given.</summary>
/// <param name="Reason">A sentence for staff.</param>
/// <param name="Count">How many sessions.</param>
public sealed record RefusalCount(string Reason, int Count)
{
    /// <summary>The most frequent first.</summary>
    internal static IReadOnlyList<RefusalCount> Of(IEnumerable<KeyValuePair<string, int>> reasons) =>
    [
        .. reasons.OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal).Take(BulkCommandStore.Shown)
            .Select(reason => new RefusalCount(reason.Key, reason.Value)),
    ];
}

/// <summary>What a command on many sessions would do.</summary>
public sealed record BulkPreview
{
    /// <summary>How many sessions the filter selects.</summary>
    public required int Total { get; init; }

    /// <summary>
    /// How many of them were looked at, soonest due first; what follows is about these. All, but for commands that must know everything that
    /// decides about a text (send-now, retry, move-to-plan): of those as many as were asked for.
    /// </summary>
    public required int Checked { get; init; }

    /// <summary>The same for the same sessions: it says whether a filter still selects those that were looked at.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>How many it would change.</summary>
    public required int WouldChange { get; init; }

    /// <summary>For how many there is nothing to do.</summary>
    public required int Unchanged { get; init; }
    public required int Refused { get; init; }

    /// <summary>The first hundred that it would change.</summary>
    public required IReadOnlyList<BulkPreviewItem> Sessions { get; init; }
    public required IReadOnlyList<RefusalCount> Reasons { get; init; }

    /// <summary>The first hundred that it would be refused for.</summary>
    public required IReadOnlyList<Refusal> Refusals { get; init; }
}

/// <summary>A preview that somebody has seen before they give the command.</summary>
/// <param name="Id">What the command's id will be; made with the preview.</param>
/// <param name="Fingerprint">Of its sessions.</param>
public sealed record SeenPreview(string Id, string Fingerprint);

/// <summary>A session that a command would change.</summary>
/// <param name="Session">Its id.</param>
/// <param name="PatientId">Whose.</param>
/// <param name="FirstName">Whose, by name.</param>
public sealed record BulkPreviewItem(string Session, string PatientId, string FirstName)
{
    /// <summary>The ids alone.</summary>
    public override string ToString() => $"{Session} of {PatientId}";
}

/// <summary>What a batch has done.</summary>
/// <param name="Bulk">How far the command is now; null when there is none.</param>
/// <param name="Affected">Sessions whose orchestrations must look again.</param>
public sealed record BulkBatch(BulkView? Bulk, IReadOnlyList<ChangedSession> Affected)
{
    /// <summary>Whether nothing is left to do.</summary>
    public bool IsOver => Bulk is not { State: BulkState.Running };
}
