using System.Net;
using FollowUp.Cli.Tests.Support;
using FollowUp.EndToEnd.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests;

/// <summary>A clinic loses its machine and goes on from last night's backup.</summary>
[Collection(ProcessCollection.Name)]
public sealed class BackupTests
{
    private const int Patients = 6;
    private static readonly DateTimeOffset s_start = new(2027, 3, 1, 15, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task After_a_restore_no_text_comes_twice_none_is_lost_and_none_goes_to_who_has_said_STOP_since()
    {
        using TemporaryDirectory directory = new();
        string address = FollowUpApp.FreeAddress();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync(directory.Path, address);
        Dictionary<string, string> settings = new(EmulatorProcess.AppSettings(emulator.Address)) { ["FollowUp__Clock__Start"] = s_start.ToString("o") };
        string backups = Directory.CreateDirectory(directory.File("backups")).FullName;
        await using (FollowUpApp lost = new(Directory.CreateDirectory(directory.File("lost")).FullName, address, settings))
        {
            await lost.StartAsync(FollowUpApp.NearlyStill);
            await lost.PutClinicAsync();
            foreach (int patient in Enumerable.Range(1, Patients))
            {
                await lost.BookAsync($"b-{patient}", Some.Booking(patient, s_start.AddDays(8), marketing: false), HttpStatusCode.Accepted);
            }

            // While it runs. The engine and the store are copied one after the other.
            await RunAsync("backup", backups, "--data", lost.DataDirectory, "--keep", "2");
            Assert.Equal(0, await lost.StopAsync());
            await lost.StartAsync(1);
            await Eventually.GetAsync(
                "first text to all", async () => (await emulator.Twilio.ListAsync()).Count >= Patients ? "there" : null, s_patience, lost.Transcript);
            await emulator.TextAsync(Some.Phone(2), "STOP");
            await Eventually.GetAsync("end of the session", async () => (await lost.GetSessionAsync("b-2")).HasEnded ? "there" : null, s_patience, lost.Transcript);
            await lost.KillAsync();
        }

        int before = (await emulator.Twilio.ListAsync()).Count;
        await using FollowUpApp restored = new(Directory.CreateDirectory(directory.File("new")).FullName, address, settings);
        await RunAsync("restore", Directory.GetFiles(backups).Single(), "--data", restored.DataDirectory);
        Assert.Equal(1, (await FollowUpCommand.RunAsync("restore", Directory.GetFiles(backups).Single(), "--data", restored.DataDirectory)).ExitCode);
        await restored.StartAsync(FollowUpApp.Jumping);
        string[] sessions = [.. Enumerable.Range(1, Patients).Select(patient => $"b-{patient}")];
        IReadOnlyList<SessionAnswer> ended = await restored.EndedAsync(sessions, isReported: _ => false);

        IReadOnlyList<TwilioText> texts = await emulator.Twilio.ListAsync();
        Assert.Equal("opted-out", ended[1].State);
        Assert.DoesNotContain(texts.Skip(before), text => text.To == Some.Phone(2));
        string[] outbound = [.. texts.Where(text => text.Direction == "outbound-api").Select(text => $"{text.To}: {text.Body}")];
        Assert.Equal(outbound.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), outbound.Order(StringComparer.Ordinal));
        foreach (SessionAnswer session in ended.Where(session => session.Session != "b-2"))
        {
            Assert.Equal(Some.FirstSessionCare.Order(), session.Timeline.Where(step => step.State != "skipped").Select(step => step.Step).Order());
            Assert.All(session.Timeline.Where(step => step.State != "skipped"), step => Assert.Contains(texts, text => text.Sid == step.MessageSid && text.Body == step.Text));
        }

        Assert.Equal("""{"status":"healthy","problems":[]}""", await restored.Http.GetStringAsync("/api/health", TestContext.Current.CancellationToken));
        Assert.Equal(0, await restored.StopAsync());
    }

    [Fact]
    public async Task A_folder_keeps_the_newest_backups_and_a_damaged_one_is_refused()
    {
        using TemporaryDirectory directory = new();
        string backups = Directory.CreateDirectory(directory.File("backups")).FullName;
        foreach (string old in new[] { "followup-20200101T000000Z.backup.zip", "followup-20210101T000000Z.backup.zip", "notes.txt" })
        {
            await File.WriteAllTextAsync(Path.Combine(backups, old), "old", TestContext.Current.CancellationToken);
        }

        await using (FollowUpApp app = new(directory.Path, FollowUpApp.FreeAddress()))
        {
            await app.StartAsync(null);
            await app.PutClinicAsync();
            await RunAsync("backup", backups, "--data", app.DataDirectory, "--keep", "2");
        }

        string[] kept = [.. Directory.GetFiles(backups).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(3, kept.Length);
        Assert.Equal(["followup-20210101T000000Z.backup.zip", "notes.txt"], [kept[0], kept[2]]);
        string backup = Path.Combine(backups, kept[1]);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        }

        byte[] bytes = await File.ReadAllBytesAsync(backup, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 3] ^= 1;
        string damaged = directory.File("damaged.zip");
        await File.WriteAllBytesAsync(damaged, bytes, TestContext.Current.CancellationToken);
        string target = directory.File("target");
        FollowUpCommand refused = await FollowUpCommand.RunAsync("restore", damaged, "--data", target);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(refused.Errors, line => line.Contains("damaged", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(target, "followup.db")));

        await RunAsync("restore", backup, "--data", target, "--hold");
        await RunAsync("restore", "--release", "--data", target);
        Assert.Equal(1, (await FollowUpCommand.RunAsync("restore", "--release", "--data", target)).ExitCode);
    }

    private static async Task RunAsync(params string[] arguments)
    {
        FollowUpCommand run = await FollowUpCommand.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, string.Join('\n', [.. run.Output, .. run.Errors]));
    }
}
