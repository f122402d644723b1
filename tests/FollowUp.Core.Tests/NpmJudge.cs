using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace FollowUp.Tests;

/// <summary>
/// An independent implementation from npm that judges ours: a folder below <c>npm</c> with a locked package and a <c>judge.js</c> that reads
/// JSON and answers with JSON. Where Node.js is not there the test is skipped; in CI it must be there.
/// </summary>
internal static class NpmJudge
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>The folder that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <param name="folder">Below the tests' <c>npm</c> folder; empty for that folder itself.</param>
    /// <param name="package">What is installed there, for the message when it cannot be.</param>
    /// <param name="question">Written as JSON.</param>
    /// <param name="options">How the answer is read.</param>
    public static async Task<T> AskAsync<T>(string folder, string package, object question, JsonSerializerOptions? options = null)
    {
        string path = Path.Combine(RepositoryRoot, "tests", "FollowUp.Core.Tests", "npm", folder);
        if (await MissingAsync(path, package) is { } reason)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }

        using Process judge = Launch(path, "node", "judge.js");
        Task<string> output = judge.StandardOutput.ReadToEndAsync();
        Task<string> errors = judge.StandardError.ReadToEndAsync();
        await judge.StandardInput.WriteAsync(JsonSerializer.Serialize(question));
        judge.StandardInput.Close();
        await judge.WaitForExitAsync().WaitAsync(s_patience);
        Assert.True(judge.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<T>(await output, options)!;
    }

    /// <returns>Why the judge cannot be asked here; null if it can.</returns>
    private static async Task<string?> MissingAsync(string path, string package)
    {
        try
        {
            using (Process node = Launch(path, "node", "--version"))
            {
                await node.WaitForExitAsync().WaitAsync(s_patience);
            }

            // npm writes this file last: without it an installation was cut short.
            if (File.Exists(Path.Combine(path, "node_modules", ".package-lock.json")))
            {
                return null;
            }

            using Process install = Launch(path, "npm", "ci", "--omit=dev", "--ignore-scripts");
            Task<string> output = install.StandardOutput.ReadToEndAsync();
            Task<string> errors = install.StandardError.ReadToEndAsync();
            await install.WaitForExitAsync().WaitAsync(s_patience);
            return install.ExitCode == 0 ? null : $"npm could not install {package}: {await output} {await errors}";
        }
        catch (Win32Exception)
        {
            return "Node.js with npm is not installed.";
        }
    }

    private static Process Launch(string folder, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

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
