namespace FollowUp.Core.Texts;

/// <summary>How many SMS segments a text takes, which is what a carrier bills.</summary>
public static class Segments
{
    // 3GPP TS 23.038: 140 octets a message; in a longer one, a 6-octet header of each segment leaves 134.
    private const int GsmSingle = 160;
    private const int GsmPart = 153;
    private const int Ucs2Single = 70;
    private const int Ucs2Part = 67;

    private const string GsmBasic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string GsmExtension = "\f^{}\\[~]|€";

    /// <summary>
    /// Counts a text as it is sent: in GSM-7 when every character is in its alphabet, in UCS-2 otherwise. A character of GSM-7's
    /// extension table takes two places and a character beyond U+FFFF two units; neither is ever split over two segments.
    /// </summary>
    public static SegmentCount Count(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsGsm(text)
            ? Pack(SmsEncoding.Gsm7, text.Select(character => GsmExtension.Contains(character) ? 2 : 1), GsmSingle, GsmPart)
            : Pack(SmsEncoding.Ucs2, text.EnumerateRunes().Select(rune => rune.Utf16SequenceLength), Ucs2Single, Ucs2Part);
    }

    /// <summary>Whether every character is in the GSM-7 alphabet or its extension table.</summary>
    public static bool IsGsm(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.All(character => GsmBasic.Contains(character) || GsmExtension.Contains(character));
    }

    private static SegmentCount Pack(SmsEncoding encoding, IEnumerable<int> widths, int single, int part)
    {
        int units = 0;
        int segments = 0;
        int free = 0;
        foreach (int width in widths)
        {
            units += width;
            if (width > free)
            {
                segments++;
                free = part;
            }

            free -= width;
        }

        return new SegmentCount(encoding, units, units <= single ? Math.Min(segments, 1) : segments);
    }
}

/// <summary>The size of a text on the wire.</summary>
/// <param name="Encoding">The alphabet that it is sent in.</param>
/// <param name="Units">Septets of GSM-7, or 16-bit units of UCS-2.</param>
/// <param name="Segments">What a carrier bills; 0 for an empty text.</param>
public sealed record SegmentCount(SmsEncoding Encoding, int Units, int Segments);

/// <summary>The two alphabets of SMS.</summary>
public enum SmsEncoding
{
    /// <summary>Seven bits a character: 160 in one segment, 153 in each of several.</summary>
    Gsm7,

    /// <summary>Sixteen bits a unit: 70 in one segment, 67 in each of several.</summary>
    Ucs2,
}
