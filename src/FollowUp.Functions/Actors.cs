namespace FollowUp.Functions;

/// <summary>Who is named in the audit.</summary>
internal static class Actors
{
    public const string Api = "api";
}
