using FollowUp.Core.Contacts;
using FollowUp.Data.Patients;

namespace FollowUp.Data.Sessions.Lists;

/// <summary>What somebody typed into a search, as the ways in which it may be meant.</summary>
internal sealed record SearchTerm
{
    private const int FewestDigits = 3;

    /// <summary>From this length on a zero in front is the one that is dialled within a country, and is not part of the number.</summary>
    private const int NationalDigits = 8;

    /// <summary>Nothing sorts behind it, so that with it behind a beginning all that begins so comes before.</summary>
    private const string Last = "\U0010FFFF";

    /// <summary>The beginning of a name's key; null when it cannot be a name.</summary>
    public string? Name { get; private init; }

    /// <summary>The beginning of an id; null when it cannot be one.</summary>
    public string? Id { get; private init; }

    /// <summary>Ends of numbers, reversed. Empty when it cannot be a number.</summary>
    public IReadOnlyList<string> PhoneEnds { get; init; } = [];

    /// <summary>Whether nothing can be found by it.</summary>
    public bool IsHopeless => Name is null && Id is null && PhoneEnds.Count == 0;

    /// <summary>Null when nothing was typed.</summary>
    public static SearchTerm? Of(string? typed)
    {
        var text = typed?.Trim();
        return string.IsNullOrEmpty(text) ? null : new SearchTerm
        {
            Name = text.Any(char.IsLetter) && SearchKeys.OfName(text) is { Length: > 0 } name ? name : null,
            Id = Identifier.IsValid(text) ? text : null,
            PhoneEnds = [.. EndsOf(text)],
        };
    }

    /// <summary>The first text that no longer begins so.</summary>
    public static string EndOf(string beginning) => beginning + Last;

    private static IEnumerable<string> EndsOf(string text)
    {
        if (!text.All(letter => char.IsAsciiDigit(letter) || letter is '+' or ' ' or '\u00a0' or '-' or '(' or ')' or '.' or '/'))
        {
            yield break;
        }

        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length < FewestDigits)
        {
            yield break;
        }

        // "00" in front stands for the plus; "+44 (0)20" carries the zero that only those within the country dial.
        var isInternational = text.StartsWith('+') || digits.StartsWith("00", StringComparison.Ordinal);
        if (isInternational && digits.TrimStart('0') is { Length: >= FewestDigits } whole)
        {
            var number = "+" + (text.Contains("(0)", StringComparison.Ordinal) ? string.Concat(text.Replace("(0)", "", StringComparison.Ordinal).Where(char.IsAsciiDigit)).TrimStart('0') : whole);
            yield return SearchKeys.Reverse(number);
            yield break;
        }

        yield return SearchKeys.Reverse(digits);
        if (digits.Length >= NationalDigits && digits[0] == '0')
        {
            yield return SearchKeys.Reverse(digits.TrimStart('0'));
        }
    }
}
