using FollowUp.Data;
using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Data.Sessions;
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

        var next = await clinic.Get<TextSender>().SendAsync(clinic.Get<LedgerStore>().Step(Some.Session, "prep-7d"), clinic.Client, CancellationToken.None);

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
    public async Task A_report_on_an_attempt_that_was_given_up_as_never_sent_keeps_the_text_from_being_sent_again()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookForTodayAsync(clinic);
        var ledger = clinic.Get<LedgerStore>();
        var text = ledger.Step(Some.Session, "prep-7d");
        var claimed = (await text.ClaimAsync(Duration.Zero, CancellationToken.None)).Text!;
        await text.RecordAsync(claimed.Attempt, new SendRecord.NotSent(), CancellationToken.None);
        Assert.Equal(StepState.Planned, (await clinic.StepAsync("prep-7d")).State);

        var news = await clinic.Get<DeliveryStore>().ReportAsync("SM-late", "delivered", null, text.Reference(claimed.Attempt), CancellationToken.None);

        Assert.Equal(Some.Session, Assert.Single(news.Changed).Key);
        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal((StepState.Delivered, "SM-late"), (step.State, step.MessageSid));
        Assert.Null((await text.ClaimAsync(Duration.Zero, CancellationToken.None)).Text);
    }

    [Fact]
    public async Task A_session_that_is_moved_between_claim_and_call_gets_no_text_with_the_old_time()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookForTodayAsync(clinic);
        var text = clinic.Get<LedgerStore>().Step(Some.Session, "prep-7d");
        var claimed = (await text.ClaimAsync(Duration.Zero, CancellationToken.None)).Text!;
        Assert.True(await text.MaySendAsync(claimed.Attempt, CancellationToken.None));

        await BookForTodayAsync(clinic, later: Duration.FromHours(1));
        Assert.False(await text.MaySendAsync(claimed.Attempt, CancellationToken.None));
        await text.RecordAsync(claimed.Attempt, new SendRecord.NotSent(), CancellationToken.None);
        clinic.ResetPace();
        var again = (await text.ClaimAsync(Duration.Zero, CancellationToken.None)).Text!;

        Assert.NotEqual(claimed.Body, again.Body);
        Assert.True(await text.MaySendAsync(again.Attempt, CancellationToken.None));
    }

    [Fact]
    public async Task A_first_text_that_arrives_after_all_while_the_second_is_claimed_keeps_the_second_back()
    {
        await using var clinic = await ClinicUnderTest.OpenAsync();
        await BookForTodayAsync(clinic);
        var (ledger, delivery) = (clinic.Get<LedgerStore>(), clinic.Get<DeliveryStore>());
        var text = ledger.Step(Some.Session, "prep-7d");
        var first = (await text.ClaimAsync(Duration.Zero, CancellationToken.None)).Text!;
        await text.RecordAsync(first.Attempt, new SendRecord.Sent("SM-first"), CancellationToken.None);
        await delivery.ReportAsync("SM-first", "undelivered", 30003, null, CancellationToken.None);
        await clinic.AfterAsync(Duration.FromDays(1));
        clinic.ResetPace();
        var second = (await text.ClaimAsync(Duration.Zero, CancellationToken.None)).Text!;
        Assert.True(await text.MaySendAsync(second.Attempt, CancellationToken.None));

        await delivery.ReportAsync("SM-first", "delivered", null, null, CancellationToken.None);
        Assert.False(await text.MaySendAsync(second.Attempt, CancellationToken.None));
        await text.RecordAsync(second.Attempt, new SendRecord.NotSent(), CancellationToken.None);

        Assert.Null((await text.ClaimAsync(Duration.Zero, CancellationToken.None)).Text);
        var step = await clinic.StepAsync("prep-7d");
        Assert.Equal((StepState.Delivered, "SM-first"), (step.State, step.MessageSid));
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
        clinic.Twilio.Fault = message => message.StatusCallback!.Query.Contains(":prep-7d:", StringComparison.Ordinal)
            ? _ => Task.FromResult<SendOutcome>(new SendOutcome.RetryLater(20429, "busy", TimeSpan.FromHours(24)))
            : null;
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

    /// <summary>A session whose first text is due at once. The store alone: no orchestration takes part.</summary>
    private static Task<BookingResult> BookForTodayAsync(ClinicUnderTest clinic, Duration? later = null) => clinic.Sessions.BookAsync(
        Some.Booking with { StartsAt = Some.BookingTime + Duration.FromDays(6) + (later ?? Duration.Zero) }, "test", CancellationToken.None);

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
