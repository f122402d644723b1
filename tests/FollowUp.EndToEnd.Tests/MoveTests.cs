using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using FollowUp.Cli.Tests.Support;
using FollowUp.EndToEnd.Tests.Support;
using FollowUp.Testing;

namespace FollowUp.EndToEnd.Tests;

/// <summary>
/// Running courses move from one host to another with <c>followup export</c> and <c>import</c>. 60 of them; 1,000 with <c>FOLLOWUP_FULL</c> set.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed partial class MoveTests(ITestOutputHelper output)
{
    /// <summary>The orchestrations start within these minutes, while the clock of the test goes on; a text that is due meanwhile is so much late.</summary>
    private static readonly TimeSpan s_lateness = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly int s_courses = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FOLLOWUP_FULL")) ? 60 : 1000;

    [Fact]
    public async Task Courses_that_are_moved_in_the_middle_get_the_very_texts_that_they_would_have_got()
    {
        (IReadOnlyList<string> wanted, IReadOnlyList<string> steps) = await UndisturbedAsync();
        output.WriteLine($"{s_courses} courses, {wanted.Count} texts");

        using TemporaryDirectory directory = new();
        string address = FollowUpApp.FreeAddress();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync(directory.Path, address);
        await using FollowUpApp source = new(Directory.CreateDirectory(directory.File("a")).FullName, address, Settings(emulator));
        await source.StartAsync(FollowUpApp.NearlyStill);
        await ManyCourses.BookAsync(source, emulator, s_courses);
        Assert.Equal(0, await source.StopAsync());

        await source.StartAsync(FollowUpApp.Jumping);
        await ManyCourses.UntilAsync("two fifths of the texts", source, $"SELECT 1 WHERE (SELECT COUNT(*) FROM steps WHERE message_sid IS NOT NULL) >= {wanted.Count * 2 / 5}");
        Assert.Equal(0, await source.StopAsync());
        await KillWithTextsInFlightAsync(source, emulator);
        string[] inFlight = [.. StoreFile.Rows(source.DataDirectory, "SELECT clinic_id, session_id, step FROM steps WHERE state IN ('sending', 'unknown')")];
        Assert.NotEmpty(inFlight);
        Assert.Equal("running", Assert.Single(StoreFile.Rows(source.DataDirectory, "SELECT state FROM bulk_commands")));
        output.WriteLine($"Killed after {(await emulator.Twilio.ListAsync()).Count} texts, {inFlight.Length} of them in flight.");

        string file = directory.File("courses.zip");
        await RunAsync("export", file, "--data", source.DataDirectory, "--to", "the other machine");
        await RefusesToStartAsync(source, Settings(emulator));
        await using FollowUpApp target = new(Directory.CreateDirectory(directory.File("b")).FullName, address, Settings(emulator, await ImportAsync(file, directory.File("b/data"))));

        // A minute in a second, until the sweep has started all of them.
        await target.StartAsync(1.0 / (24 * 60));
        await ManyCourses.UntilAsync("start of all courses", target, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE planned_revision < revision)");
        Assert.Equal(0, await target.StopAsync());
        await target.StartAsync(FollowUpApp.Jumping);
        await ManyCourses.UntilEndedAsync(target);

        Assert.Equal(wanted, await TextsAsync(emulator));

        // And each is on record, once.
        Assert.Equal(
            (await emulator.Twilio.ListAsync()).Where(text => text.Direction == "outbound-api").Select(text => text.Sid).Order(StringComparer.Ordinal),
            StoreFile.Rows(target.DataDirectory, "SELECT message_sid FROM steps WHERE message_sid IS NOT NULL UNION ALL SELECT message_sid FROM direct_messages WHERE message_sid IS NOT NULL").Order(StringComparer.Ordinal));
        AssertSameTimes(steps, Steps(target), inFlight.ToHashSet(StringComparer.Ordinal));
        Assert.Equal("completed", Assert.Single(StoreFile.Rows(target.DataDirectory, "SELECT state FROM bulk_commands")));
        Assert.Equal(
            StoreFile.Rows(source.DataDirectory, "SELECT number_key, sender, mark, at FROM number_marks ORDER BY 1"),
            StoreFile.Rows(target.DataDirectory, "SELECT number_key, sender, mark, at FROM number_marks ORDER BY 1"));
        Assert.Equal(0, await target.StopAsync());
        Assert.DoesNotContain(target.Log, line => line.Contains(" ERROR ", StringComparison.Ordinal) || line.Contains(" FATAL ", StringComparison.Ordinal));
    }

    private static async Task<(IReadOnlyList<string> Texts, IReadOnlyList<string> Steps)> UndisturbedAsync()
    {
        using TemporaryDirectory directory = new();
        string address = FollowUpApp.FreeAddress();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync(directory.Path, address);
        await using FollowUpApp app = new(directory.Path, address, Settings(emulator));
        await app.StartAsync(FollowUpApp.NearlyStill);
        await ManyCourses.BookAsync(app, emulator, s_courses);
        await SkipAsync(app);
        Assert.Equal(0, await app.StopAsync());
        await app.StartAsync(FollowUpApp.Jumping);
        await ManyCourses.UntilEndedAsync(app);
        return (await TextsAsync(emulator), Steps(app));
    }

    /// <summary>Some patients' texts are with Twilio, which has not answered yet, and a command on many sessions is half done, when the process dies.</summary>
    private static async Task KillWithTextsInFlightAsync(FollowUpApp source, EmulatorProcess emulator)
    {
        // Whoever is due next: their calls hang, and the clock stands still meanwhile.
        string[] next = [.. StoreFile.Rows(
            source.DataDirectory,
            "SELECT p.phone FROM sessions s JOIN patients p ON p.clinic_id = s.clinic_id AND p.id = s.patient_id WHERE s.state = 'waiting' AND s.next_due_at IS NOT NULL ORDER BY s.next_due_at LIMIT 3")];
        await emulator.FallSilentAsync(next);
        int before = (await emulator.Twilio.ListAsync()).Count(text => next.Contains(text.To));
        await source.StartAsync(FollowUpApp.Jumping);
        await Eventually.GetAsync(
            "text in flight", async () => (await emulator.Twilio.ListAsync()).Count(text => next.Contains(text.To)) > before ? "there" : null, s_patience, source.Transcript);
        await SkipAsync(source);
        await source.KillAsync();
    }

    /// <summary>A text that is far ahead is called off, for every session that has it.</summary>
    private static async Task SkipAsync(FollowUpApp app)
    {
        using HttpResponseMessage answer = await app.Http.PostAsJsonAsync(
            "/api/clinics/glow/commands", new { command = "skip", step = "maintenance-6mo", filter = new { } }, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}\n{app.Transcript()}");
    }

    private static async Task RefusesToStartAsync(FollowUpApp retired, IReadOnlyDictionary<string, string> settings)
    {
        await using ChildProcess serve = ChildProcess.Start(
            "followup", Path.GetDirectoryName(retired.DataDirectory)!, new Dictionary<string, string>(settings) { ["FollowUp__Clock__DaysPerSecond"] = "jump" },
            "serve", "--data", retired.DataDirectory, "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, await serve.ExitAsync(s_patience));
        Assert.Contains(serve.Errors, line => line.Contains("to the other machine", StringComparison.Ordinal) && line.Contains("--take-back", StringComparison.Ordinal));
    }

    /// <returns>The instant that the courses had reached.</returns>
    private static async Task<DateTimeOffset> ImportAsync(string file, string data)
    {
        FollowUpCommand import = await RunAsync("import", file, "--data", data);
        return DateTimeOffset.Parse(ClockLine().Match(string.Join('\n', import.Output)).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<FollowUpCommand> RunAsync(params string[] arguments)
    {
        FollowUpCommand run = await FollowUpCommand.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, string.Join('\n', [.. run.Output, .. run.Errors]));
        return run;
    }

    private static Dictionary<string, string> Settings(EmulatorProcess emulator, DateTimeOffset? start = null) => new(EmulatorProcess.AppSettings(emulator.Address))
    {
        ["FollowUp__Clock__Start"] = (start ?? ManyCourses.Start).ToString("o"),
        ["FollowUp__MessagesPerSecond"] = "1000",
    };

    /// <summary>Every text that the account has sent, to whom and what.</summary>
    private static async Task<IReadOnlyList<string>> TextsAsync(EmulatorProcess emulator) =>
        [.. (await emulator.Twilio.ListAsync()).Where(text => text.Direction == "outbound-api").Select(text => $"{text.To}: {text.Body}").Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Steps(FollowUpApp app) =>
        StoreFile.Rows(app.DataDirectory, "SELECT clinic_id, session_id, step, state = 'skipped', sent_at FROM steps ORDER BY 1, 2, 3");

    private static void AssertSameTimes(IReadOnlyList<string> wanted, IReadOnlyList<string> got, HashSet<string> inFlight)
    {
        Assert.Equal(wanted.Count, got.Count);
        int moved = 0;
        foreach ((string[] left, string[] right) in wanted.Zip(got, (left, right) => (left.Split('|'), right.Split('|'))))
        {
            Assert.Equal(left[..4], right[..4]);
            if (left[4].Length > 0)
            {
                TimeSpan apart = Instant(right[4]) - Instant(left[4]);
                Assert.True(apart >= -TimeSpan.FromMinutes(1) && apart <= s_lateness, $"{string.Join('|', right)} is {apart} after {left[4]}, in flight: {inFlight.Contains(string.Join('|', right[..3]))}");
                moved += apart > TimeSpan.FromMinutes(1) ? 1 : 0;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{moved} texts left more than a minute later than they would have.");
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"FollowUp:Clock:Start=(\S+Z)\.")]
    private static partial Regex ClockLine();
}
