using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FollowUp.Data.Keys;

/// <summary>
/// A key as its owner has it: <c>fu_</c> and 256 random bits in base64url. So much randomness cannot be guessed, which is why a plain SHA-256
/// is enough to keep it by, and why finding it by its hash tells nobody anything.
/// </summary>
internal static class ApiKeySecret
{
    private const string Prefix = "fu_";
    private const int Bytes = 32;
    private const int Length = 46;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The hash that a key is kept by; null for what cannot be a key at all.</summary>
    public static string? HashOf(string text) =>
        text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal)
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
            : null;

    public static bool Matches(string hash, string kept) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(kept));
}
