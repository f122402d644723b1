using FollowUp.Core.Timelines;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Concurrency;
using FollowUp.Data.Ledger;
using FollowUp.Data.Planning;
using FollowUp.Data.Sessions;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What staff order for a session, and what forbids it.</summary>
public sealed class SessionCommandTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    internal static readonly Duration Grace = Duration.FromSeconds(30);

    [Fact]
    public async Task A_paused_session_shows_so_keeps_its_times_and_gives_no_text_to_send()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var due = (await store.StepAsync("prep-7d")).DueAt;
        var paused = await store.OrderAsync(SessionCommandKind.Pause);
        Assert.Equal((CommandVerdict.Done, SessionState.Paused), (paused.Verdict, paused.Session!.State));
        Assert.All(paused.Session.Timeline, step => Assert.Equal((StepState.Planned, SessionPlanner.Paused), (step.State, step.Reason)));
        Assert.Equal(("prep-7d", due), (paused.Session.Next!.Step, paused.Session.Next.DueAt));
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.Pause)).Verdict);

        store.Clock.Now = due;
        var claim = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);
        Assert.Null(claim.Text);
        Assert.Equal(NextActionKind.LookAgain, claim.Next.Kind);
        Assert.Equal(SessionState.Paused, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_pause_that_comes_between_the_claim_and_the_call_holds_the_text_back()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        Assert.True(await store.Ledger.MaySendAsync(Some.Session, "prep-7d", text.Attempt, None));
        await store.OrderAsync(SessionCommandKind.Pause);
        Assert.False(await store.Ledger.MaySendAsync(Some.Session, "prep-7d", text.Attempt, None));

        await store.Ledger.RecordAsync(Some.Session, "prep-7d", text.Attempt, new SendRecord.NotSent(), None);
        Assert.Equal((StepState.Planned, SessionPlanner.Paused), await StateAsync(store, "prep-7d"));
        await store.OrderAsync(SessionCommandKind.Resume);
        Assert.NotNull((await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None)).Text);
    }

    [Fact]
    public async Task After_a_pause_what_is_still_useful_goes_and_what_is_not_is_skipped_and_told_to_staff()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.OrderAsync(SessionCommandKind.Pause);

        // prep-7d is useful for four days, remind-3d for two.
        store.Clock.Now = Some.SessionStart - Duration.FromDays(2);
        var resumed = await store.OrderAsync(SessionCommandKind.Resume);
        Assert.Equal((CommandVerdict.Done, SessionState.Scheduled), (resumed.Verdict, resumed.Session!.State));
        Assert.Equal((StepState.Skipped, SessionPlanner.LapsedInPause), await StateAsync(store, "prep-7d"));
        Assert.Equal(StepState.Planned, (await store.StepAsync("remind-3d")).State);
        Assert.NotNull((await store.Ledger.ClaimAsync(Some.Session, "remind-3d", Grace, None)).Text);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM alerts WHERE kind = 'undelivered' AND step = 'prep-7d'"));

        await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Equal((StepState.Skipped, SessionPlanner.LapsedInPause), await StateAsync(store, "prep-7d"));
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.Resume)).Verdict);
    }

    [Fact]
    public async Task A_text_that_lapses_in_a_pause_is_told_when_it_does()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.OrderAsync(SessionCommandKind.Pause);
        var next = await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Equal((NextActionKind.LookAgain, "prep-7d"), (next.Kind, next.Step));

        store.Clock.Now = next.At!.Value;
        await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Equal((StepState.Skipped, SessionPlanner.LapsedInPause), await StateAsync(store, "prep-7d"));
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM alerts WHERE kind = 'undelivered' AND step = 'prep-7d'"));
        Assert.Equal(SessionState.Paused, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_pause_outlives_a_STOP_and_a_START_and_every_change_of_the_booking()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.OrderAsync(SessionCommandKind.Pause);
        await store.ReceiveAsync("STOP");
        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        await store.ReceiveAsync("START");
        Assert.Equal(SessionState.Paused, (await store.ViewAsync()).State);
        await store.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(1) });
        Assert.Equal(SessionState.Paused, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_session_that_is_booked_anew_after_its_end_is_not_paused()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.OrderAsync(SessionCommandKind.Pause);
        Assert.Equal(SessionState.Cancelled, (await store.OrderAsync(SessionCommandKind.Cancel)).Session!.State);
        Assert.Equal(CommandVerdict.Ended, (await store.OrderAsync(SessionCommandKind.Resume)).Verdict);
        await store.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(1) });
        Assert.Equal(SessionState.Scheduled, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_paused_session_is_neither_overdue_nor_revived()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Ledger.PlanAsync(Some.Session, None);
        store.Clock.Now = (await store.StepAsync("prep-7d")).DueAt + Duration.FromHours(2);
        Assert.NotNull(await store.Attention.OldestDueAsync(None));
        Assert.Single(await store.Attention.StalledAsync(Duration.FromMinutes(30), 10, None));

        await store.OrderAsync(SessionCommandKind.Pause);
        Assert.Null(await store.Attention.OldestDueAsync(None));
        Assert.Empty(await store.Attention.StalledAsync(Duration.FromMinutes(30), 10, None));
    }

    [Fact]
    public async Task A_skipped_step_stays_skipped_through_every_recomputation_and_a_retry_brings_it_back()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var skipped = await store.OrderAsync(SessionCommandKind.Skip, "remind-3d");
        Assert.Equal(CommandVerdict.Done, skipped.Verdict);
        Assert.Equal((StepState.Skipped, NotPlanned.SkippedByStaff), await StateAsync(store, "remind-3d"));
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.Skip, "remind-3d")).Verdict);

        await store.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(3) });
        await store.ReceiveAsync("STOP");
        await store.ReceiveAsync("START");
        await store.Clinics.PutAsync(Some.Clinic with { SendingFrom = new LocalTime(9, 0) }, "test", None);
        await store.Ledger.PlanAsync(Some.Session, None);
        Assert.Equal((StepState.Skipped, NotPlanned.SkippedByStaff), await StateAsync(store, "remind-3d"));
        store.Clock.Now = (await store.StepAsync("remind-3d")).DueAt;
        Assert.Null((await store.Ledger.ClaimAsync(Some.Session, "remind-3d", Grace, None)).Text);

        Assert.Equal(CommandVerdict.Done, (await store.OrderAsync(SessionCommandKind.Retry, "remind-3d")).Verdict);
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.Retry, "remind-3d")).Verdict);
        Assert.NotNull((await store.Ledger.ClaimAsync(Some.Session, "remind-3d", Grace, None)).Text);
    }

    [Fact]
    public async Task A_step_that_is_skipped_for_want_of_consent_can_be_skipped_for_good()
    {
        using var store = await StoreUnderTest.WithBookingAsync(Some.Booking with { Patient = Some.Patient with { Consents = new HashSet<ConsentKind>() } });
        Assert.Equal(CommandVerdict.Done, (await store.OrderAsync(SessionCommandKind.Skip, "remind-3d")).Verdict);
        await store.BookAsync(Some.Booking);
        Assert.Equal((StepState.Skipped, NotPlanned.SkippedByStaff), await StateAsync(store, "remind-3d"));
        Assert.Equal(StepState.Planned, (await store.StepAsync("remind-1d")).State);
    }

    [Fact]
    public async Task What_has_left_is_neither_skipped_nor_sent_again()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await RefusedAsync(store, SessionCommandKind.Skip, "prep-7d", "The step is being sent at this moment.");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);
        await RefusedAsync(store, SessionCommandKind.Skip, "prep-7d", "The step has been sent.");
        await RefusedAsync(store, SessionCommandKind.SendNow, "prep-7d", "The step has been sent.");
        await RefusedAsync(store, SessionCommandKind.Retry, "prep-7d", "The step has been sent.");
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);
        await RefusedAsync(store, SessionCommandKind.Retry, "prep-7d", "The step has been delivered.");
    }

    [Fact]
    public async Task A_step_that_is_ordered_now_is_due_now_and_the_order_twice_is_one()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        Assert.Equal(CommandVerdict.Done, (await store.OrderAsync(SessionCommandKind.SendNow, "prep-7d")).Verdict);
        Assert.Equal(Some.BookingTime, (await store.StepAsync("prep-7d")).DueAt);
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.SendNow, "prep-7d")).Verdict);

        var claim = await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None);
        Assert.True(await store.Ledger.MaySendAsync(Some.Session, "prep-7d", claim.Text!.Attempt, None));
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", claim.Text.Attempt, "SM1", None);
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.SendNow, "prep-7d")).Verdict);
        Assert.Null((await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Grace, None)).Text);
    }

    [Fact]
    public async Task An_order_to_send_now_is_void_once_the_session_is_moved()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.OrderAsync(SessionCommandKind.SendNow, "prep-7d");
        store.Clock.Now += Duration.FromSeconds(1);
        await store.BookAsync(Some.Booking with { StartsAt = Some.SessionStart + Duration.FromDays(30) });
        Assert.Equal(Some.SessionStart + Duration.FromDays(23), (await store.StepAsync("prep-7d")).DueAt);
    }

    [Fact]
    public async Task Sending_now_is_refused_by_name_for_whatever_forbids_it_and_changes_nothing()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var revision = store.Scalar("SELECT revision FROM sessions");

        store.Clock.Now = Instant.FromUtc(2026, 11, 23, 6, 0); // ten in the evening in Los Angeles
        await RefusedAsync(store, SessionCommandKind.SendNow, "prep-7d",
            "It is outside of the sending hours for such texts; the next moment is 2026-11-23 08:00 (America/Los_Angeles).");
        store.Clock.Now = Some.BookingTime;
        await RefusedAsync(store, SessionCommandKind.SendNow, "care-4h", "The session has not been held yet, and the text is about what follows it.");
        Assert.Equal(revision, store.Scalar("SELECT revision FROM sessions"));
        Assert.Equal(DBNull.Value, store.Scalar("SELECT MAX(send_now_at) FROM steps"));
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM audit WHERE subject = 'b-77'"));

        await store.OrderAsync(SessionCommandKind.Skip, "remind-3d");
        await RefusedAsync(store, SessionCommandKind.SendNow, "remind-3d", "The step is skipped by staff: retry it first.");
        await store.OrderAsync(SessionCommandKind.Pause);
        await RefusedAsync(store, SessionCommandKind.SendNow, "prep-7d", "The session is paused: resume it first.");
        await store.OrderAsync(SessionCommandKind.Resume);

        await store.BookAsync(Some.Booking with { Patient = Some.Patient with { Consents = new HashSet<ConsentKind>() } });
        await RefusedAsync(store, SessionCommandKind.SendNow, "prep-7d", $"The step is skipped: {NotPlanned.NoCareConsent}.");
        await store.BookAsync(Some.Booking);
        await store.ReceiveAsync("STOP");
        Assert.Equal(CommandVerdict.Ended, (await store.OrderAsync(SessionCommandKind.SendNow, "prep-7d")).Verdict);
    }

    [Fact]
    public async Task Sending_now_waits_for_the_clinics_word_where_it_confirms_its_sessions()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Completion = Completion.Confirmed }, "test", None);
        store.Clock.Now = Some.SessionStart + Duration.FromHours(2);
        await RefusedAsync(store, SessionCommandKind.SendNow, "care-4h", "The step waits for the clinic's word that the session was held.");
        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Completed, null, "test", None);
        Assert.Equal(CommandVerdict.Done, (await store.OrderAsync(SessionCommandKind.SendNow, "care-4h")).Verdict);
    }

    [Fact]
    public async Task Sending_now_keeps_to_the_marketing_budget_and_waits_for_the_patients_message_to_be_read()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = (await store.StepAsync("rebook-opens")).DueAt;
        var text = await store.ClaimAsync("rebook-opens");
        await store.Ledger.RecordSentAsync(Some.Session, "rebook-opens", text.Attempt, "SM1", None);
        await RefusedAsync(store, SessionCommandKind.SendNow, "rebook-nudge", $"Not now: {NotPlanned.OverDailyBudget}.");

        store.Clock.Now += Duration.FromDays(2);
        await store.ReceiveAsync("is it normal that it is still red?");
        await RefusedAsync(store, SessionCommandKind.SendNow, "rebook-nudge", $"The step is skipped: {SessionPlanner.UnreadMessage}.");
    }

    [Fact]
    public async Task Sending_now_is_refused_while_Twilio_refuses_the_sender()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordAsync(Some.Session, "prep-7d", text.Attempt, new SendRecord.AccountTrouble(20003), None);
        await RefusedAsync(store, SessionCommandKind.SendNow, "remind-3d", "Sending is paused: Twilio refuses the sender's texts with code 20003.");
    }

    [Fact]
    public async Task Sending_now_is_refused_for_a_plan_that_no_clinician_has_approved()
    {
        using var store = new StoreUnderTest(unapprovedPlans: false);
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.BookAsync(Some.Booking);
        await RefusedAsync(store, SessionCommandKind.SendNow, "prep-7d", $"The step is skipped: {SessionPlanner.NotApproved}.");
    }

    [Fact]
    public async Task A_cancelled_session_is_cancelled_as_by_the_event_and_takes_no_more_commands()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(Some.LaterBooking);
        Assert.Equal(NotPlanned.Rebooked, (await store.StepAsync("rebook-opens")).Reason);
        var cancelled = await store.OrderAsync(SessionCommandKind.Cancel, key: Some.LaterSession);
        Assert.Equal(SessionState.Cancelled, cancelled.Session!.State);
        Assert.Contains(cancelled.Affected, changed => changed.Key == Some.Session);
        Assert.Equal(StepState.Planned, (await store.StepAsync("rebook-opens")).State);
        Assert.Equal(CommandVerdict.Unchanged, (await store.OrderAsync(SessionCommandKind.Cancel, key: Some.LaterSession)).Verdict);
        foreach (var (kind, step) in new[] { (SessionCommandKind.Pause, null), (SessionCommandKind.Resume, null), (SessionCommandKind.Skip, "prep-7d"), (SessionCommandKind.SendNow, "prep-7d") })
        {
            Assert.Equal(CommandVerdict.Ended, (await store.OrderAsync(kind, step, Some.LaterSession)).Verdict);
        }
    }

    [Fact]
    public async Task Every_command_that_changed_something_stands_once_in_the_audit_with_its_actor()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        for (var twice = 0; twice < 2; twice++)
        {
            await store.OrderAsync(SessionCommandKind.Pause);
        }

        await store.OrderAsync(SessionCommandKind.Resume);
        await store.OrderAsync(SessionCommandKind.Skip, "remind-3d");
        await store.OrderAsync(SessionCommandKind.Retry, "remind-3d");
        await store.OrderAsync(SessionCommandKind.SendNow, "prep-7d");
        await store.OrderAsync(SessionCommandKind.SendNow, "care-4h");
        await store.OrderAsync(SessionCommandKind.Cancel);
        var lines = await store.Get<AuditStore>().ListAsync("glow", null, "b-77", null, 50, None);
        Assert.Equal(
            ["session-cancelled", "session-step-sent-now prep-7d", "session-step-retried remind-3d", "session-step-skipped remind-3d", "session-resumed", "session-paused"],
            lines.Where(line => line.Actor == "nurse").Select(line => $"{line.Action} {line.Detail}".TrimEnd()));
    }

    [Fact]
    public async Task The_audit_can_be_neither_changed_nor_shortened()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        Assert.Contains("append-only", Assert.ThrowsAny<Exception>(() => store.Scalar("UPDATE audit SET actor = 'nobody'")).Message, StringComparison.Ordinal);
        Assert.Contains("append-only", Assert.ThrowsAny<Exception>(() => store.Scalar("DELETE FROM audit")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_on_a_session_that_somebody_has_changed_is_refused_and_one_that_is_done_already_is_not()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var seen = Precondition.OneOf([(await store.ViewAsync()).Tag]);
        await RunAsync(SessionCommandKind.Pause, seen);
        await RunAsync(SessionCommandKind.Pause, seen);
        await Assert.ThrowsAsync<PreconditionFailedException>(() => RunAsync(SessionCommandKind.Resume, seen));
        Assert.Equal(SessionState.Paused, (await store.ViewAsync()).State);
        await RunAsync(SessionCommandKind.Resume, Precondition.OneOf([(await store.ViewAsync()).Tag]));
        await RunAsync(SessionCommandKind.Pause, Precondition.Exists);

        // That a text goes its way is nobody's change.
        await store.OrderAsync(SessionCommandKind.Resume);
        var before = (await store.ViewAsync()).Tag;
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);
        Assert.Equal(before, (await store.ViewAsync()).Tag);

        Task RunAsync(SessionCommandKind kind, Precondition precondition) =>
            store.Commands.RunAsync(Some.Session, new SessionCommand(kind), "nurse", None, precondition);
    }

    [Fact]
    public async Task What_is_not_there_is_said_so()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        Assert.Equal(CommandVerdict.UnknownStep, (await store.OrderAsync(SessionCommandKind.Skip, "none")).Verdict);
        Assert.Equal(CommandVerdict.UnknownSession, (await store.OrderAsync(SessionCommandKind.Pause, key: new SessionKey("glow", "none"))).Verdict);
        Assert.Equal(CommandVerdict.UnknownClinic, (await store.OrderAsync(SessionCommandKind.Pause, key: new SessionKey("none", "b-77"))).Verdict);
    }

    internal static async Task RefusedAsync(StoreUnderTest store, SessionCommandKind kind, string? step, string reason)
    {
        var result = await store.OrderAsync(kind, step);
        Assert.Equal((CommandVerdict.Refused, reason), (result.Verdict, result.Reason));
        Assert.Empty(result.Affected);
    }

    private static async Task<(StepState, string?)> StateAsync(StoreUnderTest store, string step)
    {
        var view = await store.StepAsync(step);
        return (view.State, view.Reason);
    }
}
