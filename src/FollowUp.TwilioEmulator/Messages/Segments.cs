namespace FollowUp.TwilioEmulator.Messages;

/// <summary>How many SMS a text takes: GSM-7 with 160 (153 when split) characters, or UCS-2 with 70 (67) as soon as one character is not GSM-7.</summary>
internal static class Segments
{
    private const string GsmBasic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    // These are escaped and take two places.
    private const string GsmExtended = "\f^{}\\[~]|€";

    /// <returns>At least 1.</returns>
    public static int Count(string body)
    {
        var gsm = body.All(c => GsmBasic.Contains(c) || GsmExtended.Contains(c));
        var widths = new List<int>(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (gsm)
            {
                widths.Add(GsmExtended.Contains(body[i]) ? 2 : 1);
            }
            else if (char.IsHighSurrogate(body[i]) && i + 1 < body.Length && char.IsLowSurrogate(body[i + 1]))
            {
                widths.Add(2);
                i++;
            }
            else
            {
                widths.Add(1);
            }
        }

        return widths.Sum() <= (gsm ? 160 : 70) ? 1 : Pack(widths, gsm ? 153 : 67);
    }

    // An escaped character or a surrogate pair is never cut in two, so a segment may end one place early.
    private static int Pack(List<int> widths, int capacity)
    {
        var (segments, used) = (1, 0);
        foreach (var width in widths)
        {
            if (used + width > capacity)
            {
                (segments, used) = (segments + 1, 0);
            }

            used += width;
        }

        return segments;
    }
}
