using FollowUp.TwilioEmulator.Tests.Support;

namespace FollowUp.TwilioEmulator.Tests;

public class CommandLineTests
{
    [Fact]
    public async Task The_process_prints_its_addresses_and_keeps_a_given_token_to_itself()
    {
        var folder = Directory.CreateTempSubdirectory("followup-emulator-");
        await using (var process = await EmulatorProcess.StartAsync("--database", Path.Combine(folder.FullName, "texts.db")))
        {
            Assert.Contains($"{process.Url}/2010-04-01/Accounts/{Emulator.AccountSid}/Messages.json", process.Banner);
            Assert.Contains($"{process.Url}/phone", process.Banner);
            Assert.Contains($"Twilio:BaseAddress={process.Url}  Twilio:AccountSid={Emulator.AccountSid}  Twilio:From=+15005550006", process.Banner);
            Assert.DoesNotContain(Emulator.AuthToken, process.Banner);
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0, "--urls", "--help")]
    [InlineData(2, "'--port' is not an option", "--port", "7072")]
    [InlineData(2, "--urls: http://0.0.0.0:7072 is not a loopback address", "--urls", "http://0.0.0.0:7072")]
    [InlineData(2, "--database lacks its value", "--database")]
    [InlineData(2, "AccountSid has to be AC and 32 hexadecimal digits", "--account-sid", "AC1")]
    public async Task Arguments_are_explained_and_mistakes_named(int exitCode, string expected, params string[] arguments)
    {
        using var process = EmulatorProcess.Launch(arguments);

        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(exitCode, process.ExitCode);
        Assert.Contains(expected, output);
    }

    [Fact]
    public void A_token_is_taken_from_the_environment_or_made_up()
    {
        var given = CommandLine.Read([], name => name == "TWILIO_AUTH_TOKEN" ? "from-the-environment" : null);
        var madeUp = CommandLine.Read([], _ => null);

        Assert.Equal(("from-the-environment", false), (given.Options.AuthToken, given.MadeUpToken));
        Assert.Equal((32, true), (madeUp.Options.AuthToken.Length, madeUp.MadeUpToken));
    }
}
