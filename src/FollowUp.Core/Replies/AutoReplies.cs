using FollowUp.Core.Sending;

namespace FollowUp.Core.Replies;

/// <summary>
/// Tells what a phone or a carrier answers by itself from what a patient writes. Strict, since nobody reads an automatic reply: every word has
/// to be of a known one, but for a few such as a name.
/// </summary>
internal static class AutoReplies
{
    /// <summary>Words of its own that an automatic reply may hold.</summary>
    private const int OwnWords = 2;

    private static readonly string[][] Rows = [.. Table.Read("Replies/auto-replies")];

    /// <summary>What only a machine says.</summary>
    private static readonly (string Language, WordPattern Pattern)[] Signs =
        [.. Rows.Where(row => row[1] == "sign").Select(row => (row[0], WordPattern.Parse(row[2])))];

    /// <summary>All that machines say, the longest first so that no shorter pattern leaves a piece of it.</summary>
    private static readonly WordPattern[] Boilerplate =
        [.. Rows.OrderByDescending(row => row[2].Split(' ').Length).Select(row => WordPattern.Parse(row[2]))];

    /// <summary>The text without what only a machine says and whatever usually goes with it; unchanged if there is no such thing.</summary>
    /// <returns>What is left, and the language; null for that when nothing was found.</returns>
    public static (IReadOnlyList<Sentence> Left, string? Language) TakeOut(IReadOnlyList<Sentence> sentences)
    {
        string? language = Signs.FirstOrDefault(sign => sentences.Any(sentence => !sentence.IsQuestion && sign.Pattern.IsPart(sentence.Words))).Language;
        return language is null ? (sentences, null) : ([.. sentences.Select(WithoutBoilerplate).Where(sentence => sentence.Words.Count > 0)], language);
    }

    /// <summary>Whether so little is left of an automatic reply that no human has written in it.</summary>
    public static bool IsAll(IReadOnlyList<Sentence> rest) => rest.Sum(sentence => sentence.Words.Count) <= OwnWords && !rest.Any(sentence => sentence.IsQuestion);

    private static Sentence WithoutBoilerplate(Sentence sentence)
    {
        IReadOnlyList<string> left = Boilerplate.Aggregate(sentence.Words, (words, pattern) => pattern.TakenOut(words));
        return sentence with { Words = [.. left.Where(word => word.Length > 0)] };
    }
}
