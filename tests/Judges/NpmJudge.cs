using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace FollowUp.Tests;

/// <summary>
/// An independent implementation from npm that judges ours: a folder below <c>tests</c> with a locked package and scripts. Where Node.js is not
/// there the test is skipped; in CI it must be there.
/// </summary>
internal static class NpmJudge
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The folder that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>Asks a script that reads JSON and answers with JSON.</summary>
    /// <param name="folder">Below <c>tests</c>.</param>
    /// <param name="package">What is installed there, for the message when it cannot be.</param>
    /// <param name="question">Written as JSON.</param>
    /// <param name="options">How the answer is read.</param>
    /// <param name="script">In the folder.</param>
    public static async Task<T> AskAsync<T>(
        string folder, string package, object question, JsonSerializerOptions? options = null, string script = "judge.js")
    {
        await InstallAsync(folder, package);
        using Process judge = Launch(folder, "node", script);
        Task<string> output = judge.StandardOutput.ReadToEndAsync();
        Task<string> errors = judge.StandardError.ReadToEndAsync();
        await judge.StandardInput.WriteAsync(JsonSerializer.Serialize(question));
        judge.StandardInput.Close();
        await judge.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(judge.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<T>(await output, options)!;
    }

    /// <summary>Sees to it that the judge can be asked; skips the test where it cannot, and fails it in CI.</summary>
    public static async Task InstallAsync(string folder, string package)
    {
        if (await MissingAsync(folder, package) is { } reason)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
    }

    /// <summary>Starts a program in the folder, with its streams in our hands.</summary>
    public static Process Launch(string folder, string program, params string[] arguments) => Process.Start(Start(folder, program, arguments))!;

    /// <inheritdoc cref="Launch"/>
    public static ProcessStartInfo Start(string folder, string program, params string[] arguments) => new(program, arguments)
    {
        WorkingDirectory = PathOf(folder),
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <returns>Why the judge cannot be asked here; null if it can.</returns>
    private static async Task<string?> MissingAsync(string folder, string package)
    {
        try
        {
            using (Process node = Launch(folder, "node", "--version"))
            {
                await node.WaitForExitAsync().WaitAsync(Patience);
            }

            // Test projects run at the same time, and two of them may want the same judge.
            await using FileStream turn = await TakeTurnAsync(folder);

            // npm writes this file last: without it an installation was cut short.
            if (File.Exists(Path.Combine(PathOf(folder), "node_modules", ".package-lock.json")))
            {
                return null;
            }

            using Process install = Launch(folder, "npm", "ci", "--omit=dev", "--ignore-scripts");
            Task<string> output = install.StandardOutput.ReadToEndAsync();
            Task<string> errors = install.StandardError.ReadToEndAsync();
            await install.WaitForExitAsync().WaitAsync(Patience);
            return install.ExitCode == 0 ? null : $"npm could not install {package}: {await output} {await errors}";
        }
        catch (Win32Exception)
        {
            return "Node.js with npm is not installed.";
        }
    }

    private static async Task<FileStream> TakeTurnAsync(string folder)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(PathOf(folder), ".npm-turn"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
            }
        }
    }

    private static string PathOf(string folder) => Path.Combine(RepositoryRoot, "tests", folder);

    private static string FindRepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FollowUp.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException("The tests have to be run from the repository.");
        }

        return folder;
    }
}
