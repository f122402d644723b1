using FollowUp.Data.Bulk;

namespace FollowUp.Workflows.Contracts;

/// <summary>Which command on many sessions: the whole input of its orchestration.</summary>
public sealed record BulkRef(string Clinic, string Bulk)
{
    public static BulkRef Of(BulkKey key) => new(key.Clinic, key.Id);
}

/// <summary>How far a command on many sessions is: counts alone. Also the custom status of its orchestration.</summary>
/// <param name="Total">How many sessions it is about.</param>
/// <param name="Done">How many it has changed.</param>
/// <param name="Unchanged">For how many there was nothing to do.</param>
/// <param name="Refused">How many it was refused for.</param>
/// <param name="IsOver">Whether nothing is left to do.</param>
public sealed record BulkProgress(int Total, int Done, int Unchanged, int Refused, bool IsOver)
{
    internal static BulkProgress Of(BulkBatch batch) => batch.Bulk is { } bulk
        ? new BulkProgress(bulk.Total, bulk.Done, bulk.Unchanged, bulk.Refused, batch.IsOver)
        : new BulkProgress(0, 0, 0, 0, IsOver: true);
}
