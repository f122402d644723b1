using System.Text;

namespace FollowUp.Core.Texts;

/// <summary>What to write in GSM-7 instead of characters that it lacks: one of them in a text makes every segment less than half as long.</summary>
internal static class PlainCharacters
{
    private static readonly Dictionary<char, string> Replacements = new()
    {
        ['…'] = "...",
        ['™'] = "(TM)",
        ['©'] = "(C)",
        ['®'] = "(R)",
        ['×'] = "x",
        ['½'] = "1/2",
        ['¼'] = "1/4",
        ['¾'] = "3/4",
        ['≥'] = ">=",
        ['≤'] = "<=",
        ['œ'] = "oe",
        ['Œ'] = "OE",
        ['ÿ'] = "y",
        ['ẞ'] = "ß",
    };

    static PlainCharacters()
    {
        Map("‘’‚‛ʼ′`´", "'");
        Map("“”„‟«»″", "\"");
        Map("‐‑‒–—―−•·", "-");
        Map("\t\u00a0\u2002\u2003\u2007\u2009\u202f", " ");
        Map("\u00ad\u200b\u2060\ufeff", "");
        Map("áâãāăą", "a");
        Map("ÁÀÂÃĀĂĄ", "A");
        Map("çćč", "c");
        Map("ĆČ", "C");
        Map("êëēęě", "e");
        Map("ÈÊËĒĘĚ", "E");
        Map("íîïī", "i");
        Map("ÍÌÎÏĪ", "I");
        Map("óôõō", "o");
        Map("ÓÒÔÕŌ", "O");
        Map("úûūů", "u");
        Map("ÚÙÛŪŮ", "U");
        Map("ý", "y");
        Map("Ý", "Y");
        Map("ńň", "n");
        Map("śš", "s");
        Map("ŚŠ", "S");
        Map("źżž", "z");
        Map("ŹŻŽ", "Z");
        Map("ł", "l");
        Map("Ł", "L");
    }

    /// <summary>What stands for the character in GSM-7; empty if it can simply go; null if nothing does.</summary>
    public static string? For(Rune rune) => rune.IsBmp && Replacements.TryGetValue((char)rune.Value, out string? plain) ? plain : null;

    /// <summary>Whether the character is a picture, or one of those that only join or vary pictures.</summary>
    public static bool IsEmoji(Rune rune) => rune.Value is >= 0x1F000 and <= 0x1FAFF // pictographs, flags, skin tones
        or >= 0x2600 and <= 0x27BF // symbols and dingbats
        or >= 0x2B00 and <= 0x2BFF // stars and arrows
        or >= 0x2300 and <= 0x23FF // watches and hourglasses
        or 0x200D or 0xFE0E or 0xFE0F or 0x20E3; // joiner, variation selectors, keycap

    /// <summary>The text with every replacement made; a picture is left out. What has no replacement stays.</summary>
    public static string Replace(string text)
    {
        StringBuilder plain = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            plain.Append(IsEmoji(rune) ? "" : For(rune) ?? rune.ToString());
        }

        return plain.ToString();
    }

    private static void Map(string characters, string plain)
    {
        foreach (char character in characters)
        {
            Replacements[character] = plain;
        }
    }
}
