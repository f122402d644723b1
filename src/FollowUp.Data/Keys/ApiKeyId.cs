using System.Security.Cryptography;
using System.Text;

namespace FollowUp.Data.Keys;

/// <summary>Ids of keys: the name's letters and digits for people, and random digits so that no two keys ever share one.</summary>
internal static class ApiKeyId
{
    private const int LongestWords = 40;
    private const int RandomBytes = 4;

    public static string For(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                words.Append(char.ToLowerInvariant(letter));
            }
            else if (char.IsAscii(letter) && words.Length > 0 && words[^1] != '-')
            {
                words.Append('-');
            }
        }

        var start = words.ToString(0, Math.Min(words.Length, LongestWords)).Trim('-');
        return $"{(start.Length > 0 ? start : "key")}-{RandomNumberGenerator.GetHexString(RandomBytes * 2, lowercase: true)}";
    }
}
