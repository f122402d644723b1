using System.Text.RegularExpressions;

namespace FollowUp.Core.Contacts;

/// <summary>The form of every id that a client chooses: 1 to 64 of A-Z a-z 0-9 . _ - , the first a letter or digit.</summary>
public static partial class Identifier
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 64 of A-Z a-z 0-9 . _ - that begin with a letter or digit";

    /// <summary>Whether <paramref name="text"/> has that form.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
