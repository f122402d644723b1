namespace FollowUp.Dashboard.Pages.Problems;

/// <summary>What is wrong, in words for staff.</summary>
public sealed record PageProblem(int Status, string Title, string Detail);
