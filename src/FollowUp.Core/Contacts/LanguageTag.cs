using System.Text.RegularExpressions;

namespace FollowUp.Core.Contacts;

/// <summary>BCP 47 language tags (RFC 5646), as far as their form goes; whether a language exists is not looked up.</summary>
public static partial class LanguageTag
{
    /// <summary>
    /// Whether the tag is well-formed, such as <c>en</c>, <c>es-MX</c> or <c>zh-Hant-TW</c>, in any case of letters. The 26 irregular
    /// tags of before 2006, such as <c>i-klingon</c>, are not accepted.
    /// </summary>
    public static bool IsWellFormed(string? tag) => tag is { Length: <= 64 } && Pattern().IsMatch(tag);

    /// <summary>
    /// The best of <paramref name="available"/> for <paramref name="wanted"/>: the same tag, or what is left of it after dropping
    /// subtags from its end (RFC 4647, lookup). Null if there is none.
    /// </summary>
    public static string? Lookup(string wanted, IEnumerable<string> available)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(available);
        string[] tags = [.. available];
        for (string range = wanted; range.Length > 0; range = WithoutLastSubtag(range))
        {
            string? match = Array.Find(tags, tag => string.Equals(tag, range, StringComparison.OrdinalIgnoreCase));
            if (match is not null)
            {
                return match;
            }
        }

        return null;
    }

    private static string WithoutLastSubtag(string range)
    {
        int end = Math.Max(range.LastIndexOf('-'), 0);

        // A single letter announces what followed it, so it goes too.
        return end >= 2 && range[end - 2] == '-' ? range[..(end - 2)] : range[..end];
    }

    [GeneratedRegex(
        @"\A(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})" // language, extended language
        + @"(?:-[A-Za-z]{4})?" // script
        + @"(?:-(?:[A-Za-z]{2}|[0-9]{3}))?" // region
        + @"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*" // variants
        + @"(?:-[A-WYZa-wyz0-9](?:-[A-Za-z0-9]{2,8})+)*" // extensions
        + @"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?\z", // private use
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
