using System.Diagnostics;
using FollowUp.Tests;
using FollowUp.TwilioEmulator.Tests.Support;

namespace FollowUp.TwilioEmulator.Tests;

/// <summary>Twilio's own client for Node.js, from npm, is the judge: what it takes for Twilio is faithful enough. The checks are in npm/judge.js.</summary>
public class OfficialClientTests
{
    /// <summary>Below the folder of all tests.</summary>
    private const string Folder = "FollowUp.TwilioEmulator.Tests/npm";

    [Fact]
    public async Task Twilios_npm_client_takes_the_emulator_for_Twilio()
    {
        await NpmJudge.InstallAsync(Folder, "twilio");
        var start = NpmJudge.Start(Folder, "node", "judge.js");
        start.Environment["TWILIO_ACCOUNT_SID"] = Emulator.AccountSid;
        start.Environment["TWILIO_AUTH_TOKEN"] = Emulator.AuthToken;
        using var judge = Process.Start(start)!;
        var errors = judge.StandardError.ReadToEndAsync();
        var webhook = await judge.StandardOutput.ReadLineAsync().WaitAsync(NpmJudge.Patience);
        Assert.True(webhook is not null, "The judge did not start: " + (webhook is null ? await errors : ""));

        await using var emulator = await EmulatorProcess.StartAsync("--inbound-url", webhook + "/inbound?clinic=glow");
        await judge.StandardInput.WriteLineAsync(emulator.Url);
        try
        {
            var verdict = judge.StandardOutput.ReadToEndAsync();
            await judge.WaitForExitAsync().WaitAsync(NpmJudge.Patience);
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
}
