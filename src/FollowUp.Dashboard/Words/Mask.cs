using System.Text.RegularExpressions;
using FollowUp.Core.Contacts;

namespace FollowUp.Dashboard.Words;

/// <summary>Names and numbers as they stand before somebody opens them.</summary>
internal static partial class Mask
{
    private const string Hidden = "•••";

    /// <summary>The first letter. How long the name is, is not told.</summary>
    public static string Name(string name) => name.Length == 0 ? Hidden : char.ConvertFromUtf32(char.ConvertToUtf32(Whole(name), 0)) + Hidden;

    public static string Phone(string? phone) => PhoneNumber.Mask(phone);

    /// <summary>A text without the patient's name, and without what looks like a phone number.</summary>
    /// <param name="name">Empty when it is not certain whose text it is.</param>
    /// <param name="clinicPhone">The clinic's own number, which stays.</param>
    public static string Text(string text, string name, string? clinicPhone = null)
    {
        var own = Digits(clinicPhone ?? "");
        var numberless = LongNumber().Replace(text, found =>
            own.Length > 0 && (own.EndsWith(Digits(found.Value), StringComparison.Ordinal) || Digits(found.Value).EndsWith(own, StringComparison.Ordinal)) ? found.Value : Hidden);
        return name.Trim().Length == 0
            ? numberless
            : Regex.Replace(numberless, $@"(?<!\w){Regex.Escape(name.Trim())}(?!\w)", Name(name), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>Seven digits or more, with what people put between them.</summary>
    [GeneratedRegex(@"\+?\(?\d(?:[\s().\-/]{0,2}\d){6,}", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();

    /// <summary>Half of a surrogate pair is no letter.</summary>
    private static string Whole(string name) => char.IsHighSurrogate(name[0]) && name.Length > 1 && char.IsLowSurrogate(name[1]) ? name
        : char.IsSurrogate(name[0]) ? "?" : name;
}
