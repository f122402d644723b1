using FollowUp.Data.Delivery;
using FollowUp.Data.Planning;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

public class LedgerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Duration Grace = Duration.FromSeconds(30);

    [Fact]
    public async Task A_due_step_is_claimed_with_its_exact_text_and_number()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");

        Assert.Equal("+14155550123", text.Recipient);
        Assert.Contains("Ada", text.Body, StringComparison.Ordinal);
        Assert.Equal(text.Body, (await store.StepAsync("prep-7d")).Text);
        Assert.Equal(StepState.Sending, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_step_is_not_claimed_before_it_is_due()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var claim = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);

        Assert.Null(claim.Text);
        Assert.Equal(new NextAction(NextActionKind.Send, "prep-7d", Some.SessionStart - Duration.FromDays(7)), claim.Next);
    }

    [Fact]
    public async Task A_row_that_a_crashed_run_claimed_becomes_unknown_and_is_settled_before_anything_is_sent()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ClaimAsync("prep-7d");
        var again = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);

        Assert.Null(again.Text);
        Assert.Equal(new NextAction(NextActionKind.Settle, "prep-7d", store.Clock.Now + Grace), again.Next);
        Assert.Equal(StepState.Unknown, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_send_that_never_was_is_claimed_again_under_a_new_attempt_that_voids_the_old_one()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var first = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordUnknownAsync(Some.Session, "prep-7d", first.Attempt, Grace, None);
        await store.Ledger.RecordNeverSentAsync(Some.Session, "prep-7d", first.Attempt, None);
        var second = await store.ClaimAsync("prep-7d");

        Assert.Equal(first.Attempt + 1, second.Attempt);
        await store.Ledger.RecordRefusedAsync(Some.Session, "prep-7d", first.Attempt, 21211, None);
        Assert.Equal(StepState.Sending, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_late_step_waits_for_the_morning()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = Instant.FromUtc(2026, 11, 25, 7, 0); // 23:00 in Los Angeles
        var claim = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);

        Assert.Null(claim.Text);
        Assert.Equal(Instant.FromUtc(2026, 11, 25, 16, 0), claim.Next.At);
    }

    [Fact]
    public async Task A_step_whose_useful_time_has_passed_is_skipped_with_the_reason()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = Some.SessionStart - Duration.FromDays(2);
        var claim = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);

        Assert.Null(claim.Text);
        var step = await store.StepAsync("prep-7d");
        Assert.Equal((StepState.Skipped, "its time had passed before it could be sent"), (step.State, step.Reason));
        Assert.Equal("remind-3d", claim.Next.Step);
    }

    [Fact]
    public async Task A_text_that_Twilio_put_off_is_due_again_after_the_delay()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        var next = await store.Ledger.RecordRetryAsync(Some.Session, "prep-7d", text.Attempt, 20429, Duration.FromSeconds(30), None);

        Assert.Equal(new NextAction(NextActionKind.Send, "prep-7d", store.Clock.Now + Duration.FromSeconds(30)), next);
    }

    [Fact]
    public async Task A_refused_text_is_undelivered_with_the_code_and_never_planned_again()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        var next = await store.Ledger.RecordRefusedAsync(Some.Session, "prep-7d", text.Attempt, 21211, None);

        Assert.Equal("remind-3d", next.Step);
        var step = await store.StepAsync("prep-7d");
        Assert.Equal((StepState.Undelivered, "refused by Twilio with code 21211"), (step.State, step.Reason));
    }

    [Fact]
    public async Task Delivered_is_the_last_word_whatever_comes_later()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);
        await store.Delivery.ReportAsync("SM1", "sent", null, null, None);
        await store.Delivery.ReportAsync("SM1", "undelivered", 30003, null, None);

        Assert.Equal(StepState.Delivered, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_report_that_is_faster_than_Twilios_answer_is_not_lost()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);

        Assert.Equal(StepState.Delivered, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_report_settles_the_unknown_send_that_its_address_names()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordUnknownAsync(Some.Session, "prep-7d", text.Attempt, Grace, None);
        var settled = await store.Delivery.ReportAsync("SM1", "sent", null, new SendReference(Some.Session, "prep-7d", text.Attempt), None);

        Assert.Equal(Some.Session, Assert.Single(settled.Changed).Key);
        var step = await store.StepAsync("prep-7d");
        Assert.Equal((StepState.Sent, "SM1"), (step.State, step.MessageSid));
    }

    [Fact]
    public async Task A_report_about_an_earlier_attempt_settles_nothing()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ClaimAsync("prep-7d");
        await store.Delivery.ReportAsync("SM1", "sent", null, new SendReference(Some.Session, "prep-7d", 7), None);

        Assert.Equal(StepState.Sending, (await store.StepAsync("prep-7d")).State);
    }

    [Fact]
    public async Task A_message_that_another_rows_settling_took_goes_back_to_the_row_that_sent_it()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(Some.LaterBooking with { StartsAt = Some.SessionStart });
        var mine = await store.ClaimAsync("prep-7d");
        var other = (await store.Ledger.ClaimAsync(Some.LaterSession, "prep-7d", Grace, None)).Text!;
        await store.Ledger.RecordUnknownAsync(Some.LaterSession, "prep-7d", other.Attempt, Grace, None);
        await store.Ledger.RecordSentAsync(Some.LaterSession, "prep-7d", other.Attempt, "SM1", None);

        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", mine.Attempt, "SM1", None);

        Assert.Equal("SM1", (await store.StepAsync("prep-7d")).MessageSid);
        Assert.Equal(StepState.Unknown, (await store.StepAsync("prep-7d", Some.LaterSession)).State);
    }

    [Fact]
    public async Task A_plan_that_no_clinician_approved_sends_nothing_to_the_real_Twilio()
    {
        using var store = new StoreUnderTest(unapprovedPlans: false);
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        var booked = await store.BookAsync(Some.Booking);

        Assert.All(booked.Session!.Timeline, step => Assert.Equal((StepState.Skipped, "no clinician has approved the plan"), (step.State, step.Reason)));
    }

    [Fact]
    public async Task A_session_is_unseen_until_its_orchestration_has_looked()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now += Duration.FromMinutes(2);
        Assert.Single(await store.Attention.UnseenAsync(Duration.FromMinutes(1), 10, None));

        await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Empty(await store.Attention.UnseenAsync(Duration.FromMinutes(1), 10, None));
        Assert.Equal(SessionState.Waiting, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task The_oldest_due_text_shows_for_as_long_as_it_waits()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        Assert.Null(await store.Attention.OldestDueAsync(None));

        store.Clock.Now = Some.SessionStart - Duration.FromDays(7) + Duration.FromHours(1);
        Assert.Equal(Some.SessionStart - Duration.FromDays(7), await store.Attention.OldestDueAsync(None));
    }
}
