using FollowUp.Data;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Sms;
using FollowUp.Testing;
using FollowUp.Workflows.Sending;
using NodaTime;

namespace FollowUp.Workflows.Tests;

/// <summary>Whatever happens around the call to Twilio: each step reaches the patient once, or the ledger says why not.</summary>
public class NeverBlindTests
{
    private const int WholeSession = 10;

    [Fact]
    public async Task A_worker_that_dies_after_Twilio_took_the_text_sends_it_no_second_time()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        clinic.Twilio.NextIsTakenAndTheWorkerDies();
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        await AssertEachStepSentOnceAsync(clinic);
    }

    [Fact]
    public async Task A_worker_that_dies_before_it_called_Twilio_sends_the_text_on_the_next_attempt()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        clinic.Twilio.Next(_ => throw new InvalidOperationException("The worker died."));
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        await AssertEachStepSentOnceAsync(clinic);
    }

    [Fact]
    public async Task A_process_that_is_killed_during_the_call_is_made_good_by_the_next_one()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        var called = new TaskCompletionSource();
        var call = new TaskCompletionSource<SendOutcome>();
        clinic.Twilio.Next(message =>
        {
            clinic.Twilio.Take(message);
            called.SetResult();
            return call.Task;
        });
        await clinic.BookAsync(Some.Booking);
        clinic.LetTheClockRun();
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await clinic.RestartEngineAsync();
        call.SetException(new InvalidOperationException("The process is gone."));
        await clinic.PlayAsync();

        await AssertEachStepSentOnceAsync(clinic);
    }

    [Fact]
    public async Task A_worker_that_was_frozen_after_its_claim_does_not_call_Twilio_any_more()
    {
        // With so short a time-out every claim is too old by the time that it is used.
        await using var clinic = await ClinicUnderTest.OpenAsync(twilioTimeout: "00:00:00.0000002");
        await clinic.Sessions.BookAsync(Some.Booking with { StartsAt = Some.BookingTime + Duration.FromDays(6) }, "test", CancellationToken.None);

        var next = await clinic.Get<TextSender>().SendAsync(clinic.Get<LedgerStore>().Step(Some.Session, "prep-7d"), CancellationToken.None);

        Assert.Equal((NextActionKind.Settle, "prep-7d"), (next.Kind, next.Step));
        Assert.Empty(clinic.Twilio.Messages);
        Assert.Equal(StepState.Unknown, (await clinic.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task An_unknown_outcome_is_settled_by_Twilios_list()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        clinic.Twilio.NextIsTakenWithoutAnAnswer();
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        await AssertEachStepSentOnceAsync(clinic);
    }

    [Fact]
    public async Task A_text_that_Twilios_list_does_not_have_is_sent_again()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        clinic.Twilio.NextIs(new SendOutcome.Unknown("time-out"));
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        await AssertEachStepSentOnceAsync(clinic);
    }

    [Fact]
    public async Task A_text_that_Twilio_puts_off_comes_a_little_later()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        clinic.Twilio.NextIs(new SendOutcome.RetryLater(20429, "busy", null));
        clinic.Twilio.NextIs(new SendOutcome.RetryLater(20429, "busy", TimeSpan.FromMinutes(5)));
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        await AssertEachStepSentOnceAsync(clinic);
        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal(Some.SessionStart - Duration.FromDays(7) + Duration.FromSeconds(330), step.SentAt);
    }

    [Fact]
    public async Task Twilio_that_stays_busy_costs_the_text_once_it_would_no_longer_be_true()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        for (var hours = 0; hours < 5; hours++)
        {
            clinic.Twilio.NextIs(new SendOutcome.RetryLater(20429, "busy", TimeSpan.FromHours(24)));
        }

        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal((StepState.Skipped, "its time had passed before it could be sent"), (step.State, step.Reason));
    }

    [Fact]
    public async Task A_refused_text_says_so_and_the_others_go_on()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        clinic.Twilio.NextIs(new SendOutcome.Refused(21617, "too long"));
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        Assert.Equal(WholeSession - 1, clinic.Twilio.Messages.Count);
        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal((StepState.Undelivered, "refused by Twilio with code 21617"), (step.State, step.Reason));
    }

    [Fact]
    public async Task A_number_that_has_opted_out_at_Twilio_ends_the_session()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        clinic.Twilio.OptOut(Some.Patient.Phone);
        await clinic.BookAsync(Some.Booking);
        await clinic.PlayAsync();

        Assert.Empty(clinic.Twilio.Messages);
        Assert.Equal(SessionState.OptedOut, (await clinic.ViewAsync()).State);
    }

    private static async Task AssertEachStepSentOnceAsync(ClinicUnderTest clinic)
    {
        var view = await clinic.ViewAsync();
        Assert.Equal(WholeSession, view.Timeline.Count);
        Assert.All(view.Timeline, step => Assert.Equal(StepState.Sent, step.State));
        Assert.Equal(
            view.Timeline.Select(step => step.MessageSid).Order(StringComparer.Ordinal),
            clinic.Twilio.Messages.Select(message => message.Sid).Order(StringComparer.Ordinal));
    }
}
