using FollowUp.Data;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Functions.Http;

namespace FollowUp.Functions.Sessions;

/// <summary>A filter of sessions, as the query of a list and the body of a command spell it.</summary>
internal static class SessionFilterFields
{
    public static string? Search(string text) => text.Length > SessionFilter.LongestSearch ? $"Must have {SessionFilter.LongestSearch} characters at most." : null;

    /// <summary>The filter of fields that have been checked.</summary>
    public static SessionFilter Of(IReadOnlyList<string> states, string? search, string? plan, string? step, string? dueBefore) => new()
    {
        States = states.Select(EnumText.Parse<SessionState>).ToHashSet(),
        Search = search,
        Plan = plan,
        Step = step,
        DueBefore = dueBefore is null ? null : FieldRules.ParseMoment(dueBefore),
    };
}
