using System.Globalization;
using System.Security.Cryptography;

namespace FollowUp.Workflows.Tests.Faults;

/// <summary>
/// 200 seeded courses through every fault; 2,000 with <c>FOLLOWUP_FULL</c> set. <c>FOLLOWUP_SEED</c> plays one world of ten courses, with the same
/// faults, again.
/// </summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private const int WorldsInCi = 20;
    private const int WorldsInFull = 200;

    /// <summary>They wait a lot: the grace before an unknown send is settled is real time.</summary>
    private const int AtOnce = 4;

    [Fact]
    public async Task Whatever_fails_nothing_is_lost_sent_twice_or_sent_against_a_patients_word()
    {
        int[] seeds = int.TryParse(Environment.GetEnvironmentVariable("FOLLOWUP_SEED"), CultureInfo.InvariantCulture, out var given)
            ? [given]
            : [.. Enumerable.Range(0, IsFull ? WorldsInFull : WorldsInCi).Select(_ => RandomNumberGenerator.GetInt32(int.MaxValue))];
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, _) =>
        {
            await using var world = await FaultyWorld.OpenAsync(seed);
            try
            {
                var wrong = await world.PlayAsync();
                Assert.True(wrong.Count == 0, $"FOLLOWUP_SEED={seed}\n{string.Join("\n", wrong)}");
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"FOLLOWUP_SEED={seed}: the courses have not ended within two minutes.");
            }
        });
        output.WriteLine($"{seeds.Length} worlds");
    }

    private static bool IsFull => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FOLLOWUP_FULL"));
}
