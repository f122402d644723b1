using FollowUp.Core.Sending;

namespace FollowUp.Core.Replies;

/// <summary>Reads whether a member of staff says that they have an alert. In doubt they do not: an alert that is told once more does no harm.</summary>
public static class Acknowledgement
{
    private static readonly WordPattern[] Patterns = [.. Table.Read("Replies/acknowledgements").Select(row => WordPattern.Parse(row[1]))];

    /// <summary>Signs that say it by themselves, with the modifiers that telephones put behind them.</summary>
    private static readonly string[] Signs = ["\U0001F44D", "\U0001F44C", "\u2705", "\u2714"];

    /// <summary>Whether the whole text says so, and nothing else.</summary>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IReadOnlyList<Sentence> sentences = ReplyWords.Read(text);
        return sentences.Count == 0
            ? Array.Exists(Signs, sign => text.Trim().StartsWith(sign, StringComparison.Ordinal))
            : sentences.All(sentence => !sentence.IsQuestion && (IsOne(sentence.Words) || IsThanks(sentence.Words))) && sentences.Any(sentence => IsOne(sentence.Words));
    }

    private static bool IsOne(IReadOnlyList<string> words) => Array.Exists(Patterns, pattern => pattern.IsWhole(words));

    private static bool IsThanks(IReadOnlyList<string> words) => words is ["thanks" or "thank" or "thx" or "ty" or "gracias", ..] && words.Count <= 2;
}
