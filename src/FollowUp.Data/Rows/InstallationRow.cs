namespace FollowUp.Data.Rows;

/// <summary>Something that the installation keeps for itself.</summary>
internal sealed class InstallationRow
{
    public required string Name { get; init; }
    public required string Value { get; init; }
}
