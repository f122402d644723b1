using FollowUp.Core.Timelines;
using FollowUp.Data.Sessions;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

public class BookingTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_booking_stores_the_whole_timeline_in_order_of_its_due_times()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var view = await store.ViewAsync();

        Assert.Equal(SessionState.Scheduled, view.State);
        Assert.Equal(
            ["prep-7d", "remind-3d", "remind-1d", "care-4h", "care-24h", "check-3d", "care-7d", "rebook-opens", "rebook-nudge", "rebook-last-call"],
            view.Timeline.Select(step => step.Step));
        Assert.All(view.Timeline, step => Assert.Equal(StepState.Planned, step.State));
        Assert.Equal(new NextStepView("prep-7d", Some.SessionStart - Duration.FromDays(7)), view.Next);
    }

    [Fact]
    public async Task The_same_booking_again_changes_nothing()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now += Duration.FromDays(1);
        var again = await store.BookAsync(Some.Booking);

        Assert.Equal(BookingVerdict.Unchanged, again.Verdict);
        Assert.Empty(again.Affected);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM audit WHERE action LIKE 'session-%'"));
        Assert.Equal(2L, store.Scalar("SELECT COUNT(*) FROM consents"));
    }

    [Fact]
    public async Task A_booking_for_an_unknown_clinic_stores_nothing()
    {
        using var store = new StoreUnderTest();

        Assert.Equal(BookingVerdict.UnknownClinic, (await store.BookAsync(Some.Booking)).Verdict);
        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM patients"));
    }

    [Fact]
    public async Task Moments_are_stored_as_UTC_text_that_sorts_as_time()
    {
        using var store = await StoreUnderTest.WithBookingAsync();

        Assert.Equal("2026-12-01T18:00:00.0000000Z", store.Scalar("SELECT starts_at FROM sessions"));
        Assert.Equal("prep-7d", store.Scalar("SELECT step FROM steps ORDER BY due_at LIMIT 1"));
    }

    [Fact]
    public async Task A_second_booking_updates_the_patients_number_for_all_sessions()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(Some.LaterBooking with { Patient = Some.Patient with { Phone = "+14155550777" } });

        Assert.Equal("+14155550777", (await store.ClaimAsync("prep-7d")).Recipient);
    }

    [Fact]
    public async Task A_moved_start_moves_what_has_not_been_sent_and_nothing_else()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);

        var moved = await store.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(14) });

        Assert.Equal(BookingVerdict.Changed, moved.Verdict);
        var sent = await store.StepAsync("prep-7d");
        Assert.Equal(StepState.Sent, sent.State);
        Assert.Equal(Some.SessionStart - Duration.FromDays(7), sent.DueAt);
        Assert.Equal(Some.SessionStart + Duration.FromDays(13), (await store.StepAsync("remind-1d")).DueAt);
    }

    [Fact]
    public async Task A_later_session_ends_the_earlier_ones_rebooking_prompts_and_its_cancellation_brings_them_back()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var later = await store.BookAsync(Some.LaterBooking);

        Assert.Contains(later.Affected, changed => changed.Key == Some.Session);
        Assert.Equal((StepState.Skipped, NotPlanned.Rebooked), await StateAsync(store, "rebook-opens"));

        await store.Sessions.ReportOutcomeAsync(Some.LaterSession, SessionOutcome.Cancelled, null, "test", None);
        Assert.Equal((StepState.Planned, null), await StateAsync(store, "rebook-opens"));
    }

    [Fact]
    public async Task A_session_that_had_ended_is_opened_again_when_the_later_one_is_cancelled()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(Some.LaterBooking);
        store.Clock.Now = Some.SessionStart + Duration.FromDays(20);
        await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Equal(SessionState.Completed, (await store.ViewAsync()).State);

        var cancelled = await store.Sessions.ReportOutcomeAsync(Some.LaterSession, SessionOutcome.Cancelled, null, "test", None);

        Assert.Contains(new ChangedSession(Some.Session, SessionState.Scheduled), cancelled.Affected);
        Assert.Equal("rebook-opens", (await store.ViewAsync()).Next!.Step);
    }

    [Fact]
    public async Task A_cancelled_session_cancels_every_text_and_takes_no_change()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var cancelled = await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Cancelled, null, "test", None);

        Assert.Equal(SessionState.Cancelled, cancelled.Session!.State);
        Assert.Null(cancelled.Session.Next);
        Assert.All(cancelled.Session.Timeline, step => Assert.Equal(StepState.Cancelled, step.State));
        var changed = await store.BookAsync(Some.Booking with { PlannedSessions = 5 });
        Assert.Equal(BookingVerdict.Ended, changed.Verdict);
        Assert.Equal(4, (await store.ViewAsync()).PlannedSessions);
    }

    [Fact]
    public async Task A_cancelled_session_is_not_opened_by_a_repeat_of_its_booking_but_by_a_new_start_in_the_future()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Cancelled, null, "test", None);

        Assert.Equal(BookingVerdict.Unchanged, (await store.BookAsync(Some.Booking)).Verdict);
        var anew = await store.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(7) });

        Assert.Equal(BookingVerdict.Changed, anew.Verdict);
        Assert.Equal(SessionState.Scheduled, anew.Session!.State);
        Assert.Equal("prep-7d", anew.Session.Next!.Step);
    }

    [Fact]
    public async Task A_no_show_gets_no_aftercare_but_is_still_asked_to_book_again()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = Some.SessionStart + Duration.FromHours(1);
        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.NoShow, null, "test", None);

        Assert.Equal((StepState.Skipped, NotPlanned.NotHeld), await StateAsync(store, "care-24h"));
        Assert.Equal((StepState.Planned, null), await StateAsync(store, "rebook-opens"));
    }

    [Fact]
    public async Task The_same_event_twice_changes_nothing()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Completed, null, "test", None);

        var again = await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Completed, null, "test", None);
        Assert.Equal(BookingVerdict.Unchanged, again.Verdict);
    }

    [Theory]
    [InlineData("p-2", Some.PlanId, BookingVerdict.OtherPatient)]
    [InlineData("p-1001", "other-plan", BookingVerdict.OtherPlan)]
    public async Task A_booking_cannot_exchange_a_sessions_patient_or_plan(string patient, string plan, BookingVerdict verdict)
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var result = await store.BookAsync(Some.Booking with { PlanId = plan, Patient = Some.Patient with { Id = patient } });

        Assert.Equal(verdict, result.Verdict);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM patients"));
    }

    [Fact]
    public async Task Where_sessions_are_confirmed_aftercare_waits_for_the_clinics_word_and_lapses_without_it()
    {
        using var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic with { Completion = Completion.Confirmed }, "test", None);
        await store.BookAsync(Some.Booking);
        store.Clock.Now = Some.SessionStart + Duration.FromHours(6);

        Assert.Null((await store.Ledger.ClaimAsync(Some.Session, "care-4h", Duration.Zero, None)).Text);
        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Completed, null, "test", None);
        Assert.NotNull((await store.Ledger.ClaimAsync(Some.Session, "care-4h", Duration.Zero, None)).Text);
    }

    [Fact]
    public async Task Unconfirmed_aftercare_is_skipped_once_it_would_no_longer_be_true()
    {
        using var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic with { Completion = Completion.Confirmed }, "test", None);
        await store.BookAsync(Some.Booking);
        store.Clock.Now = Some.SessionStart + Duration.FromDays(3);
        await store.Ledger.PlanAsync(Some.Session, None);

        Assert.Equal((StepState.Skipped, "the clinic never confirmed that the session was held"), await StateAsync(store, "care-4h"));
    }

    [Fact]
    public async Task New_sending_hours_of_a_clinic_move_the_texts_of_its_sessions()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var put = await store.Clinics.PutAsync(Some.Clinic with { SendingFrom = new LocalTime(12, 0) }, "test", None);

        Assert.Contains(put.Affected, changed => changed.Key == Some.Session);
        Assert.Equal(Some.SessionStart - Duration.FromDays(7) + Duration.FromHours(2), (await store.StepAsync("prep-7d")).DueAt);
    }

    private static async Task<(StepState, string?)> StateAsync(StoreUnderTest store, string step)
    {
        var row = await store.StepAsync(step);
        return (row.State, row.Reason);
    }
}
