namespace FollowUp.Workflows.Contracts;

/// <summary>Which clinic: the whole input of the orchestration that tells its staff.</summary>
public sealed record ClinicRef(string Clinic);
