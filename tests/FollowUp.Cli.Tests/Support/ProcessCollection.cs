namespace FollowUp.Cli.Tests.Support;

/// <summary>Tests that start processes run alone, one after the other: each wants the machine for itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
