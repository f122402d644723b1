namespace FollowUp.Cli.Stores;

/// <summary>Whoever sits at the machine, for the audit.</summary>
internal static class Operator
{
    public static string Name => $"cli:{Environment.UserName}";
}
