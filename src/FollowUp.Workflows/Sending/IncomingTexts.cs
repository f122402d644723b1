using System.Collections.Concurrent;

namespace FollowUp.Workflows.Sending;

/// <summary>
/// Counts texts as they arrive, by number, before anything of them is stored. A sender that has looked into the store for the last time sees
/// by it that something has come in since, in the instant before its call: so within this process no STOP is overtaken by a text. Between
/// machines the last look alone decides, a few microseconds before the call.
/// </summary>
public sealed class IncomingTexts
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>A text has arrived.</summary>
    /// <param name="phone">From whom, in E.164.</param>
    public void Note(string phone) => _counts.AddOrUpdate(phone, 1, (_, count) => count + 1);

    /// <summary>How many have, since this process started.</summary>
    public int CountOf(string phone) => _counts.GetValueOrDefault(phone);
}
