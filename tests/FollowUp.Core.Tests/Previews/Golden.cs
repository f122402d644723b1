using System.Runtime.CompilerServices;

namespace FollowUp.Tests.Previews;

/// <summary>
/// Expected outputs that are too long for a test's own lines. With <c>FOLLOWUP_WRITE_GOLDEN=1</c> the files are written instead of compared;
/// read the difference before committing it.
/// </summary>
internal static class Golden
{
    public static void Matches(string name, string actual) => Assert.Equal(Read(name, actual), actual);

    /// <summary>What is expected; <paramref name="actual"/> is what a rewrite would put there.</summary>
    public static string Read(string name, string actual, [CallerFilePath] string here = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("FOLLOWUP_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        return File.ReadAllText(path);
    }
}
