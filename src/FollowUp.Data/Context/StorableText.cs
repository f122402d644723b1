using System.Text;

namespace FollowUp.Data.Context;

/// <summary>Texts as every database can hold them: in PostgreSQL no text has the character U+0000, and none has half of a surrogate pair.</summary>
internal static class StorableText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The same text, with U+FFFD for what cannot be stored.</summary>
    public static string Of(string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal) && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }

        var storable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // The enumeration gives U+FFFD for half of a pair.
            storable.Append(rune.Value == 0 ? Replacement.ToString() : rune.ToString());
        }

        return storable.ToString();
    }

    /// <summary>The same for what somebody has typed: a U+0000 is nothing that they meant, and must not part a word such as STOP.</summary>
    public static string OfTyped(string text) => Of(text.Replace("\0", "", StringComparison.Ordinal));
}
