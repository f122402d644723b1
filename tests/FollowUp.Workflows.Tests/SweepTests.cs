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
