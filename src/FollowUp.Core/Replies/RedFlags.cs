using FollowUp.Core.Sending;

namespace FollowUp.Core.Replies;

/// <summary>Finds words that may mean trouble. It never judges: a denied symptom is found like any other.</summary>
internal static class RedFlags
{
    private static readonly string[][] Rows = [.. Table.Read("Replies/red-flags")];

    private static readonly (string Language, WordPattern Pattern)[] Flags =
        [.. Rows.Where(row => row[1] == "flag").Select(row => (row[0], WordPattern.Parse(row[2])))];

    private static readonly WordPattern[] Everyday = [.. Rows.Where(row => row[1] == "not").Select(row => WordPattern.Parse(row[2]))];

    /// <summary>The language of the first such words; null when there are none.</summary>
    public static string? Find(IEnumerable<Sentence> sentences)
    {
        IReadOnlyList<string>[] words = [.. sentences.Select(sentence => WithoutEveryday(sentence.Words))];
        return Flags.FirstOrDefault(flag => words.Any(sentence => flag.Pattern.IsPart(sentence, typos: true))).Language;
    }

    /// <summary>Without what people say every day, which would have staff woken by "I can't wait to see you".</summary>
    private static IReadOnlyList<string> WithoutEveryday(IReadOnlyList<string> words) =>
        Everyday.Aggregate(words, (left, pattern) => pattern.TakenOut(left));
}
