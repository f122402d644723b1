using System.Text;
using AnyAscii;

namespace FollowUp.Data.Patients;

/// <summary>How patients are found: by a name's beginning, whatever its accents and case, and by a number's end.</summary>
internal static class SearchKeys
{
    /// <summary>
    /// A name in the small letters of the English alphabet, with single spaces: "Zoë  Ann" and "zoe ann" are the same. .NET itself takes no
    /// accent off a letter where it runs without ICU.
    /// </summary>
    public static string OfName(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var letter in name.Transliterate())
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                key.Append(char.ToLowerInvariant(letter));
            }
            else if (letter is ' ' or '-' && key.Length > 0 && key[^1] != ' ')
            {
                key.Append(' ');
            }
        }

        return key.ToString().TrimEnd();
    }

    public static string Reverse(string text)
    {
        var letters = text.ToCharArray();
        Array.Reverse(letters);
        return new string(letters);
    }
}
