using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FollowUp.Dashboard.SignIn;

/// <summary>Passwords: what they must be, and how they are kept.</summary>
internal sealed class Passwords
{
    public const int Shortest = 12;
    public const int Longest = 128;

    /// <summary>PBKDF2 with HMAC-SHA512; OWASP advises 210,000 rounds of it.</summary>
    private const int Rounds = 210_000;

    private readonly PasswordHasher<string> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));
    private readonly Lazy<string> _nobodys;

    public Passwords() => _nobodys = new(() => Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));

    public string Hash(string password) => _hasher.HashPassword("", password);

    /// <summary>Compares, for a name that nobody has as for one that somebody has: it takes as long.</summary>
    /// <param name="hash">Null when nobody has the name.</param>
    public PasswordVerificationResult Verify(string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword("", hash ?? _nobodys.Value, password);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    /// <summary>What is wrong with a new password; null when nothing is.</summary>
    public static string? Mistake(string password, string name) =>
        password.Length < Shortest ? $"Must have {Shortest} characters at least."
        : password.Length > Longest ? $"Must have {Longest} characters at most."
        : password.Contains(name, StringComparison.OrdinalIgnoreCase) ? "Must not hold the name."
        : password.Distinct().Count() < 5 ? "Must not be a few characters over and over."
        : null;

    /// <summary>Compares with the root key; tells nothing about it but whether it is right.</summary>
    public static bool IsRootKey(string given, string root) => root.Length > 0 && CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(root)));
}
