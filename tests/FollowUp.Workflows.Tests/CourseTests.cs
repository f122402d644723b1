using FollowUp.Core.Timelines;
using FollowUp.Data;
using FollowUp.Testing;
using FollowUp.Workflows.Contracts;
using Microsoft.DurableTask.Client;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>What a patient gets over a session's whole life, on the real engine.</summary>
public class CourseTests
{
    private static readonly string[] WholeSession =
        ["prep-7d", "remind-3d", "remind-1d", "care-4h", "care-24h", "check-3d", "care-7d", "rebook-opens", "rebook-nudge", "rebook-last-call"];

    [Fact]
    public async Task Each_step_is_sent_once_at_its_time_and_then_the_orchestration_ends()
    {
        await using var clinic = await OpenAsync();
        var booked = await clinic.BookAsync(Some.Booking);
        var instance = await clinic.PlayAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.RuntimeStatus);
        var view = await clinic.ViewAsync();
        Assert.Equal(SessionState.Completed, view.State);
        Assert.Equal(WholeSession, view.Timeline.Select(step => step.Step));
        Assert.All(view.Timeline, step => Assert.Equal(StepState.Sent, step.State));
        Assert.Equal(
            booked.Session!.Timeline.Select(step => step.DueAt),
            clinic.Twilio.Messages.Select(message => Instant.FromDateTimeOffset(message.At)));
    }

    [Fact]
    public async Task Nothing_about_the_patient_enters_the_orchestrations_records()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        var instance = await clinic.PlayAsync();

        var record = instance.SerializedInput + instance.SerializedCustomStatus + instance.SerializedOutput;
        Assert.Equal("""{"Clinic":"glow","Session":"b-77"}""", instance.SerializedInput);
        Assert.DoesNotContain("Ada", record, StringComparison.Ordinal);
        Assert.DoesNotContain("4155550123", record, StringComparison.Ordinal);
        Assert.All(clinic.Twilio.Messages, message => Assert.StartsWith(
            "https://followup.example/api/twilio/status?ref=glow:b-77:", message.Sms.StatusCallback!.OriginalString, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Booking_twice_starts_one_orchestration()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await clinic.BookAsync(Some.Booking);
        await clinic.Orchestrations.StartAsync(clinic.Client, Some.Session, CancellationToken.None);
        await clinic.PlayAsync();

        Assert.Equal(WholeSession.Length, clinic.Twilio.Messages.Count);
    }

    [Fact]
    public async Task A_rescheduled_session_repeats_no_text_and_moves_the_others()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.AfterTaking = async taken =>
        {
            if (taken.Number == 1)
            {
                await clinic.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(7) });
            }
        };
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        Assert.Equal(WholeSession.Length, clinic.Twilio.Messages.Count);
        Assert.Equal(Some.SessionStart - Duration.FromDays(7), (await clinic.StepAsync("prep-7d")).SentAt);
        Assert.Equal(Some.SessionStart + Duration.FromDays(6), (await clinic.StepAsync("remind-1d")).SentAt);
    }

    [Fact]
    public async Task A_change_wakes_an_orchestration_that_waits()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        await WaitingForAsync(clinic, "prep-7d", Some.SessionStart - Duration.FromDays(7));
        await clinic.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(7) });
        await WaitingForAsync(clinic, "prep-7d", Some.SessionStart);
        await clinic.PlayAsync();

        Assert.Equal(Some.SessionStart, (await clinic.StepAsync("prep-7d")).SentAt);
    }

    [Fact]
    public async Task After_a_cancellation_nothing_more_is_sent()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.AfterTaking = taken => taken.Number == 2 ? clinic.ReportAsync(SessionOutcome.Cancelled) : Task.CompletedTask;
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        Assert.Equal(2, clinic.Twilio.Messages.Count);
        var view = await clinic.ViewAsync();
        Assert.Equal(SessionState.Cancelled, view.State);
        Assert.Equal(StepState.Sent, view.Timeline.Single(step => step.Step == "remind-3d").State);
        Assert.Equal(StepState.Cancelled, view.Timeline.Single(step => step.Step == "remind-1d").State);
    }

    [Fact]
    public async Task A_session_booked_anew_after_its_cancellation_runs_again_and_repeats_no_text()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.AfterTaking = taken => taken.Number == 1 ? clinic.ReportAsync(SessionOutcome.Cancelled) : Task.CompletedTask;
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();
        await clinic.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(28) });
        await clinic.PlayAsync();

        Assert.Equal(WholeSession.Length, clinic.Twilio.Messages.Count);
        Assert.Equal(SessionState.Completed, (await clinic.ViewAsync()).State);
    }

    [Fact]
    public async Task Once_the_next_session_is_booked_nobody_is_asked_to_book_it()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.AfterTaking = async taken =>
        {
            if (taken.Number == 5)
            {
                await clinic.BookAsync(Some.LaterBooking with { SessionNumber = 4 });
            }
        };
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();
        await clinic.PlayAsync(Some.LaterSession);

        var first = await clinic.ViewAsync();
        Assert.Equal(SessionState.Completed, first.State);
        Assert.All(first.Timeline.Where(step => step.Kind == StepKind.Rebooking), step => Assert.Equal(
            (StepState.Skipped, NotPlanned.Rebooked), (step.State, step.Reason)));
        Assert.Equal(StepState.Sent, (await clinic.StepAsync("maintenance-6mo", Some.LaterSession)).State);
    }

    [Fact]
    public async Task STOP_ends_a_waiting_session_and_START_opens_it_again()
    {
        await using var clinic = await OpenAsync();
        clinic.Twilio.AfterTaking = taken => taken.Number == 1 ? clinic.ReceiveAsync("STOP") : Task.CompletedTask;
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();
        Assert.Single(clinic.Twilio.Messages);
        Assert.Equal(SessionState.OptedOut, (await clinic.ViewAsync()).State);

        await clinic.ReceiveAsync("START");
        await clinic.PlayAsync();
        Assert.Equal(WholeSession.Length, clinic.Twilio.Messages.Count);
    }

    [Fact]
    public async Task A_hundred_signals_of_any_shape_do_no_harm()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        object?[] payloads = [new Signal("changed"), "a text", 42, null, new[] { 1, 2 }, new { What = 7, Else = true }];
        for (var number = 0; number < 100; number++)
        {
            await clinic.Client.RaiseEventAsync(Some.Session.InstanceId, "SIGNAL", payloads[number % payloads.Length]);
        }

        var instance = await clinic.PlayAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.RuntimeStatus);
        Assert.Equal(WholeSession.Length, clinic.Twilio.Messages.Count);
    }

    [Fact]
    public async Task A_session_that_changes_all_the_time_begins_its_history_anew_and_loses_nothing()
    {
        await using var clinic = await OpenAsync();
        await clinic.BookAsync(Some.Booking);
        for (var minute = 1; minute <= 60; minute++)
        {
            var start = Some.SessionStart + Duration.FromMinutes(minute);
            await clinic.BookAsync(Some.Booking with { StartsAt = start });
            await WaitingForAsync(clinic, "prep-7d", start - Duration.FromDays(7));
        }

        await clinic.PlayAsync();
        Assert.Equal(WholeSession.Length, clinic.Twilio.Messages.Count);
        Assert.Equal(Some.SessionStart + Duration.FromHours(1) - Duration.FromDays(7), (await clinic.StepAsync("prep-7d")).SentAt);
    }

    /// <summary>With a time-out so long that a busy machine makes no claim too old to be sent, which would be settled, and sent a moment later.</summary>
    private static Task<ClinicUnderTest> OpenAsync() => ClinicUnderTest.OpenAsync(twilioTimeout: "00:00:30");

    /// <summary>Until the orchestration's status says that it waits for this. The clock stands, so only work that is due goes on.</summary>
    private static async Task WaitingForAsync(ClinicUnderTest clinic, string step, Instant due)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var instance = await clinic.Client.GetInstanceAsync(Some.Session.InstanceId, getInputsAndOutputs: true, patience.Token);
            if (instance?.SerializedCustomStatus is not null
                && instance.ReadCustomStatusAs<Progress>() == new Progress(step, due.ToDateTimeUtc()))
            {
                return;
            }

            await Task.Yield();
        }
    }
}
