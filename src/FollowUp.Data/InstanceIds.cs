using System.Security.Cryptography;
using System.Text;

namespace FollowUp.Data;

/// <summary>How the ids of orchestrations are made from the ids of what they are about.</summary>
public static class InstanceIds
{
    /// <summary>The longest id that every engine takes: 100 characters for Durable Task Scheduler, 256 for Azure Storage.</summary>
    public const int Longest = 100;

    /// <summary>What marks an id that was cut short. No id of a clinic or a session holds it, so a cut id is never another's whole one.</summary>
    private const char Cut = '~';

    private const int HashBytes = 16;

    /// <summary>
    /// The id as it is, or, if it is longer than <see cref="Longest"/>, its beginning and a hash of the whole. The same on every machine and in
    /// every release: it is how a running orchestration is found again.
    /// </summary>
    /// <param name="id">What the parts make together.</param>
    public static string Fit(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length <= Longest)
        {
            return id;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, HashBytes));
        return $"{id[..(Longest - 1 - hash.Length)]}{Cut}{hash}";
    }
}
