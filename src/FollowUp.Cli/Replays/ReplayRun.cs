using FollowUp.EmbeddedHost.Engine;

namespace FollowUp.Cli.Replays;

/// <summary>What a replay of many histories has come to.</summary>
internal sealed class ReplayRun(HistoryReplay replay)
{
    private readonly SortedDictionary<(string Orchestrator, string Version), int> _replayed = [];
    private readonly List<(string Where, string Difference)> _differences = [];

    /// <summary>How many histories were replayed, by orchestrator and version.</summary>
    public IReadOnlyDictionary<(string Orchestrator, string Version), int> Replayed => _replayed;

    /// <summary>Those that this release would not go on with.</summary>
    public IReadOnlyList<(string Where, string Difference)> Differences => _differences;

    /// <param name="where">What the user knows it by: an instance's id, or a file.</param>
    public void Add(string where, RecordedHistory history)
    {
        var kind = (history.Orchestrator, history.Version);
        _replayed[kind] = _replayed.GetValueOrDefault(kind) + 1;
        if (replay.FindDifference(history) is { } difference)
        {
            _differences.Add((where, difference));
        }
    }
}
