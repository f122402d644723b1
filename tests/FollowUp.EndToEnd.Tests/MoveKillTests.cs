using System.Globalization;
using System.Security.Cryptography;
using FollowUp.Cli.Tests.Support;
using FollowUp.EndToEnd.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests;

/// <summary><c>kill -9</c> of <c>followup export</c> and <c>import</c>: never two living copies, never half of one.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MoveKillTests(ITestOutputHelper output)
{
    private const int Courses = 40;
    private const int Kills = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_move_that_is_killed_anywhere_can_be_made_again_and_ends_with_one_living_copy()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("FOLLOWUP_SEED"), CultureInfo.InvariantCulture, out int given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"FOLLOWUP_SEED={seed}");
        Random random = new(seed);
        using TemporaryDirectory directory = new();
        string address = FollowUpApp.FreeAddress();
        string source;
        await using (EmulatorProcess emulator = await EmulatorProcess.StartAsync(directory.Path, address))
        await using (FollowUpApp app = new(directory.Path, address, new Dictionary<string, string>(EmulatorProcess.AppSettings(emulator.Address)) { ["FollowUp__Clock__Start"] = ManyCourses.Start.ToString("o") }))
        {
            source = app.DataDirectory;
            await app.StartAsync(FollowUpApp.NearlyStill);
            await ManyCourses.BookAsync(app, emulator, Courses);
            Assert.Equal(0, await app.StopAsync());
        }

        // How long a command takes from its start to its end, of which each kill takes a part.
        string file = directory.File("courses.zip");
        for (int i = 0; i < Kills; i++)
        {
            TimeSpan after = TimeSpan.FromMilliseconds(random.Next(300, 2500));
            await KillAsync(directory.Path, after, "export", file, "--data", source);
            bool isRetired = StoreFile.Rows(source, "SELECT 1 FROM moves WHERE kind = 'moved-out' AND ended_at IS NULL").Count > 0;
            output.WriteLine($"Export killed after {after.TotalMilliseconds} ms: {(isRetired ? "retired" : "still living")}, the file is {(File.Exists(file) ? "there" : "not there")}");

            // A file that is there is whole, and its source is retired.
            Assert.True(isRetired || !File.Exists(file));
            if (File.Exists(file))
            {
                Assert.Equal(0, (await FollowUpCommand.RunAsync("import", file, "--data", directory.File("nowhere"), "--dry-run")).ExitCode);
                File.Delete(file);
            }
        }

        Assert.Equal(0, (await FollowUpCommand.RunAsync("export", file, "--data", source)).ExitCode);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        string target = directory.File("target");
        FollowUpCommand look = await FollowUpCommand.RunAsync("import", file, "--data", target, "--dry-run");
        Assert.Contains(look.Output, line => line.EndsWith("is whole, and fits. Nothing was written.", StringComparison.Ordinal));
        Assert.False(Directory.Exists(target));
        bool isThere = false;
        for (int i = 0; i < Kills && !isThere; i++)
        {
            TimeSpan after = TimeSpan.FromMilliseconds(random.Next(300, 2500));
            await KillAsync(directory.Path, after, "import", file, "--data", target);
            string[] rows = !File.Exists(Path.Combine(target, "followup.db")) ? [] : [.. CountOf(target)];
            output.WriteLine($"Import killed after {after.TotalMilliseconds} ms: {(rows.Length == 0 ? "nothing" : rows[0])}");
            isThere = rows.Length > 0 && rows[0] != "0|0|0";
            Assert.True(!isThere || rows[0] == $"{Courses}|{Courses}|1", "Half an import is there.");
        }

        if (!isThere)
        {
            Assert.Equal(0, (await FollowUpCommand.RunAsync("import", file, "--data", target)).ExitCode);
        }

        Assert.Equal([$"{Courses}|{Courses}|1"], CountOf(target));
        Assert.Single(StoreFile.Rows(source, "SELECT 1 FROM moves WHERE kind = 'moved-out' AND ended_at IS NULL"));
        Assert.Empty(StoreFile.Rows(target, "SELECT 1 FROM moves WHERE ended_at IS NULL"));
    }

    /// <summary>Patients, sessions and moves in; nothing where the schema is not there yet.</summary>
    private static IReadOnlyList<string> CountOf(string data) => StoreFile.Rows(data, "SELECT 1 FROM sqlite_master WHERE name = 'moves'").Count == 0
        ? []
        : StoreFile.Rows(data, "SELECT (SELECT COUNT(*) FROM patients), (SELECT COUNT(*) FROM sessions), (SELECT COUNT(*) FROM moves WHERE kind = 'moved-in')");

    private static async Task KillAsync(string directory, TimeSpan after, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start("followup", directory, new Dictionary<string, string>(), arguments);
        using CancellationTokenSource patience = new(s_patience, TimeProvider.System);
        await Task.Delay(after, TimeProvider.System, patience.Token);
        process.Kill();
    }
}
