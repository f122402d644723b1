using System.ComponentModel;
using System.Diagnostics;
using FollowUp.TwilioEmulator.Tests.Support;

namespace FollowUp.TwilioEmulator.Tests;

/// <summary>Twilio's own client for Node.js, from npm, is the judge: what it takes for Twilio is faithful enough. The checks are in npm/judge.js.</summary>
public class OfficialClientTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Twilios_npm_client_takes_the_emulator_for_Twilio()
    {
        var folder = Path.Combine(RepositoryRoot(), "tests", "FollowUp.TwilioEmulator.Tests", "npm");
        if (await MissingAsync(folder) is { } reason)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }

        using var judge = Launch(folder, "node", "judge.js");
        var errors = judge.StandardError.ReadToEndAsync();
        var webhook = await judge.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        Assert.True(webhook is not null, "The judge did not start: " + (webhook is null ? await errors : ""));

        await using var emulator = await EmulatorProcess.StartAsync("--inbound-url", webhook + "/inbound?clinic=glow");
        await judge.StandardInput.WriteLineAsync(emulator.Url);
        try
        {
            var verdict = judge.StandardOutput.ReadToEndAsync();
            await judge.WaitForExitAsync().WaitAsync(s_patience);
            Assert.True(judge.ExitCode == 0, $"{await verdict}\n{await errors}");
            Assert.Equal(7, (await verdict).Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
        }
        finally
        {
            if (!judge.HasExited)
            {
                judge.Kill();
            }
        }
    }

    /// <returns>Why the client cannot be run here; null if it can.</returns>
    private static async Task<string?> MissingAsync(string folder)
    {
        try
        {
            using (var node = Launch(folder, "node", "--version"))
            {
                await node.WaitForExitAsync().WaitAsync(s_patience);
            }

            // npm writes this file last: without it an installation was cut short.
            if (File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
            {
                return null;
            }

            using var install = Launch(folder, "npm", "ci", "--omit=dev", "--ignore-scripts");
            var output = install.StandardOutput.ReadToEndAsync();
            var errors = install.StandardError.ReadToEndAsync();
            await install.WaitForExitAsync().WaitAsync(s_patience);
            return install.ExitCode == 0 ? null : $"npm could not install the package twilio: {await output} {await errors}";
        }
        catch (Win32Exception)
        {
            return "Node.js with npm is not installed.";
        }
    }

    private static Process Launch(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TWILIO_ACCOUNT_SID"] = Emulator.AccountSid;
        start.Environment["TWILIO_AUTH_TOKEN"] = Emulator.AuthToken;
        return Process.Start(start)!;
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FollowUp.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException("The tests have to be run from the repository.");
        }

        return folder;
    }
}
