namespace FollowUp.Core.Tests.Replies;

/// <summary>Real wordings in a file of <c>language;verdict;text</c>; the verdict is yes or no.</summary>
internal static class PhraseFile
{
    public static (string Language, bool Yes, string Text)[] Read(string name) =>
    [
        .. Lines(name).Select(line => line.Split(';', 3)).Select(row => (row[0], row[1] == "yes", row[2])),
    ];

    /// <summary>The lines of a file without its comments.</summary>
    public static IEnumerable<string> Lines(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Replies", name)).Where(line => line.Length > 0 && line[0] != '#');
}
