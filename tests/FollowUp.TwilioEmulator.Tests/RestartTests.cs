using FollowUp.TwilioEmulator.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace FollowUp.TwilioEmulator.Tests;

public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("followup-emulator-").FullName;

    private string Database => Path.Combine(_folder, "emulator.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Messages_opt_outs_and_faults_survive_a_restart()
    {
        await using (var before = await Emulator.StartAsync(database: Database))
        {
            await before.CreateAsync();
            await before.TextAsync("STOP", from: "+14155550177");
            await before.SetFaultsAsync("""[{"kind":"too-many-requests","to":"+14155550188"}]""");
            await before.IdleAsync();
        }

        await using var after = await Emulator.StartAsync(database: Database);

        Assert.Contains("Hello Ada", await after.BodiesAsync());
        Assert.Equal("21610", (await after.CreateAsync(("To", "+14155550177")))["code"]);
        Assert.Equal("20429", (await after.CreateAsync(("To", "+14155550188")))["code"]);
    }

    [Fact]
    public async Task A_callback_whose_time_comes_after_a_restart_is_delivered()
    {
        await using var application = await Application.StartAsync();
        var clock = new ManualClock();
        await using (var before = await Emulator.StartAsync(database: Database, clock: clock))
        {
            await before.SetFaultsAsync("""[{"kind":"callback-delay","delaySeconds":60}]""");
            await before.CreateAsync(("StatusCallback", application.StatusUrl));
            await before.IdleAsync();
        }

        Assert.Empty(application.Arrivals);
        clock.Advance(TimeSpan.FromMinutes(2));
        await using var after = await Emulator.StartAsync(database: Database, clock: clock);
        await after.IdleAsync();

        Assert.Equal(["sent", "delivered"], application.Statuses);
    }

    [Fact]
    public async Task A_second_emulator_on_the_same_file_is_refused()
    {
        await using var first = await Emulator.StartAsync(database: Database);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Emulator.StartAsync(database: Database));

        Assert.Contains("in use by another process", refused.Message);
    }

    [Fact]
    public async Task A_killed_process_goes_on_where_it_was_and_repeats_the_callback_that_was_never_answered()
    {
        await using var application = await Application.StartAsync();
        var answers = new Queue<Task<IResult>>([new TaskCompletionSource<IResult>().Task]);
        application.Answer = _ => answers.TryDequeue(out var never) ? never : Task.FromResult(Results.Ok());

        string sid;
        Arrival unanswered;
        await using (var process = await EmulatorProcess.StartAsync("--database", Database))
        {
            sid = await process.CreateAsync(application.StatusUrl);
            unanswered = await application.NextAsync();
            process.Kill();
        }

        await using var restarted = await EmulatorProcess.StartAsync("--database", Database);
        var repeated = await application.NextAsync();
        var last = await application.NextAsync();

        Assert.Equal([sid, sid, sid], [unanswered["MessageSid"], repeated["MessageSid"], last["MessageSid"]]);
        Assert.Equal(["sent", "sent", "delivered"], application.Statuses);
        Assert.Equal(unanswered.Headers["I-Twilio-Idempotency-Token"], repeated.Headers["I-Twilio-Idempotency-Token"]);
    }
}
