namespace FollowUp.Core.CarePlans;

/// <summary>Guesses which known word a mistyped one was meant to be.</summary>
internal static class DidYouMean
{
    /// <summary>"Did you mean 'x'? " with its blank, or nothing if no known word is near.</summary>
    public static string Hint(string written, IEnumerable<string> known) =>
        Nearest(written, known) is { } word ? $"Did you mean '{word}'? " : "";

    /// <summary>
    /// The known word that is nearest, within a typing mistake for each three letters, or that the written one begins; null if none is.
    /// </summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        string[] words = [.. known];
        string? best = words.MinBy(word => Distance(written, word));
        if (best is not null && Distance(written, best) <= Math.Max(written.Length, best.Length) / 3)
        {
            return best;
        }

        return written.Length >= 3 ? words.FirstOrDefault(word => word.StartsWith(written, StringComparison.OrdinalIgnoreCase)) : null;
    }

    /// <summary>Edits from one word to the other (insert, remove, replace, swap two neighbours), whatever the case.</summary>
    private static int Distance(string from, string to)
    {
        string a = from.ToUpperInvariant();
        string b = to.ToUpperInvariant();
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                edits[i, j] = i == 0 || j == 0 ? i + j : Cheapest(edits, a, b, i, j);
            }
        }

        return edits[a.Length, b.Length];
    }

    private static int Cheapest(int[,] edits, string a, string b, int i, int j)
    {
        int replace = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        int best = Math.Min(replace, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
        bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(best, edits[i - 2, j - 2] + 1) : best;
    }
}
