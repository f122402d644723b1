using System.Text.RegularExpressions;

namespace FollowUp.Core.Texts;

/// <summary>
/// Words that tell which treatment somebody has, or for what. Others read a phone's lock screen too, so texts leave them out (minimum
/// necessary, HHS) unless the clinic switched them on.
/// </summary>
internal static partial class TreatmentNames
{
    /// <summary>The first such word; null if there is none.</summary>
    public static string? Find(string text)
    {
        Match match = Names().Match(text);
        return match.Success ? match.Value : null;
    }

    // "Peel" alone is also what healing skin does, so only the treatment's full names count.
    [GeneratedRegex(
        @"\b(?:(?:micro-?)?needl(?:e|es|ing)|micro-?agujas?|agujas?|derma-?(?:pen|roller)|skinpen|radio-?(?:frequency|frecuencia)"
        + @"|(?:chemical|superficial|medium|glycolic|acid|skin|face)\s+peels?|(?:your|a|the)\s+peel|peeling\s+(?:qu[ií]mico|superficial)"
        + @"|l[aá]ser(?:es)?|fraxel|fillers?|rellenos?|hyaluron\w*|hialur[oó]nico|juvederm|restylane|botox|botulin\w*|botul[ií]nica|toxin[as]?|dysport|xeomin"
        + @"|PRP|platelets?|plaquetas|plasma|hair\s+(?:removal|restoration)|depilaci[oó]n|tattoos?|tatuajes?|injections?|inyecci(?:[oó]n|ones)"
        + @"|acn[eé]|scar(?:s|ring)?|cicatri(?:z|ces)|wrinkles?|arrugas?)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
