using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Testing;
using FollowUp.Workflows.Bulk;
using FollowUp.Workflows.Running;
using Microsoft.DurableTask.Client;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NodaTime;
using static FollowUp.Workflows.Tests.ManySessions;

namespace FollowUp.Workflows.Tests;

/// <summary>One command on many sessions, through the real engine and the real store.</summary>
public sealed class BulkCommandTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionCommand SkipReminder = new(SessionCommandKind.Skip) { Step = "remind-3d" };

    [Fact]
    public async Task A_step_is_skipped_for_five_hundred_sessions_each_once_although_the_engine_is_torn_down_in_between()
    {
        const int sessions = 500;
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, sessions);

        // The engine goes while a batch is at work: twice after its transaction, and before the orchestration has heard of it.
        var batches = 0;
        using var tearDown = new SemaphoreSlim(0);
        clinic.OnActivity = (name, _) =>
        {
            if (name == nameof(BulkActivities.RunBulkBatch) && Interlocked.Increment(ref batches) is 4 or 9)
            {
                tearDown.Release();
            }
        };
        var bulk = await StartAsync(clinic, new SessionFilter(), SkipReminder);
        Assert.Equal(sessions, bulk.Total);
        for (var restarts = 0; restarts < 2; restarts++)
        {
            Assert.True(await tearDown.WaitAsync(TimeSpan.FromSeconds(60)));
            await clinic.RestartEngineAsync();
        }

        var done = await UntilOverAsync(clinic, bulk.Id);
        Assert.Equal((BulkState.Completed, sessions, 0, 0), (done.State, done.Done, done.Unchanged, done.Refused));
        Assert.Equal(sessions, clinic.Column("SELECT session_id FROM steps WHERE step = 'remind-3d' AND state = 'skipped' AND reason = 'skipped by staff'").Distinct().Count());
        var audited = clinic.Column("SELECT subject FROM audit WHERE action = 'session-step-skipped' AND actor = 'nurse'");
        Assert.Equal((sessions, sessions), (audited.Count, audited.Distinct().Count()));
        Assert.Equal(["3"], clinic.Column("SELECT DISTINCT revision || '' FROM sessions"));
    }

    [Fact]
    public async Task Sessions_whose_orchestrations_were_told_send_nothing_of_what_was_skipped()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, 30);
        await UntilOverAsync(clinic, (await StartAsync(clinic, new SessionFilter(), SkipReminder)).Id);
        await clinic.PlayAsync(KeyOf(7));
        await clinic.PlayAsync(KeyOf(23));
        Assert.Equal(9, clinic.Twilio.Messages.Count(message => message.Sms.To == PhoneOf(7)));
        Assert.Equal(9, clinic.Twilio.Messages.Count(message => message.Sms.To == PhoneOf(23)));
    }

    [Fact]
    public async Task Sessions_that_it_is_refused_for_are_counted_with_their_reasons_and_named()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, 30);
        for (var number = 0; number < 12; number++)
        {
            await clinic.Get<SessionCommandStore>().RunAsync(KeyOf(number), new SessionCommand(SessionCommandKind.Pause), "nurse", None);
        }

        await clinic.Get<SessionCommandStore>().RunAsync(KeyOf(20), SkipReminder with { Step = "prep-7d" }, "nurse", None);
        var sendNow = new SessionCommand(SessionCommandKind.SendNow) { Step = "prep-7d" };
        var preview = (await clinic.Get<BulkCommandStore>().PreviewAsync("glow", new SessionFilter(), sendNow, 1000, None))!;
        Assert.Equal((30, 30, 17, 0, 13), (preview.Total, preview.Checked, preview.WouldChange, preview.Unchanged, preview.Refused));
        var bulk = await UntilOverAsync(clinic, (await StartAsync(clinic, new SessionFilter(), sendNow)).Id);

        RefusalCount[] reasons = [new("The session is paused: resume it first.", 12), new("The step is skipped by staff: retry it first.", 1)];
        Assert.Equal(reasons, preview.Reasons);
        Assert.Equal((17, 13), (bulk.Done, bulk.Refused));
        Assert.Equal(reasons, bulk.Reasons);
        Assert.Equal(preview.Refusals, bulk.Refusals);
        Assert.Contains(new Refusal("s-20", "The step is skipped by staff: retry it first."), bulk.Refusals);
    }

    [Fact]
    public async Task A_preview_changes_nothing_and_says_what_the_command_does()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, 20);
        var before = clinic.Column("SELECT group_concat(session_id || step || state || COALESCE(reason, '') || due_at) FROM steps");
        foreach (var kind in Enum.GetValues<SessionCommandKind>())
        {
            var command = new SessionCommand(kind) { Step = SessionCommand.TakesStep(kind) == true ? "prep-7d" : null, PlanVersion = 1 };
            var preview = (await clinic.Get<BulkCommandStore>().PreviewAsync("glow", new SessionFilter(), command, 15, None))!;
            var most = kind is SessionCommandKind.SendNow or SessionCommandKind.MoveToPlan ? 15 : 20;
            Assert.Equal((20, most), (preview.Total, preview.Checked));
            Assert.Equal(kind is SessionCommandKind.Resume ? (0, 20, 0) : kind is SessionCommandKind.Retry ? (0, 0, 20) : (most, 0, 0),
                (preview.WouldChange, preview.Unchanged, preview.Refused));
            Assert.Equal(preview.WouldChange, preview.Sessions.Count);
        }

        Assert.Equal(before, clinic.Column("SELECT group_concat(session_id || step || state || COALESCE(reason, '') || due_at) FROM steps"));
        Assert.Equal(["2"], clinic.Column("SELECT DISTINCT revision || '' FROM sessions"));
    }

    [Fact]
    public async Task A_command_that_is_stopped_leaves_the_rest_as_it_is()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, 60);
        var bulks = clinic.Get<BulkCommandStore>();
        var bulk = (await bulks.StartAsync("glow", new SessionFilter(), SkipReminder, "nurse", None))!;
        Assert.Equal(25, (await bulks.RunBatchAsync("glow", bulk.Id, 25, None)).Bulk!.Done);
        await bulks.StopAsync("glow", bulk.Id, "nurse", None);
        Assert.True((await bulks.RunBatchAsync("glow", bulk.Id, 25, None)).IsOver);
        await clinic.Get<SideOrchestrations>().StartBulkAsync(clinic.Client, new BulkKey("glow", bulk.Id), None);
        await clinic.Client.WaitForInstanceCompletionAsync(new BulkKey("glow", bulk.Id).InstanceId, None);

        var stopped = (await bulks.FindAsync("glow", bulk.Id, None))!;
        Assert.Equal((BulkState.Stopped, 60, 25), (stopped.State, stopped.Total, stopped.Done));
        Assert.Equal(25, clinic.Column("SELECT session_id FROM steps WHERE reason = 'skipped by staff'").Count);
    }

    [Fact]
    public async Task One_session_that_always_fails_does_not_keep_the_others_from_their_turn()
    {
        var poison = new Poison();
        await using var clinic = await ClinicUnderTest.OpenAsync(storeFaults: poison);
        await BookManyAsync(clinic, 30);
        poison.Session = "s-3";
        var bulk = await StartAsync(clinic, new SessionFilter(), SkipReminder);
        clinic.LetTheClockRun();
        var done = await UntilOverAsync(clinic, bulk.Id);
        Assert.Equal((BulkState.Completed, 29, 1), (done.State, done.Done, done.Refused));
        Assert.Equal("s-3", Assert.Single(done.Refusals).Session);
    }

    [Fact]
    public async Task A_command_whose_orchestration_was_never_started_is_started_by_the_sweep()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, 30);
        var bulk = (await clinic.Get<BulkCommandStore>().StartAsync("glow", new SessionFilter(), SkipReminder, "nurse", None))!; // and then the process died
        await clinic.AfterAsync(Duration.FromMinutes(2));
        await clinic.Sweep.RunAsync(clinic.Client, None);
        Assert.Equal(30, (await UntilOverAsync(clinic, bulk.Id)).Done);
    }

    [Fact]
    public async Task Its_history_and_its_record_hold_no_name_and_no_number()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookManyAsync(clinic, 30);
        var bulk = await UntilOverAsync(clinic, (await StartAsync(clinic, new SessionFilter { Search = "Ada", Plan = Some.PlanId }, SkipReminder)).Id);
        Assert.Equal("""{"state":["scheduled","waiting","paused","failed"],"plan":"microneedling-acne-scars","searched":true}""", bulk.Filter);
        var instance = (await clinic.Client.GetInstanceAsync(new BulkKey("glow", bulk.Id).InstanceId, getInputsAndOutputs: true, None))!;
        Assert.Equal($$"""{"Clinic":"glow","Bulk":"{{bulk.Id}}"}""", instance.SerializedInput);
        Assert.Equal("""{"Total":30,"Done":30,"Unchanged":0,"Refused":0,"IsOver":true}""", instance.SerializedCustomStatus);
    }

    private static async Task<BulkView> StartAsync(ClinicUnderTest clinic, SessionFilter filter, SessionCommand command)
    {
        var bulk = (await clinic.Get<BulkCommandStore>().StartAsync("glow", filter, command, "nurse", None))!;
        await clinic.Get<SideOrchestrations>().StartBulkAsync(clinic.Client, new BulkKey("glow", bulk.Id), None);
        return bulk;
    }

    private static async Task<BulkView> UntilOverAsync(ClinicUnderTest clinic, string bulk)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await clinic.Client.WaitForInstanceCompletionAsync(new BulkKey("glow", bulk).InstanceId, patience.Token);
        return (await clinic.Get<BulkCommandStore>().FindAsync("glow", bulk, None))!;
    }

    /// <summary>A store in which one session cannot be written.</summary>
    private sealed class Poison : SaveChangesInterceptor
    {
        public string? Session { get; set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            Session is { } session && eventData.Context!.ChangeTracker.Entries().Any(entry =>
                entry.Metadata.ClrType.Name == "AuditRow" && (string?)entry.Property("Subject").CurrentValue == session)
                ? throw new InvalidOperationException("This row cannot be written.")
                : ValueTask.FromResult(result);
    }
}
