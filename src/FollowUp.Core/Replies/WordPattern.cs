namespace FollowUp.Core.Replies;

/// <summary>
/// A pattern of words: <c>a|b</c> is either word, <c>?</c> behind the word lets it be missing, <c>*</c> at a word's end stands for any ending,
/// alone for any word. Matching takes time in proportion to the words of the text, times those of the pattern.
/// </summary>
internal sealed class WordPattern
{
    /// <summary>Words at least this long are still known with one letter wrong, if that is asked for.</summary>
    private const int LongEnoughForATypo = 6;

    /// <summary>Stands where words were taken out.</summary>
    private const string Gap = "";

    private static readonly HashSet<int> Nowhere = [];

    private readonly Slot[] slots;

    private WordPattern(Slot[] slots) => this.slots = slots;

    public static WordPattern Parse(string pattern) => new([.. pattern.Split(' ').Select(slot =>
        new Slot(slot.TrimEnd('?').Split('|'), slot.EndsWith('?')))]);

    /// <summary>Whether the words are the pattern and nothing else.</summary>
    public bool IsWhole(IReadOnlyList<string> words) => Ends(words, 0, typos: false).Contains(words.Count);

    /// <summary>Whether the words end with the pattern.</summary>
    public bool IsEnd(IReadOnlyList<string> words) =>
        Enumerable.Range(0, words.Count).Any(start => Ends(words, start, typos: false).Contains(words.Count));

    /// <summary>Whether the pattern stands somewhere in the words.</summary>
    /// <param name="words">The words.</param>
    /// <param name="typos">Whether a long word may have one letter wrong.</param>
    public bool IsPart(IReadOnlyList<string> words, bool typos = false)
    {
        for (int start = 0; start < words.Count; start++)
        {
            if (Ends(words, start, typos).Any(end => end > start))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The words with a gap, which is no word but "*", in the place of those that are the pattern.</summary>
    public IReadOnlyList<string> TakenOut(IReadOnlyList<string> words)
    {
        string[]? left = null;
        for (int start = 0; start < words.Count; start++)
        {
            int end = Ends(words, start, typos: false).DefaultIfEmpty().Max();
            if (end > start)
            {
                left ??= [.. words];
                Array.Fill(left, Gap, start, end - start);
                start = end - 1;
            }
        }

        return left ?? words;
    }

    /// <summary>Where a match that begins at <paramref name="start"/> can end.</summary>
    private HashSet<int> Ends(IReadOnlyList<string> words, int start, bool typos)
    {
        // Nearly every pattern fails at its first word.
        if (!slots[0].IsOptional && !(start < words.Count && Array.Exists(slots[0].Words, word => IsWord(word, words[start], typos))))
        {
            return Nowhere;
        }

        HashSet<int> ends = [start];
        foreach (Slot slot in slots)
        {
            HashSet<int> next = slot.IsOptional ? [.. ends] : [];
            foreach (int end in ends)
            {
                if (end < words.Count && Array.Exists(slot.Words, word => IsWord(word, words[end], typos)))
                {
                    next.Add(end + 1);
                }
            }

            if (next.Count == 0)
            {
                return next;
            }

            ends = next;
        }

        return ends;
    }

    private static bool IsWord(string pattern, string word, bool typos)
    {
        if (pattern[^1] == '*')
        {
            return word.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal);
        }

        return word == pattern || (typos && pattern.Length >= LongEnoughForATypo && IsOneLetterOff(pattern, word));
    }

    /// <summary>One letter more, less, other, or two swapped; the first letter is seldom the wrong one.</summary>
    private static bool IsOneLetterOff(string pattern, string word)
    {
        if (word.Length == 0 || pattern[0] != word[0] || Math.Abs(pattern.Length - word.Length) > 1)
        {
            return false;
        }

        int same = 0;
        while (same < pattern.Length && same < word.Length && pattern[same] == word[same])
        {
            same++;
        }

        ReadOnlySpan<char> left = pattern.AsSpan(same), right = word.AsSpan(same);
        return left.Length == right.Length
            ? left[1..].SequenceEqual(right[1..])
                || (left.Length > 1 && left[0] == right[1] && left[1] == right[0] && left[2..].SequenceEqual(right[2..]))
            : left.Length > right.Length ? left[1..].SequenceEqual(right) : left.SequenceEqual(right[1..]);
    }

    private sealed record Slot(string[] Words, bool IsOptional);
}
