using System.Text.Json.Nodes;
using FollowUp.Dashboard.Pages.Sessions;
using FollowUp.Data;
using NodaTime.Text;

namespace FollowUp.Dashboard.Words;

/// <summary>Which sessions a filter selects, in a sentence.</summary>
internal static class SearchWords
{
    private const string Open = "All sessions that have not ended";

    /// <summary>A filter as somebody gave it. What they searched for stands there: it is their own page.</summary>
    public static string Of(SessionSearch search) => Sentence(
    [
        search.Text is { } text ? $"found by \u201c{text}\u201d" : null,
        search.State is { } state ? $"in the state {Labels.Of(state).ToLowerInvariant()}" : null,
        search.Plan is { } plan ? $"on the plan {plan}" : null,
        search.Step is { } step ? $"whose next step is {step}" : null,
        search.DueBefore is { } date ? $"whose next text is due before {LocalDatePattern.Iso.Format(date)}" : null,
    ], search.State is not null);

    /// <summary>What of a filter was left out, and why.</summary>
    public static string NotUnderstood(SessionSearch search) => search.Unread.Contains("find", StringComparer.Ordinal)
        ? "The search has expired or is somebody else's: the list below is without it. Search once more."
        : $"Not understood, and left out of the list below: {string.Join(", ", search.Unread)}.";

    /// <summary>A filter as it is kept with a command: of a search it is only known that there was one.</summary>
    public static string OfKept(string json)
    {
        var kept = JsonNode.Parse(json)!.AsObject();
        string[] states = [.. (kept["state"]?.AsArray() ?? []).Select(state => (string)state!)];
        return Sentence(
        [
            (bool?)kept["searched"] == true ? "found by a search" : null,
            states.Length == 1 ? $"in the state {Labels.Plain(states[0]).ToLowerInvariant()}" : null,
            (string?)kept["plan"] is { } plan ? $"on the plan {plan}" : null,
            (string?)kept["step"] is { } step ? $"whose next step is {step}" : null,
            (string?)kept["dueBefore"] is { } before ? $"whose next text was due before {before}" : null,
        ], states.Length == 1);
    }

    private static string Sentence(IEnumerable<string?> parts, bool namesState)
    {
        var said = string.Join(", ", parts.OfType<string>());
        return $"{(namesState ? "All sessions" : Open)}{(said.Length == 0 ? "" : " " + said)}.";
    }
}
