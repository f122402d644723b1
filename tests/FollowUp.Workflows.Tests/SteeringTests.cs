using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Sms;
using FollowUp.Testing;
using Microsoft.DurableTask.Client;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>What a patient gets of a course that staff steer, on the real engine.</summary>
public class SteeringTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_pause_over_a_due_time_costs_what_lapses_in_it_and_nothing_else()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await clinic.OrderAsync(SessionCommandKind.Pause);

        // prep-7d is useful for four days from the 24th: it lapses. remind-3d, of the 28th, is useful for two.
        await clinic.AfterAsync(Duration.FromDays(7));
        Assert.Empty(clinic.Twilio.Messages);
        Assert.Equal(SessionState.Paused, (await clinic.ViewAsync()).State);
        await clinic.OrderAsync(SessionCommandKind.Resume);
        await clinic.PlayAsync();

        var view = await clinic.ViewAsync();
        Assert.Equal(("prep-7d", LapsedInPause), view.Timeline.Where(step => step.State != StepState.Sent).Select(step => (step.Step, step.Reason)).Single());
        Assert.Equal(9, clinic.Twilio.Messages.Count);
        Assert.Contains(clinic.Twilio.Messages[0].Sms.Body, view.Timeline.Single(step => step.Step == "remind-3d").Text, StringComparison.Ordinal);
        Assert.Equal(["undelivered prep-7d"], clinic.Column("SELECT kind || ' ' || step FROM alerts WHERE step IS NOT NULL"));
    }

    [Fact]
    public async Task A_pause_that_outlasts_everything_ends_the_session_with_each_text_told_to_staff()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await clinic.OrderAsync(SessionCommandKind.Pause);
        var instance = await clinic.PlayAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.RuntimeStatus);
        var view = await clinic.ViewAsync();
        Assert.Equal(SessionState.Completed, view.State);
        Assert.All(view.Timeline, step => Assert.Equal((StepState.Skipped, LapsedInPause), (step.State, step.Reason)));
        Assert.Empty(clinic.Twilio.Messages);
        Assert.Equal(10, clinic.Column("SELECT step FROM alerts WHERE kind = 'undelivered'").Count);
    }

    [Fact]
    public async Task A_pause_while_Twilio_has_the_text_leaves_it_sent_and_holds_the_next()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        clinic.Twilio.AfterTaking = async _ =>
        {
            clinic.Twilio.AfterTaking = _ => Task.CompletedTask;
            await clinic.OrderAsync(SessionCommandKind.Pause);
        };
        await clinic.PlayAsync();

        Assert.Single(clinic.Twilio.Messages);
        Assert.Equal(StepState.Sent, (await clinic.StepAsync("prep-7d")).State);
        Assert.Equal(LapsedInPause, (await clinic.StepAsync("remind-3d")).Reason);
    }

    [Fact]
    public async Task A_text_of_unknown_outcome_is_settled_in_a_pause_and_not_sent_again_before_its_end()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        clinic.Twilio.Next(async _ =>
        {
            await clinic.OrderAsync(SessionCommandKind.Pause);
            return new SendOutcome.Unknown("no answer, not taken");
        });
        await clinic.AfterAsync(Duration.FromDays(3));
        await UntilAsync(async () => (await clinic.StepAsync("prep-7d")).State == StepState.Planned);
        Assert.Empty(clinic.Twilio.Messages);
        await clinic.OrderAsync(SessionCommandKind.Resume);
        await clinic.PlayAsync();
        Assert.Equal(10, clinic.Twilio.Messages.Count);
    }

    [Fact]
    public async Task The_sweep_does_not_revive_a_paused_session_and_a_resume_does()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await UntilAsync(async () => (await clinic.ViewAsync()).State == SessionState.Waiting);
        await clinic.OrderAsync(SessionCommandKind.Pause);
        await clinic.Client.TerminateInstanceAsync(Some.Session.InstanceId, None);
        await UntilAsync(async () => (await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, None))!.IsCompleted);
        await clinic.AfterAsync(Duration.FromDays(6));
        await clinic.Sweep.RunAsync(clinic.Client, None);
        Assert.Equal(SessionState.Paused, (await clinic.ViewAsync()).State);
        Assert.True((await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, None))!.IsCompleted);

        await clinic.OrderAsync(SessionCommandKind.Resume);
        await clinic.PlayAsync();
        Assert.Equal(9, clinic.Twilio.Messages.Count);
    }

    [Fact]
    public async Task A_retry_starts_the_orchestration_of_a_failed_session_anew()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await UntilAsync(async () => (await clinic.ViewAsync()).State == SessionState.Waiting);
        await clinic.Client.TerminateInstanceAsync(Some.Session.InstanceId, None);
        await UntilAsync(async () => (await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, None))!.IsCompleted);
        await clinic.AfterAsync(Duration.FromDays(3));
        await clinic.Sweep.RunAsync(clinic.Client, None);
        Assert.Equal(SessionState.Failed, (await clinic.ViewAsync()).State);

        await clinic.OrderAsync(SessionCommandKind.Retry);
        await clinic.PlayAsync();
        Assert.Equal(SessionState.Completed, (await clinic.ViewAsync()).State);
        Assert.Equal(10, clinic.Twilio.Messages.Count);
    }

    [Fact]
    public async Task A_retried_text_goes_at_once_although_its_session_had_ended()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        foreach (var step in (await clinic.ViewAsync()).Timeline.Skip(1))
        {
            await clinic.OrderAsync(SessionCommandKind.Skip, step.Step);
        }

        clinic.Twilio.NextIs(new SendOutcome.Refused(21617, "too long"));
        await clinic.PlayAsync();
        Assert.Equal((SessionState.Completed, StepState.Undelivered), ((await clinic.ViewAsync()).State, (await clinic.StepAsync("prep-7d")).State));
        await clinic.OrderAsync(SessionCommandKind.Retry, "prep-7d");
        await UntilAsync(async () => (await clinic.StepAsync("prep-7d")).State == StepState.Sent);
        Assert.Single(clinic.Twilio.Messages);
    }

    [Fact]
    public async Task Skipping_all_that_is_left_ends_the_session()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await clinic.BookAsync(Some.Booking);
        foreach (var step in (await clinic.ViewAsync()).Timeline)
        {
            await clinic.OrderAsync(SessionCommandKind.Skip, step.Step);
        }

        // Without time passing.
        await clinic.Client.WaitForInstanceCompletionAsync(Some.Session.InstanceId, None);
        var view = await clinic.ViewAsync();
        Assert.Equal(SessionState.Completed, view.State);
        Assert.All(view.Timeline, step => Assert.Equal(NotPlanned.SkippedByStaff, step.Reason));
    }

    private const string LapsedInPause = "its time passed while the session was paused";

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
