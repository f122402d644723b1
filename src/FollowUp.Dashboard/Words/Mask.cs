using System.Text.RegularExpressions;
using FollowUp.Core.Contacts;

namespace FollowUp.Dashboard.Words;

/// <summary>Names and numbers as they stand before somebody opens them.</summary>
internal static class Mask
{
    private const string Hidden = "•••";

    /// <summary>The first letter. How long the name is, is not told.</summary>
    public static string Name(string name) => name.Length == 0 ? Hidden : char.ConvertFromUtf32(char.ConvertToUtf32(Whole(name), 0)) + Hidden;

    public static string Phone(string? phone) => PhoneNumber.Mask(phone);

    /// <summary>A text without the patient's name.</summary>
    public static string Text(string text, string name) => name.Trim().Length == 0
        ? text
        : Regex.Replace(text, $@"(?<!\w){Regex.Escape(name.Trim())}(?!\w)", Name(name), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Half of a surrogate pair is no letter.</summary>
    private static string Whole(string name) => char.IsHighSurrogate(name[0]) && name.Length > 1 && char.IsLowSurrogate(name[1]) ? name
        : char.IsSurrogate(name[0]) ? "?" : name;
}
