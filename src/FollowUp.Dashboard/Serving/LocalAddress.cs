namespace FollowUp.Dashboard.Serving;

/// <summary>Where somebody may be sent after signing in: to a page of the dashboard, and nowhere else.</summary>
internal static class LocalAddress
{
    public const string Home = "/dashboard";

    /// <summary>The address if it is one of the dashboard's, or else its first page.</summary>
    public static string OrHome(string? address) => IsOurs(address) ? address! : Home;

    private static bool IsOurs(string? address) =>
        address is { Length: < 1000 }
        && address.StartsWith(Home, StringComparison.Ordinal)
        && (address.Length == Home.Length || address[Home.Length] is '/' or '?')
        && address.All(character => character is > ' ' and <= '~' and not '\\')
        && !address.Contains("//", StringComparison.Ordinal)
        && !address.Contains("..", StringComparison.Ordinal);
}
