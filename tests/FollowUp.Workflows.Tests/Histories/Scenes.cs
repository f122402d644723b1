using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Bulk;
using FollowUp.Data.Clinics;
using FollowUp.Data.Imports;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Data.Webhooks;
using FollowUp.Testing;
using FollowUp.Workflows.Imports;
using FollowUp.Workflows.Running;
using Microsoft.DurableTask.Client;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>What is played to record histories: together every way that each orchestrator can go, ended and under way.</summary>
internal static class Scenes
{
    private const string Nurse = "+14155550188";
    private static readonly CancellationToken None = CancellationToken.None;

    public static IReadOnlyDictionary<string, Func<ClinicUnderTest, Task>> All { get; } = new Dictionary<string, Func<ClinicUnderTest, Task>>
    {
        ["whole-session"] = async clinic =>
        {
            await clinic.BookAsync(Some.Booking);
            await clinic.PlayAsync();
        },
        ["waiting"] = async clinic =>
        {
            await clinic.BookAsync(Some.Booking);
            await UntilWaitingAsync(clinic);
        },
        ["moved-then-cancelled"] = async clinic =>
        {
            await clinic.BookAsync(Some.Booking);
            await clinic.AfterAsync(Duration.FromDays(3));
            await clinic.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(2) });
            await clinic.AfterAsync(Duration.FromDays(1));
            await clinic.ReportAsync(SessionOutcome.Cancelled);
            await clinic.PlayAsync();
        },
        ["moved-all-the-time"] = async clinic =>
        {
            await clinic.BookAsync(Some.Booking);
            for (var minute = 1; minute <= 60; minute++)
            {
                await clinic.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromMinutes(minute) });
                await UntilAsync(async () => (await clinic.ViewAsync()).Next?.DueAt == Some.SessionStart + Duration.FromMinutes(minute) - Duration.FromDays(7));
            }
        },
        ["worker-died"] = async clinic =>
        {
            clinic.Twilio.NextIsTakenAndTheWorkerDies();
            await clinic.BookAsync(Some.Booking);
            await clinic.PlayAsync();
        },
        ["suspended-and-resumed"] = async clinic =>
        {
            await clinic.BookAsync(Some.Booking);
            await UntilWaitingAsync(clinic);
            await clinic.Client.SuspendInstanceAsync(Some.Session.InstanceId, "a look", None);
            await UntilAsync(async () => (await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, None))!.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
            await clinic.ReportAsync(SessionOutcome.Completed);
            await clinic.Client.ResumeInstanceAsync(Some.Session.InstanceId, null, None);
            await clinic.PlayAsync();
        },
        ["terminated"] = async clinic =>
        {
            await clinic.BookAsync(Some.Booking);
            await UntilWaitingAsync(clinic);
            await clinic.Client.TerminateInstanceAsync(Some.Session.InstanceId, "by hand", None);
            await UntilAsync(async () => (await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, None))!.IsCompleted);
        },
        ["red-flag"] = async clinic =>
        {
            await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
            await clinic.BookAsync(Some.Booking);
            await clinic.ReceiveAsync("I have a fever and pus");
            clinic.LetTheClockRun();
            await UntilAsync(() => Task.FromResult(clinic.Twilio.Messages.Count(message => message.Sms.To == Nurse) >= 3));
            await clinic.ReceiveAsync("OK", from: Nurse);
            await clinic.ReceiveAsync("STOP");
            await clinic.PlayAsync();
        },
        ["alerts-posted"] = async clinic =>
        {
            await using var receiver = await Receiver.StartAsync();
            receiver.Status = post => receiver.Posts.Count < 3 ? 503 : 200;
            await clinic.Get<ClinicStore>().PutAsync(Some.Clinic with { StaffAlerts = [receiver.Url.ToString()] }, "test", None);
            await clinic.ReceiveAsync("Which sunscreen do you recommend?", from: "+14155550777");
            clinic.LetTheClockRun();
            await UntilAsync(() => Task.FromResult(clinic.Column("SELECT state FROM webhook_posts") is [not "waiting"]));
        },
        ["events-posted"] = async clinic =>
        {
            await using var receiver = await Receiver.StartAsync();
            receiver.Status = post => receiver.Posts.Count < 3 ? 503 : 200;
            await clinic.Get<ClinicStore>().PutAsync(
                Some.Clinic with { Webhooks = [new Subscription(receiver.Url, Enum.GetValues<ClinicEventKind>())] }, "test", None);
            await clinic.BookAsync(Some.Booking);
            await clinic.ReceiveAsync("What should I bring?");
            await clinic.PlayAsync();
            await UntilAsync(() => Task.FromResult(clinic.Column("SELECT event_id FROM webhook_events").Count == 0));
        },
        ["paused-together"] = async clinic =>
        {
            await ManySessions.BookManyAsync(clinic, 60);
            var bulk = (await clinic.Get<BulkCommandStore>().StartAsync("glow", new SessionFilter(), new SessionCommand(SessionCommandKind.Pause), "nurse", None))!;
            await clinic.Get<SideOrchestrations>().StartBulkAsync(clinic.Client, new BulkKey("glow", bulk.Id), None);
            await clinic.Client.WaitForInstanceCompletionAsync(new BulkKey("glow", bulk.Id).InstanceId, None);
        },
        ["imported"] = async clinic =>
        {
            var lines = Enumerable.Range(0, 250).Select(number => new ImportLine(number + 2, ManySessions.BookingOf(number), []));
            var import = (await clinic.Get<ImportStore>().StartAsync("glow", new NewImport(new string('a', 64), [.. lines]), again: false, "test", None)).Import!;
            await clinic.Get<SideOrchestrations>().StartImportAsync(clinic.Client, "glow", import.Id, None);
            await clinic.Client.WaitForInstanceCompletionAsync(ImportBookings.InstanceId("glow", import.Id), None);
        },
    };

    private static Task UntilWaitingAsync(ClinicUnderTest clinic) => UntilAsync(async () =>
        (await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, getInputsAndOutputs: true, None))?.SerializedCustomStatus?.Contains("prep-7d", StringComparison.Ordinal) == true);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
