using System.Text;

namespace FollowUp.Functions.Tests;

/// <summary>The files of an app under test, read past the app.</summary>
internal sealed class StoreFile(AppUnderTest app)
{
    private readonly string _directory = app.Configuration["FollowUp:DataDirectory"]!;

    /// <summary>Runs a statement on the store; gives the first value, if it has one; whole numbers as <see cref="long"/>.</summary>
    public object? Run(string sql)
    {
        using var connection = app.OpenDatabase();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() is var value && value is int number ? (long)number : value;
    }

    /// <summary>Those of the words that the bytes of the store's or the engine's files hold, logs and free pages included.</summary>
    public IReadOnlyList<string> Traces(params string[] words)
    {
        var files = Directory.GetFiles(_directory)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("followup.db", StringComparison.Ordinal) || name.StartsWith("engine.db", StringComparison.Ordinal))
                && !name.EndsWith(".lock", StringComparison.Ordinal))
            .Select(Read).ToList();
        Assert.True(files.Count >= 2, "The files of the store and the engine are not where they are looked for.");
        return [.. words.Where(word => files.Any(file => file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0))];
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
