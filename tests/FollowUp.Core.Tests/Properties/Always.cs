using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FollowUp.Tests.Properties;

/// <summary>
/// Tries a property on random values: 2,000, always the same ones, so that a build is repeatable; with the environment variable
/// FOLLOWUP_FULL 20,000, new ones on each run. A failure tells the smallest value found and the seed; FOLLOWUP_SEED replays it.
/// </summary>
internal static class Always
{
    private const string SeedVariable = "FOLLOWUP_SEED";

    private static bool IsFull => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FOLLOWUP_FULL"));

    /// <param name="name">Of the property: it seeds the usual cases.</param>
    /// <param name="values">Where the values come from.</param>
    /// <param name="whatIsWrong">Null when the property holds of a value, otherwise what does not.</param>
    public static void Holds<T>(string name, Arbitrary<T> values, Func<T, string?> whatIsWrong)
    {
        (ulong seed, ulong gamma) = Seed(name);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(IsFull ? 20_000 : 2_000).WithReplay(seed, gamma).WithQuietOnSuccess(true);
        try
        {
            Prop.ForAll(values, value => whatIsWrong(value) is string wrong ? false.Label(wrong) : true.Label("holds")).Check(config);
        }
        catch (Exception exception)
        {
            Assert.Fail($"{name}: replay with {SeedVariable}={seed},{gamma}{Environment.NewLine}{exception.Message}");
        }
    }

    private static (ulong Seed, ulong Gamma) Seed(string name)
    {
        if (Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } replay)
        {
            string[] parts = replay.Split(',');
            return (ulong.Parse(parts[0], CultureInfo.InvariantCulture), ulong.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        ReadOnlySpan<byte> bytes = IsFull ? RandomNumberGenerator.GetBytes(16) : SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return (BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes[8..]) | 1); // the generator wants an odd one
    }
}
