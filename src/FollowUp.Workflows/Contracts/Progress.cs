namespace FollowUp.Workflows.Contracts;

/// <summary>The custom status of a session's orchestration: what it waits for.</summary>
/// <param name="Next">The step; null when nothing is left.</param>
/// <param name="DueAt">When, UTC.</param>
public sealed record Progress(string? Next, DateTime? DueAt);
