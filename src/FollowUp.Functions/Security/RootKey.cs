using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FollowUp.Functions.Security;

/// <summary>The key of the setting <c>FollowUp:ApiKey</c>, which opens everything.</summary>
internal sealed class RootKey(IConfiguration configuration, ILogger<RootKey> log)
{
    public const string Setting = "FollowUp:ApiKey";

    /// <summary>A key of fewer characters may be one that a person thought of.</summary>
    private const int ShortestRandom = 32;

    private int _warned;

    /// <summary>Whether the key could be found by trying. The one that is made at the first start cannot.</summary>
    public bool IsGuessable => configuration[Setting] is { Length: > 0 and < ShortestRandom };

    /// <summary>Compares in a time that tells nothing about the key.</summary>
    public bool Is(string given)
    {
        if (configuration[Setting] is not { Length: > 0 } root)
        {
            log.LogError("The setting {Setting} is missing, so that only keys made before open the API.", Setting);
            return false;
        }

        if (root.Length < ShortestRandom && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            log.LogWarning("The setting {Setting} has fewer than {Shortest} characters. Take 256 random bits instead.", Setting, ShortestRandom);
        }

        // Hashes have one length, so the comparison tells nothing about the key's.
        return CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(root)));
    }
}
