namespace FollowUp.EndToEnd.Tests.Support;

/// <summary>When a process is killed: at random, but spread over the whole course and over all that a process goes through.</summary>
internal sealed class KillPlan(int seed, int kills)
{
    private readonly Random _random = new(seed);

    /// <summary>How many are left.</summary>
    public int Left { get; private set; } = kills;

    /// <summary>The next moment.</summary>
    /// <param name="textsSoFar">How many texts have been sent.</param>
    /// <param name="allTexts">How many the whole course has.</param>
    public KillMoment Next(int textsSoFar, int allTexts)
    {
        // Never so many texts that none would be left for the kills to come.
        int most = Math.Max(1, (allTexts - textsSoFar - 1) / Left);
        Left--;
        if (Left % 4 != 3)
        {
            // In the middle of a burst of texts that are all due at one instant.
            return new KillMoment(WaitUntilUp: true, MoreTexts: _random.Next(1, most + 1), TimeSpan.FromMilliseconds(_random.Next(0, 200)));
        }

        // While it starts, or while it settles what the kill before has left unknown.
        return new KillMoment(WaitUntilUp: _random.Next(2) == 0, MoreTexts: 0, TimeSpan.FromMilliseconds(_random.Next(50, 1500)));
    }
}

/// <param name="WaitUntilUp">Only once the process answers.</param>
/// <param name="MoreTexts">Only once it has sent so many.</param>
/// <param name="Then">And then a little later.</param>
internal sealed record KillMoment(bool WaitUntilUp, int MoreTexts, TimeSpan Then)
{
    public override string ToString() =>
        $"{(WaitUntilUp ? "up" : "starting")}, {MoreTexts} more texts, {Then.TotalMilliseconds:F0} ms later";
}
