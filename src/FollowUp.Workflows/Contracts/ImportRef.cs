namespace FollowUp.Workflows.Contracts;

/// <summary>Which file of bookings: the whole input of its orchestration.</summary>
public sealed record ImportRef(string Clinic, string Import);

/// <summary>How far an import is: what its activity answers, and its orchestration's custom status. Counts alone.</summary>
/// <param name="Done">Lines that have come to their end.</param>
/// <param name="Total">All lines.</param>
/// <param name="IsOver">Nothing is left to book.</param>
public sealed record ImportCounts(int Done, int Total, bool IsOver);
