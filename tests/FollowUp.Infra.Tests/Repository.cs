using System.Text.RegularExpressions;

namespace FollowUp.Infra.Tests;

/// <summary>The files of this repository, as they lie there.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The C# of the app: what runs in Azure, and not what stands for Azure here.</summary>
    public static string AppSource { get; } = string.Join('\n', Files("src", "*.cs")
        .Where(file => !Regex.IsMatch(file, "/FollowUp\\.(EmbeddedHost|TwilioEmulator|Cli)/"))
        .Select(File.ReadAllText));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FollowUp.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("There is no FollowUp.sln above the tests.");
        }

        return folder.FullName;
    }
}
