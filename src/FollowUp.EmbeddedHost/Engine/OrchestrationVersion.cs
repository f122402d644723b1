namespace FollowUp.EmbeddedHost.Engine;

/// <summary>Which orchestration versions this process runs.</summary>
public enum VersionMatchStrategy
{
    /// <summary>All of them.</summary>
    None,

    /// <summary>Only the engine's own.</summary>
    Strict,

    /// <summary>The engine's own and older ones.</summary>
    CurrentOrOlder,
}

/// <summary>What becomes of an instance whose version does not match.</summary>
public enum VersionFailureStrategy
{
    /// <summary>It waits, untouched, for a process that runs its version.</summary>
    Reject,

    /// <summary>It fails with the error VersionMismatch.</summary>
    Fail,
}

internal static class OrchestrationVersion
{
    /// <summary>
    /// Unversioned is older than any version; two that read as numbers compare as System.Version (1.9 &lt; 1.10),
    /// any others as text without case.
    /// </summary>
    public static int Compare(string? left, string? right) => (string.IsNullOrWhiteSpace(left), string.IsNullOrWhiteSpace(right)) switch
    {
        (true, true) => 0,
        (true, false) => -1,
        (false, true) => 1,
        _ when Version.TryParse(left, out Version? a) && Version.TryParse(right, out Version? b) => a.CompareTo(b),
        _ => string.Compare(left, right, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Why an instance of <paramref name="version"/> may not run here; null when it may.</summary>
    public static string? Mismatch(VersionMatchStrategy strategy, string version, string own) => strategy switch
    {
        VersionMatchStrategy.Strict when Compare(version, own) != 0 =>
            $"The orchestration version '{version}' does not match the worker version '{own}'.",
        VersionMatchStrategy.CurrentOrOlder when Compare(version, own) > 0 =>
            $"The orchestration version '{version}' is greater than the worker version '{own}'.",
        _ => null,
    };
}
