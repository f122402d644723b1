using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace FollowUp.Workflows.Tests.Faults;

/// <summary>
/// Decides what goes wrong, from the seed and from the work that it happens to. Not from the order of the draws: ten courses run at once, and a
/// seed must bring the same faults to the same work however their threads interleave.
/// </summary>
internal sealed class FaultDraws(int seed)
{
    private static readonly AsyncLocal<string?> Work = new();
    private readonly ConcurrentDictionary<string, int> _times = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _hits = new(StringComparer.Ordinal);

    /// <summary>What has gone wrong, and how often.</summary>
    public IReadOnlyDictionary<string, int> Hits => _hits;

    /// <summary>What is going on in this flow of control, for the log of a fault; null for nothing that is named.</summary>
    public static string? WorkKind => Work.Value?.Split(' ')[0];

    /// <summary>From here on this flow of control does a piece of work.</summary>
    /// <param name="kind">One word.</param>
    /// <param name="subject">What it is about. The same work on the same subject again has draws of its own.</param>
    public void Begin(string kind, string subject)
    {
        var work = $"{kind} {subject}";
        Work.Value = $"{work} #{_times.AddOrUpdate(work, 1, (_, times) => times + 1)}";
    }

    /// <summary>A number from 0 to below the limit for something in the work at hand.</summary>
    public int Next(string what, int below) => Next(what, below, out _);

    /// <inheritdoc cref="Next(string, int)"/>
    /// <param name="time">Which time this happens in the work at hand, from 1.</param>
    public int Next(string what, int below, out int time)
    {
        var place = $"{Work.Value}/{what}";
        time = _times.AddOrUpdate(place, 1, (_, times) => times + 1);
        return Of($"{place}#{time}", below);
    }

    /// <summary>A number from 0 to below the limit that is always the same for the same thing.</summary>
    public int Of(string thing, int below) =>
        (int)(BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{thing}"))) % (uint)below);

    /// <summary>Something has gone wrong as it was to.</summary>
    public void Note(string fault) => _hits.AddOrUpdate(fault, 1, (_, times) => times + 1);
}
