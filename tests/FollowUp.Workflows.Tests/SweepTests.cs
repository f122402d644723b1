using FollowUp.Data;
using FollowUp.Testing;
using Microsoft.DurableTask.Client;
using NodaTime;

namespace FollowUp.Workflows.Tests;

public class SweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_session_whose_orchestration_was_never_started_is_started()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Sessions.BookAsync(Some.Booking, "test", None); // and then the process died
        await clinic.AfterAsync(Duration.FromMinutes(2));
        await clinic.Sweep.RunAsync(clinic.Client, None);
        await clinic.PlayAsync();

        Assert.Equal(10, clinic.Twilio.Messages.Count);
    }

    [Fact]
    public async Task A_change_whose_signal_was_lost_reaches_the_orchestration()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await clinic.Client.WaitForInstanceStartAsync(Some.Session.InstanceId, None);
        await clinic.Sessions.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(7) }, "test", None);
        await clinic.AfterAsync(Duration.FromMinutes(2));
        await clinic.Sweep.RunAsync(clinic.Client, None);
        await clinic.PlayAsync();

        Assert.Equal(Some.SessionStart, (await clinic.StepAsync("prep-7d")).SentAt);
    }

    [Fact]
    public async Task A_session_whose_orchestration_was_terminated_shows_as_failed_once_a_text_is_late()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await WaitUntilAsync(async () => (await clinic.ViewAsync()).State == SessionState.Waiting);
        await clinic.Client.TerminateInstanceAsync(Some.Session.InstanceId, None);
        await WaitUntilAsync(async () => (await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, None))!.IsCompleted);
        await clinic.AfterAsync(Duration.FromDays(3));
        await clinic.Sweep.RunAsync(clinic.Client, None);

        Assert.Equal(SessionState.Failed, (await clinic.ViewAsync()).State);
    }

    [Fact]
    public async Task An_ended_session_is_looked_at_once_and_then_let_be()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Sessions.BookAsync(Some.Booking, "test", None);
        await clinic.Sessions.ReportOutcomeAsync(Some.Session, Core.Timelines.SessionOutcome.Cancelled, null, "test", None);
        await clinic.AfterAsync(Duration.FromMinutes(2));
        await clinic.Sweep.RunAsync(clinic.Client, None);

        Assert.Null(await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, None));
        Assert.Empty(await clinic.Get<Data.Health.AttentionStore>().UnseenAsync(Duration.Zero, 10, None));
    }

    [Fact]
    public async Task Alerts_and_their_texts_and_posts_whose_orchestrations_were_never_started_are_started()
    {
        const string Nurse = "+14155550188";
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.Get<Data.Clinics.ClinicStore>().PutAsync(
            Some.Clinic with { StaffAlerts = [Nurse, "http://127.0.0.1:1/nobody"] }, "test", None);
        await clinic.Sessions.BookAsync(Some.Booking, "test", None);

        // The process dies after each of the store's transactions, before the engine hears of it.
        await clinic.Inbound.ReceiveAsync(new Data.Inbox.ReceivedText("SM-1", Some.Patient.Phone, ClinicUnderTest.Sender, "I have a fever"), None);
        await clinic.AfterAsync(Duration.FromMinutes(2));
        Assert.Empty(clinic.Twilio.Messages);
        await clinic.Sweep.RunAsync(clinic.Client, None);
        await WaitUntilAsync(() => Task.FromResult(clinic.Twilio.Messages.Any(message => message.Sms.To == Some.Patient.Phone)));
        await WaitUntilAsync(() => Task.FromResult(clinic.Twilio.Messages.Any(message => message.Sms.To == Nurse)));

        await clinic.Client.TerminateInstanceAsync(Workflows.Alerts.StaffAlerts.InstanceId("glow"), None);
        await clinic.Client.WaitForInstanceCompletionAsync(Workflows.Alerts.StaffAlerts.InstanceId("glow"), None);
        await clinic.AfterAsync(Duration.FromMinutes(16));
        var notice = await clinic.Get<Data.Alerts.AlertStore>().TellAsync("glow", null, None);
        Assert.Equal((1, 1), (notice.Texts.Count, notice.Posts.Count));
        await clinic.AfterAsync(Duration.FromMinutes(2));
        await clinic.Sweep.RunAsync(clinic.Client, None);
        await WaitUntilAsync(() => Task.FromResult(clinic.Twilio.Messages.Count(message => message.Sms.To == Nurse) >= 2));
        await WaitUntilAsync(() => Task.FromResult(clinic.Column($"SELECT state FROM webhook_posts WHERE id = '{notice.Posts[0]}' AND attempts > 0").Count == 1));
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
