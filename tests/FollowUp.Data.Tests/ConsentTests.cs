using FollowUp.Core.Timelines;
using FollowUp.Data.Inbox;
using FollowUp.Data.Sessions;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

public class ConsentTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task STOP_ends_every_session_of_the_number_at_once()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(Some.LaterBooking);
        var changed = await StopAsync(store);

        Assert.Equal([Some.Session, Some.LaterSession], changed.Changed.Select(session => session.Key).Order(ByText));
        var view = await store.ViewAsync();
        Assert.Equal(SessionState.OptedOut, view.State);
        Assert.Null(view.Next);
        Assert.Equal(NotPlanned.NoCareConsent, view.Timeline[0].Reason);
    }

    [Fact]
    public async Task A_step_that_is_due_at_the_moment_of_STOP_is_not_claimed()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        store.Clock.Now = (await store.StepAsync("prep-7d")).DueAt;
        await StopAsync(store);

        Assert.Null((await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Duration.Zero, None)).Text);
    }

    [Fact]
    public async Task A_booking_that_lists_consents_never_lifts_a_withdrawal()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await StopAsync(store);
        var later = await store.BookAsync(Some.LaterBooking);

        Assert.Equal(SessionState.OptedOut, later.Session!.State);
        Assert.All(later.Session.Timeline, step => Assert.Equal(StepState.Skipped, step.State));
    }

    [Fact]
    public async Task A_consent_that_a_booking_no_longer_lists_is_withdrawn_and_stays_so()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var careOnly = Some.Booking with { Patient = Some.Patient with { Consents = new HashSet<ConsentKind> { ConsentKind.Care } } };
        await store.BookAsync(careOnly);
        Assert.Equal(NotPlanned.NoMarketingConsent, (await store.StepAsync("rebook-opens")).Reason);

        Assert.Equal(BookingVerdict.Unchanged, (await store.BookAsync(Some.Booking)).Verdict);
        Assert.Equal(NotPlanned.NoMarketingConsent, (await store.StepAsync("rebook-opens")).Reason);
    }

    [Fact]
    public async Task START_gives_back_what_STOP_took_and_opens_the_sessions_again()
    {
        using var store = await StoreUnderTest.WithBookingAsync(
            Some.Booking with { Patient = Some.Patient with { Consents = new HashSet<ConsentKind> { ConsentKind.Care } } });
        await StopAsync(store);
        var changed = await store.ReceiveAsync("START");

        Assert.Equal(new ChangedSession(Some.Session, SessionState.Scheduled), Assert.Single(changed.Changed));
        Assert.Equal("prep-7d", (await store.ViewAsync()).Next!.Step);
        Assert.Equal(NotPlanned.NoMarketingConsent, (await store.StepAsync("rebook-opens")).Reason);
    }

    [Fact]
    public async Task START_gives_nobody_a_consent_that_was_never_given()
    {
        using var store = await StoreUnderTest.WithBookingAsync(
            Some.Booking with { Patient = Some.Patient with { Consents = new HashSet<ConsentKind>() } });
        await StopAsync(store);
        await store.ReceiveAsync("START");

        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM consents WHERE granted = 1"));
    }

    [Fact]
    public async Task STOP_binds_everybody_on_the_number_and_whoever_is_booked_on_it_later()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var sister = Some.Booking with { Key = new SessionKey("glow", "s-1"), Patient = Some.Patient with { Id = "p-2", FirstName = "Eva" } };
        await store.BookAsync(sister);
        await StopAsync(store);
        var brother = await store.BookAsync(
            sister with { Key = new SessionKey("glow", "s-2"), Patient = Some.Patient with { Id = "p-3", FirstName = "Max" } });

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync(sister.Key)).State);
        Assert.Equal(SessionState.OptedOut, brother.Session!.State);
    }

    [Fact]
    public async Task The_same_message_twice_is_stored_once()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await StopAsync(store);

        Assert.Same(ReceivedNews.None, await StopAsync(store));
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM inbound_messages"));
    }

    [Fact]
    public async Task Twilios_refusal_of_an_opted_out_number_withdraws_its_consents()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.BookAsync(Some.LaterBooking);
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordOptedOutAsync(Some.Session, "prep-7d", text.Attempt, 21610, None);

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Equal(StepState.Skipped, (await store.StepAsync("prep-7d")).State);
        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync(Some.LaterSession)).State);
    }

    [Fact]
    public async Task A_session_booked_without_consents_stays_open_for_a_booking_that_has_them()
    {
        using var store = await StoreUnderTest.WithBookingAsync(Some.Booking with { Patient = Some.Patient with { Consents = null } });
        Assert.Equal(SessionState.Scheduled, (await store.ViewAsync()).State);

        var corrected = await store.BookAsync(Some.Booking);
        Assert.Equal(BookingVerdict.Changed, corrected.Verdict);
        Assert.Equal("prep-7d", corrected.Session!.Next!.Step);
    }

    private static readonly IComparer<SessionKey> ByText =
        Comparer<SessionKey>.Create((left, right) => string.CompareOrdinal(left.InstanceId, right.InstanceId));

    private static Task<ReceivedNews> StopAsync(StoreUnderTest store) =>
        store.ReceiveAsync("STOP", sid: "SM-in-stop");
}
