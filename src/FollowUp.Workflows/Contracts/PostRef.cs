namespace FollowUp.Workflows.Contracts;

/// <summary>Which post to a web address: the whole input of its orchestration.</summary>
public sealed record PostRef(string Id);
