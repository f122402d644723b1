using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using FollowUp.EmbeddedHost.Clock;
using FollowUp.EmbeddedHost.Engine;
using FollowUp.EndToEnd.Tests.Support;
using FollowUp.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace FollowUp.EndToEnd.Tests;

/// <summary>
/// <c>kill -9</c> of the app again and again, while Twilio lives on as a process of its own. 8 kills; 30 with <c>FOLLOWUP_FULL</c> set.
/// <c>FOLLOWUP_SEED</c> repeats the moments of an earlier run.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Patients = 8;
    private const int SessionsEach = 3;
    private const double DaysPerSecond = 40;
    private static readonly DateTimeOffset s_start = new(2027, 3, 1, 15, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task However_often_the_app_is_killed_each_step_is_sent_exactly_once()
    {
        bool full = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FOLLOWUP_FULL"));
        int seed = int.TryParse(Environment.GetEnvironmentVariable("FOLLOWUP_SEED"), CultureInfo.InvariantCulture, out int given)
            ? given
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"FOLLOWUP_SEED={seed}");

        using TemporaryDirectory directory = new();
        string address = FollowUpApp.FreeAddress();
        await using EmulatorProcess emulator = await EmulatorProcess.StartAsync(directory.Path, address);
        await using SlowLine line = await SlowLine.OpenAsync(emulator.Address, seed);
        Dictionary<string, string> settings = new(EmulatorProcess.AppSettings(line.Address))
        {
            ["FollowUp__Clock__Start"] = s_start.ToString("o"),
        };
        await using FollowUpApp app = new(directory.Path, address, settings);

        // What a kill leaves unknown is settled by Twilio's report or by its list: half of the patients have no reports.
        await emulator.LoseReportsAsync(
            Sessions().Where(session => !session.IsReported).Select(session => Some.Phone(session.Patient)).Distinct());
        await app.StartAsync(FollowUpApp.NearlyStill);
        await BookAllAsync(app);
        await app.KillAsync();

        await KillAgainAndAgainAsync(app, emulator.Twilio, new KillPlan(seed, full ? 30 : 8));

        await app.StartAsync(DaysPerSecond);

        // A report that met a dead app five times is lost, as at Twilio: what is judged here is what was sent.
        IReadOnlyList<SessionAnswer> ended = await app.EndedAsync([.. Sessions().Select(session => session.Name)], isReported: _ => false);
        Assert.All(ended, session => Assert.Equal("completed", session.State));
        SentOnce.AssertEachStepIsOneText(
            await emulator.Twilio.ListAsync(),
            ended.Zip(Sessions(), (answer, session) => (answer, Some.Phone(session.Patient), session.Steps)),
            $"FOLLOWUP_SEED={seed}.");

        // Nor did a kill make any text late: the clock goes on from where it was, and stands still while a text is due.
        Assert.All(ended.SelectMany(session => session.Timeline).Where(step => step.SentAt is not null), step => Assert.InRange(
            step.SentAt!.Value, step.DueAt.AddSeconds(-5), step.DueAt.AddMinutes(5)));
        Assert.Equal(
            """{"status":"healthy","problems":[]}""",
            await app.Http.GetStringAsync("/api/health", TestContext.Current.CancellationToken));
        Assert.Equal(0, await app.StopAsync());
        int settled = app.Log.Count(line => line.Contains("UnknownSettler", StringComparison.Ordinal));
        output.WriteLine($"Sends settled by Twilio's list: {settled}");
        AssertNoErrorIsLogged(app.Log);
        await AssertEngineIsCleanAsync(Path.Combine(app.DataDirectory, "engine.db"));
    }

    private async Task KillAgainAndAgainAsync(FollowUpApp app, TwilioApi twilio, KillPlan plan)
    {
        int all = Sessions().Sum(session => session.Steps.Length);
        while (plan.Left > 0)
        {
            int before = (await twilio.ListAsync()).Count;
            KillMoment moment = plan.Next(before, all);
            app.Launch(DaysPerSecond);
            if (moment.WaitUntilUp)
            {
                await app.UntilUpAsync();
            }

            await Eventually.GetAsync(
                $"{moment.MoreTexts} more texts",
                async () => (await twilio.ListAsync()).Count >= before + moment.MoreTexts ? "there" : null,
                s_patience,
                app.Transcript);
            await Task.Delay(moment.Then, TimeProvider.System, TestContext.Current.CancellationToken);
            await app.KillAsync();
            output.WriteLine($"Killed: {moment}; {(await twilio.ListAsync()).Count} of {all} texts.");
        }
    }

    private static async Task BookAllAsync(FollowUpApp app)
    {
        await app.PutClinicAsync();
        foreach ((string name, int patient, int number, _, _) in Sessions())
        {
            await app.BookAsync(
                name,
                Some.Booking(patient, s_start.AddDays(14 + (28 * (number - 1))), number, SessionsEach, patient % 2 == 0 ? "en" : "es"),
                HttpStatusCode.Accepted);
        }
    }

    /// <summary>Every patient's whole course, all at the same times, so that many texts are under way at once.</summary>
    private static IEnumerable<(string Name, int Patient, int Number, string[] Steps, bool IsReported)> Sessions() =>
        from patient in Enumerable.Range(1, Patients)
        from number in Enumerable.Range(1, SessionsEach)
        select ($"p{patient}-{number}", patient, number, Steps(number), patient > Patients / 2);

    private static string[] Steps(int number) => number switch
    {
        1 => Some.FirstSessionCare,
        SessionsEach => [.. Some.LaterSessionCare, .. Some.AfterTheCourse],
        _ => Some.LaterSessionCare,
    };

    private static void AssertNoErrorIsLogged(IEnumerable<string> log)
    {
        string[] signs = [" ERROR ", " FATAL ", "Unhandled exception", " warn  Engine:"];
        Assert.DoesNotContain(log, line => signs.Any(sign => line.Contains(sign, StringComparison.Ordinal)));
    }

    /// <summary>The engine's own account of it: every orchestration has completed, none was set aside.</summary>
    private static async Task AssertEngineIsCleanAsync(string path)
    {
        EngineOptions options = new() { Path = path };
        await using DurableEngine engine = new(options, new TaskRegistry(), HostClock.Real, NullLoggerFactory.Instance);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        EngineStatus status = engine.GetStatus();
        Assert.Empty(status.SetAside);
        Assert.Equal(Patients * SessionsEach, status.Instances[OrchestrationRuntimeStatus.Completed]);
        Assert.Equal(Patients * SessionsEach, status.Instances.Values.Sum());
    }
}
