using FollowUp.Core.Sending;

namespace FollowUp.Core.Replies;

/// <summary>What patients' words mean, by the table <c>reply-phrases.csv</c>, whose head tells how its rows are read.</summary>
internal static class Phrases
{
    private static readonly Phrase[] All = [.. ReadAll()];

    /// <summary>The language in which some sentence says so; null when none does.</summary>
    /// <param name="sentences">The text.</param>
    /// <param name="kind">What it may say.</param>
    /// <param name="answers">Whether it may be an answer, which a word or a letter alone can be.</param>
    public static string? Find(IReadOnlyList<Sentence> sentences, ReplyKind kind, bool answers = false)
    {
        string? language = sentences.Select(sentence => FindIn(sentence.Words, kind, answers)).FirstOrDefault(language => language is not null);
        return language is null || Says([.. sentences.SelectMany(sentence => sentence.Words)], kind, Match.Never) is not null ? null : language;
    }

    /// <summary>Whether the text is one phrase of the kind and, politeness apart, nothing else.</summary>
    public static bool IsOnly(IReadOnlyList<Sentence> sentences, ReplyKind kind)
    {
        IReadOnlyList<string> words = ReplyWords.WithoutPoliteness([.. sentences.SelectMany(sentence => sentence.Words)]);
        return Array.Exists(All, phrase => phrase.Kind == kind && phrase.Match is not (Match.Not or Match.Never) && phrase.Pattern.IsWhole(words));
    }

    private static string? FindIn(IReadOnlyList<string> words, ReplyKind kind, bool answers)
    {
        if (Says(words, kind, Match.Surely) is { } language)
        {
            return language;
        }

        IReadOnlyList<string> bare = ReplyWords.WithoutPoliteness(words);
        Match[] matches = answers ? [Match.Whole, Match.Answer, Match.End, Match.Part] : [Match.Whole, Match.End, Match.Part];
        string? found = matches.Select(match => Says(words, kind, match) ?? Says(bare, kind, match))
            .FirstOrDefault(language => language is not null);
        return found is null || Says(words, kind, Match.Not) is not null ? null : found;
    }

    /// <summary>The language of the first such phrase that the words have; null for none.</summary>
    private static string? Says(IReadOnlyList<string> words, ReplyKind kind, Match match) => Array.Find(
        All,
        phrase => phrase.Kind == kind && phrase.Match == match && match switch
        {
            Match.Whole or Match.Answer => phrase.Pattern.IsWhole(words),
            Match.End => phrase.Pattern.IsEnd(words),
            _ => phrase.Pattern.IsPart(words),
        })?.Language;

    /// <summary>The phrases of the table, with its lists of words in place of their names.</summary>
    private static IEnumerable<Phrase> ReadAll()
    {
        Dictionary<string, string> lists = [];
        foreach (string[] row in Table.Read("Replies/reply-phrases"))
        {
            if (row[0] == "words")
            {
                lists.Add($"<{row[2]}>", row[3]);
            }
            else
            {
                yield return Phrase.Of(row, lists.Aggregate(row[3], (pattern, list) => pattern.Replace(list.Key, list.Value, StringComparison.Ordinal)));
            }
        }
    }

    /// <summary>What a row of the table says of its words: as the table's head tells.</summary>
    private enum Match
    {
        Whole,
        Answer,
        End,
        Part,
        Surely,
        Not,
        Never,
    }

    private sealed record Phrase(ReplyKind Kind, string Language, Match Match, WordPattern Pattern)
    {
        public static Phrase Of(string[] row, string pattern) => new(
            Enum.Parse<ReplyKind>(row[0].Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            row[1],
            Enum.Parse<Match>(row[2], ignoreCase: true),
            WordPattern.Parse(pattern));
    }
}
