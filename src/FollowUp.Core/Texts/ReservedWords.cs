using System.Text.RegularExpressions;

namespace FollowUp.Core.Texts;

/// <summary>
/// Words that Twilio answers by itself when they come as a whole message: they opt the patient out or in, or bring a stock help text, and
/// never reach the clinic as an answer. A text must not invite one.
/// </summary>
internal static partial class ReservedWords
{
    /// <summary>The first such word that the text invites: after a verb such as "reply", or in capitals, which read as a keyword. Null if none.</summary>
    public static string? FindInvitation(string text)
    {
        Match match = Invited().Match(text);
        match = match.Success ? match : Shouted().Match(text);
        return match.Success ? match.Groups["word"].Value : null;
    }

    /// <summary>The text without the sentence that offers STOP as the way out, which is the one such answer that may be invited.</summary>
    public static string WithoutOptOutLine(string text) => OptOutLine().Replace(text, "");

    private const string Words = "(?<word>STOPALL|STOP|UNSTOP|UNSUBSCRIBE|CANCEL|END|QUIT|REVOKE|OPTOUT|START|YES|HELP|INFO)";

    [GeneratedRegex(
        @"\b(?:reply|text|answer|send|respond|write|say|responde|responda|contesta|conteste|escribe|manda)\s+(?:us\s+|back\s+|with\s+|con\s+)*[""']?" + Words + @"\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Invited();

    [GeneratedRegex(@"[^.!?]*\bSTOP\b[^.!?]*\b(?:opt out|unsubscribe|no more texts|baja)\b[^.!?]*[.!?]?", RegexOptions.CultureInvariant)]
    private static partial Regex OptOutLine();

    [GeneratedRegex(@"\b" + Words + @"\b", RegexOptions.CultureInvariant)]
    private static partial Regex Shouted();
}
