namespace FollowUp.Workflows.Contracts;

/// <summary>What the orchestration of an address does next.</summary>
/// <param name="At">When it looks again, UTC by kind; null when it waits for news.</param>
/// <param name="IsOver">The clinic does not name the address any more.</param>
public sealed record FeedNext(DateTime? At, bool IsOver);
