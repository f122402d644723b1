using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FollowUp.Cli.Demo.Story;
using FollowUp.Cli.Tests.Support;
using FollowUp.Testing;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Cli.Tests;

/// <summary>The demo that stays, from its command line to Ctrl+C.</summary>
[Collection(ProcessCollection.Name)]
public sealed partial class KeptDemoTests(KeptClinic clinic) : IClassFixture<KeptClinic>
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly ClinicStory s_story = new(
        new StoryCalendar(LocalDatePattern.Iso.Parse(KeptClinic.Today).Value, DateTimeZoneProviders.Tzdb["America/New_York"]), KeptClinic.Patients);

    [Fact]
    public async Task The_clinic_has_sessions_and_texts_in_every_state()
    {
        IReadOnlyList<JsonObject> sessions = await clinic.AllAsync("clinics/glow/sessions");
        Assert.Subset(
            sessions.Select(session => (string)session["state"]!).ToHashSet(),
            new HashSet<string> { "waiting", "paused", "completed", "cancelled", "failed", "opted-out" });
        Assert.Equal(KeptClinic.Patients, sessions.Select(session => (string)session["patient"]!["id"]!).Distinct().Count(), 3.0);
        Assert.Equal(9, sessions.Select(session => (string)session["plan"]!).Distinct().Count());
        Assert.Subset(sessions.Select(session => (int)session["sessionNumber"]!).ToHashSet(), Enumerable.Range(1, 6).ToHashSet());

        List<JsonObject> steps = [];
        foreach (JsonObject session in sessions)
        {
            JsonObject view = (await clinic.Api.GetFromJsonAsync<JsonObject>($"clinics/glow/sessions/{session["session"]}", s_none))!;
            steps.AddRange(view["timeline"]!.AsArray().Select(step => (JsonObject)step!));
        }

        Assert.Subset(
            steps.Select(step => (string)step["state"]!).ToHashSet(),
            new HashSet<string> { "planned", "sent", "delivered", "undelivered", "skipped", "cancelled" });
        string reasons = string.Join('\n', steps.Select(step => (string?)step["reason"]));
        Assert.All(["30003", "30005", "30006", "30007", "30008", "21211"], code => Assert.Contains(code, reasons, StringComparison.Ordinal));
        Assert.Contains(steps, step => (string)step["kind"]! == "maintenance" && (string)step["state"]! == "delivered");
        Assert.NotEmpty(await clinic.AllAsync("clinics/harbor/sessions"));
    }

    [Fact]
    public async Task The_patients_have_answered_everything_that_can_be_answered()
    {
        List<JsonObject> texts = [];
        foreach (string patient in (await clinic.AllAsync("clinics/glow/sessions")).Select(session => (string)session["patient"]!["id"]!).Distinct())
        {
            texts.AddRange((await clinic.AllAsync($"clinics/glow/patients/{patient}/messages")).Where(text => (string)text["direction"]! == "inbound"));
        }

        Assert.Subset(
            texts.Select(text => (string)text["kind"]!).ToHashSet(),
            new HashSet<string> { "confirm", "reschedule", "cancel", "check-in", "opt-out", "opt-in", "help", "wrong-number", "auto-reply", "other" });
        Assert.Subset(texts.Select(text => (int?)text["rating"]).ToHashSet(), new HashSet<int?> { 1, 2, 3, 4, 5 });

        IReadOnlyList<JsonObject> inbox = await clinic.AllAsync("clinics/glow/inbox");
        Assert.Contains(inbox, text => text["readAt"] is null);
        Assert.Contains(inbox, text => text["readAt"] is not null);
        IReadOnlyList<JsonObject> alerts = await clinic.AllAsync("clinics/glow/alerts");
        Assert.Contains(alerts, alert => (string)alert["kind"]! == "red-flag" && alert["acknowledgedAt"] is null);
        Assert.Contains(alerts, alert => (string)alert["kind"]! == "red-flag" && alert["acknowledgedAt"] is not null);
        Assert.Subset(
            alerts.Select(alert => (string)alert["kind"]!).ToHashSet(),
            new HashSet<string>
            {
                "red-flag", "patient-not-answered", "undelivered", "number-unreachable", "wrong-number", "sender-paused", "sender-filtered", "inbox",
                "reschedule", "cancelled-by-patient", "low-rating", "unclear-patient",
            });
    }

    [Fact]
    public async Task The_audit_tells_of_staff_booking_system_and_commands_on_many()
    {
        IReadOnlyList<JsonObject> audit = await clinic.AllAsync("clinics/glow/audit");
        Assert.Subset(
            audit.Select(line => (string)line["action"]!).ToHashSet(),
            new HashSet<string> { "session-booked", "session-no-show", "session-paused", "session-failed", "bulk-started", "patient-erased", "message-answered" });
        Assert.Contains(audit, line => ((string)line["actor"]!).StartsWith("key:booking-system-", StringComparison.Ordinal));
        Assert.Subset(
            (await clinic.AllAsync("keys")).Select(key => (string)key["name"]!).ToHashSet(), new HashSet<string> { "Booking system", "Reporting", "Old website" });
    }

    [Fact]
    public async Task Texts_go_on_arriving_and_one_of_unknown_outcome_is_found_out()
    {
        long started = Stopwatch.GetTimestamp();
        string[] states = [.. await StatesUntilAsync(started, state => state == "unknown"), .. await StatesUntilAsync(started, state => state is "sent" or "delivered")];
        Assert.Contains("unknown", states);
    }

    [Fact]
    public async Task What_the_console_says_signs_in_and_today_shows_numbers()
    {
        using HttpClient browser = await clinic.SignInAsync();
        foreach (string name in (string[])["glow", "harbor"])
        {
            string page = await browser.GetStringAsync($"/dashboard/clinics/{name}/today", s_none);
            Assert.Contains("Harbor Laser Studio", page, StringComparison.Ordinal);
            Assert.Contains("Glow Skin Clinic", page, StringComparison.Ordinal);
            Assert.Contains(Numbers().Matches(page), match => match.Groups[1].Value != "0");
        }
    }

    [Fact]
    public async Task A_directory_with_something_else_in_it_is_refused()
    {
        using TemporaryDirectory directory = new();
        await File.WriteAllTextAsync(directory.File("followup.db"), "a real clinic's", s_none);
        FollowUpCommand demo = await FollowUpCommand.RunAsync("demo", "--keep", "--data", directory.Path);
        Assert.Equal(1, demo.ExitCode);
        Assert.Contains("is not empty and holds no demonstration", Assert.Single(demo.Errors), StringComparison.Ordinal);
        Assert.Equal("a real clinic's", await File.ReadAllTextAsync(directory.File("followup.db"), s_none));
    }

    [Theory]
    [InlineData("--patients needs --keep.", "--patients", "80")]
    [InlineData("--bookings does not go with --keep", "--keep", "--bookings", "some.csv")]
    [InlineData("--patients takes a number from 80 to 1000.", "--keep", "--patients", "12")]
    [InlineData("--today must be a Tuesday", "--keep", "--today", "2027-03-03")]
    [InlineData("--today takes a date such as 2027-03-02", "--keep", "--today", "soon")]
    [InlineData("--minutes-per-second takes a number above 0", "--keep", "--minutes-per-second", "0")]
    public async Task Options_that_make_no_sense_are_refused_by_name(string refusal, params string[] options)
    {
        FollowUpCommand demo = await FollowUpCommand.RunAsync(["demo", .. options]);
        Assert.NotEqual(0, demo.ExitCode);
        Assert.Contains(demo.Errors, line => line.StartsWith(refusal, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_day_and_number_of_patients_give_the_same_story()
    {
        ClinicStory again = new(new StoryCalendar(LocalDatePattern.Iso.Parse(KeptClinic.Today).Value, DateTimeZoneProviders.Tzdb["America/New_York"]), KeptClinic.Patients);
        Assert.Equal(s_story.Acts.Select(act => act.At), again.Acts.Select(act => act.At));
        Assert.Equal(s_story.UnknownSession, again.UnknownSession);
    }

    private async Task<IReadOnlyList<string>> StatesUntilAsync(long started, Func<string, bool> isReached)
    {
        while (true)
        {
            JsonObject view = (await clinic.Api.GetFromJsonAsync<JsonObject>($"clinics/glow/sessions/{s_story.UnknownSession}", s_none))!;
            string state = (string)view["timeline"]!.AsArray().Single(step => (string)step!["step"]! == "remind-1d")!["state"]!;
            if (isReached(state))
            {
                return [state];
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(3), $"The reminder of {s_story.UnknownSession} is still '{state}'.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, s_none);
        }
    }

    [GeneratedRegex(@">\s*(\d+)\s*<")]
    private static partial Regex Numbers();
}

/// <summary>Stopping the demo that stays; apart, because it ends what the other tests look at.</summary>
[Collection(ProcessCollection.Name)]
public sealed class KeptDemoStopTests
{
    [Fact]
    public async Task Ctrl_C_stops_it_cleanly_and_the_same_command_goes_on_with_its_data()
    {
        await using KeptClinic clinic = new();
        await clinic.InitializeAsync();
        clinic.Process.Interrupt();
        Assert.Equal(0, await clinic.Process.ExitAsync(TimeSpan.FromMinutes(1)));
        Assert.Empty(clinic.Process.Errors);
        Assert.StartsWith("Stopped. The clinic stays in ", clinic.Process.Output.Last(line => line.StartsWith("Stopped", StringComparison.Ordinal)), StringComparison.Ordinal);

        // Begun anew it would take its time; so it is there at once, with the same key.
        await using ChildProcess again = ChildProcess.Start("followup", Path.GetTempPath(), new Dictionary<string, string>(), "demo", "--keep", "--urls", "http://127.0.0.1:0", "--data", clinic.Data);
        long started = Stopwatch.GetTimestamp();
        while (!again.Output.Contains("Ctrl+C stops it."))
        {
            Assert.True(!again.HasExited && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), again.Transcript());
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Contains(again.Output, line => line.Contains(clinic.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(again.Output, line => line.StartsWith("Ready after", StringComparison.Ordinal));
        again.Interrupt();
        Assert.Equal(0, await again.ExitAsync(TimeSpan.FromMinutes(1)));
    }
}
