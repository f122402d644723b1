using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace FollowUp.Workflows.Tests.Faults;

/// <summary>
/// 200 seeded courses through every fault; 2,000 with <c>FOLLOWUP_FULL</c> set. <c>FOLLOWUP_SEED</c> plays one world of ten courses again: the
/// same things go wrong with the same texts.
/// </summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private const int WorldsInCi = 20;
    private const int WorldsInFull = 200;

    /// <summary>They wait a lot: the grace before an unknown send is settled is real time.</summary>
    private const int AtOnce = 6;

    /// <summary>A fault that never happened would prove nothing. The first commit of a send is the claim, its second the record.</summary>
    private static readonly string[] Matrix =
    [
        "SendMessage: died before commit 1", "SendMessage: died after commit 1",
        "died before the call", "died after Twilio had taken the text", "a time-out, not taken", "HTTP 500 after it was taken", "429",
        "SendMessage: died before commit 2", "SendMessage: died after commit 2",
        "PlanSession: died before commit 1", "PlanSession: died after commit 1", "SettleMessage: died before commit 1", "SettleMessage: died after commit 1",
        "callback: died before commit 1", "callback: died after commit 1", "reports twice", "reports out of order", "30003",
        "STOP", "an opt-out in words", "a cancellation", "a pause and a resume", "a skip by staff", "the engine was torn down",
    ];

    [Fact]
    public async Task Whatever_fails_nothing_is_lost_sent_twice_or_sent_against_a_patients_word()
    {
        int[] seeds = int.TryParse(Environment.GetEnvironmentVariable("FOLLOWUP_SEED"), CultureInfo.InvariantCulture, out var given)
            ? [given]
            : [.. Enumerable.Range(0, IsFull ? WorldsInFull : WorldsInCi).Select(_ => RandomNumberGenerator.GetInt32(int.MaxValue))];
        var hits = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, _) =>
        {
            await using var world = await FaultyWorld.OpenAsync(seed);
            try
            {
                var wrong = await world.PlayAsync();
                Assert.True(wrong.Count == 0, $"FOLLOWUP_SEED={seed}\n{string.Join("\n", wrong)}");
            }
            catch (TimeoutException exception)
            {
                Assert.Fail($"FOLLOWUP_SEED={seed}\n{exception.Message}");
            }

            foreach (var (fault, times) in world.Draws.Hits)
            {
                hits.AddOrUpdate(fault, times, (_, before) => before + times);
            }
        });

        output.WriteLine($"{seeds.Length * FaultyWorld.Courses} courses");
        output.WriteLine(string.Join("\n", hits.OrderBy(hit => hit.Key, StringComparer.Ordinal).Select(hit => $"{hit.Value,6} {hit.Key}")));
        Assert.Empty(seeds.Length > 1 ? Matrix.Except(hits.Keys) : []);
    }

    private static bool IsFull => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FOLLOWUP_FULL"));
}
