using FollowUp.Data.Alerts;
using FollowUp.Data.Inbox;
using FollowUp.Data.Patients;
using FollowUp.Data.Planning;
using FollowUp.Data.Sessions;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What a text that comes in does to consents, sessions, the inbox and staff.</summary>
public sealed class InboundTests
{
    private const string OtherSender = "+15005550007";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionKey AtOther = new("other", "o-1");

    [Fact]
    public async Task A_stop_counts_for_the_sender_that_it_was_sent_to_and_no_other()
    {
        using var store = await WithTwoClinicsAsync();
        await store.ReceiveAsync("Please stop texting me", to: OtherSender);

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync(AtOther)).State);
        Assert.NotEqual(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.NotNull((await store.ViewAsync()).Next);
    }

    [Fact]
    public async Task A_stop_to_a_number_that_is_not_known_to_be_ours_counts_for_all()
    {
        using var store = await WithTwoClinicsAsync();
        await store.ReceiveAsync("stop", to: "+15005559999");

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync(AtOther)).State);
        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_stop_before_any_booking_binds_the_booking()
    {
        using var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.ReceiveAsync("stop");
        await store.BookAsync(Some.Booking);

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_wording_that_Twilio_does_not_know_is_confirmed_once()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var first = await store.ReceiveAsync("no more texts please");
        var second = await store.ReceiveAsync("I said stop it");

        Assert.Equal("in-SM-in-1-opt-out-confirmed", Assert.Single(first.Answers).Id);
        Assert.Empty(second.Answers);
        Assert.Empty((await store.ReceiveAsync("STOP")).Answers);
    }

    [Fact]
    public async Task A_symptom_reaches_staff_at_once_and_is_answered_with_the_call_text_alone()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var news = await store.ReceiveAsync("stop texting me, there is pus and I have a fever");

        Assert.Equal("in-SM-in-1-call", Assert.Single(news.Answers).Id);
        Assert.Equal(["glow"], news.Alerted);
        var alert = Assert.Single(await AlertsAsync(store));
        Assert.Equal((AlertKind.RedFlag, true, Some.Patient.Id), (alert.Kind, alert.Urgent, alert.Patient));
        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Contains("(415) 555-0199", (string)store.Scalar("SELECT text FROM direct_messages")!, StringComparison.Ordinal);
        Assert.True(Assert.Single(await InboxAsync(store)).RedFlag);
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData("stop texting please")]
    public async Task A_bare_opt_out_needs_no_reader(string text)
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync(text);

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Empty(await InboxAsync(store));
        Assert.Empty(await AlertsAsync(store));
    }

    [Fact]
    public async Task An_opt_out_in_a_longer_text_is_read_by_a_human_too()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("Please stop texting me, my left cheek has been odd ever since");

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Equal(InboundMeaning.OptOut, Assert.Single(await InboxAsync(store)).Meaning);
        Assert.Equal(AlertKind.Inbox, Assert.Single(await AlertsAsync(store)).Kind);
    }

    [Theory]
    [InlineData("I'm driving with Focus turned on. If this is urgent, reply urgent to send a notification through with your original message.")]
    [InlineData("Estoy fuera de la oficina hasta el lunes.")]
    public async Task An_automatic_reply_is_kept_and_troubles_nobody(string text)
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var news = await store.ReceiveAsync(text);

        Assert.Empty(news.Answers);
        Assert.Equal("auto-reply", store.Scalar("SELECT meaning FROM inbound_messages"));
        Assert.Empty(await InboxAsync(store));
        Assert.Empty(await AlertsAsync(store));
    }

    [Fact]
    public async Task An_automatic_reply_with_a_symptom_reaches_staff()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("I'm driving right now. Fever");

        Assert.Equal(AlertKind.RedFlag, Assert.Single(await AlertsAsync(store)).Kind);
        Assert.Single(await InboxAsync(store));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("YES")]
    [InlineData("Yes!")]
    public async Task Yes_to_a_reminder_confirms_as_C_does(string text)
    {
        using var store = await RemindedAsync();
        var news = await store.ReceiveAsync(text);

        Assert.Equal("in-SM-in-1-confirmed", Assert.Single(news.Answers).Id);
        Assert.NotEqual(DBNull.Value, store.Scalar("SELECT confirmed_at FROM sessions WHERE id = 'b-77'"));
        Assert.Equal("confirm", store.Scalar("SELECT meaning FROM inbound_messages"));
    }

    [Fact]
    public async Task Yes_after_an_opt_out_gives_the_texts_back_and_confirms_nothing()
    {
        using var store = await RemindedAsync();
        await store.ReceiveAsync("STOP");
        await store.ReceiveAsync("YES");

        Assert.NotEqual(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Equal(DBNull.Value, store.Scalar("SELECT confirmed_at FROM sessions WHERE id = 'b-77'"));
    }

    [Fact]
    public async Task Yes_where_nothing_was_asked_is_for_staff_to_read()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("yes");

        Assert.Equal(InboundMeaning.Other, Assert.Single(await InboxAsync(store)).Meaning);
    }

    [Fact]
    public async Task A_start_that_gives_nothing_back_is_not_answered_with_again()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        Assert.Empty((await store.ReceiveAsync("START")).Answers);
        Assert.Empty((await store.ReceiveAsync("start again please")).Answers);
        Assert.Equal(0L, store.Scalar("SELECT count(*) FROM audit WHERE action = 'opted-in'"));
        Assert.Equal("start again please", Assert.Single(await InboxAsync(store)).Body);

        await store.ReceiveAsync("stop");
        Assert.Equal("in-SM-in-4-opt-in-confirmed", Assert.Single((await store.ReceiveAsync("start again please")).Answers).Id);
    }

    [Fact]
    public async Task Who_says_not_to_be_the_patient_gets_nothing_more()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync($"I am not {Some.Patient.FirstName}");

        Assert.Equal(AlertKind.WrongNumber, Assert.Single(await AlertsAsync(store)).Kind);
    }

    [Fact]
    public async Task A_wrong_number_gets_nothing_more_and_a_new_number_goes_on()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var news = await store.ReceiveAsync("Sorry, wrong number");

        Assert.Empty(news.Answers);
        Assert.Equal((StepState.Skipped, SessionPlanner.WrongNumber), await StateAsync(store, "prep-7d"));
        Assert.Equal(AlertKind.WrongNumber, Assert.Single(await AlertsAsync(store)).Kind);

        await store.BookAsync(Some.Booking with { Patient = Some.Patient with { Phone = "+14155550777" } });
        Assert.Equal((StepState.Planned, null), await StateAsync(store, "prep-7d"));
    }

    [Fact]
    public async Task Prompts_to_book_wait_until_the_clinic_has_read_what_the_patient_wrote()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        Assert.Equal((StepState.Skipped, SessionPlanner.UnreadMessage), await StateAsync(store, "rebook-opens"));
        Assert.Equal((StepState.Planned, null), await StateAsync(store, "prep-7d"));

        var read = await store.Get<InboxStore>().ReadAsync("glow", "SM-in-1", "Nurse Joy", "api", None);
        Assert.Equal(InboxVerdict.Done, read.Verdict);
        Assert.Contains(read.Changed, changed => changed.Key == Some.Session);
        Assert.Equal(StepState.Planned, (await store.StepAsync("rebook-opens")).State);
        Assert.NotNull(Assert.Single(await AlertsAsync(store)).AcknowledgedAt);
    }

    [Fact]
    public async Task On_a_shared_phone_an_answer_goes_to_whom_was_texted_last()
    {
        using var store = await RemindedAsync();
        await store.BookAsync(Some.Booking with { Key = new SessionKey("glow", "s-1"), Patient = Some.Patient with { Id = "p-2", FirstName = "Eva" }, StartsAt = Some.SessionStart + Duration.FromDays(60) });
        await store.ReceiveAsync("thank you, that helps");

        Assert.Equal(Some.Patient.Id, Assert.Single(await InboxAsync(store)).Patient);
    }

    [Fact]
    public async Task On_a_shared_phone_an_answer_that_could_be_two_patients_is_for_staff()
    {
        using var store = await RemindedAsync();
        var sister = Some.Booking with { Key = new SessionKey("glow", "s-1"), Patient = Some.Patient with { Id = "p-2", FirstName = "Eva" } };
        await store.BookAsync(sister);
        await SendNextAsync(store, sister.Key);
        await store.ReceiveAsync("X");

        Assert.Null(Assert.Single(await InboxAsync(store)).Patient);
        Assert.Equal(AlertKind.UnclearPatient, Assert.Single(await AlertsAsync(store)).Kind);
        Assert.NotEqual(SessionState.Cancelled, (await store.ViewAsync()).State);
    }

    [Fact]
    public async Task A_member_of_staff_acknowledges_an_urgent_alert_by_answering_it()
    {
        const string Staff = "+14155550188";
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Staff] }, "test", None);
        await store.ReceiveAsync("I have a fever");
        await store.TellStaffAsync();
        await store.ReceiveAsync("OK", from: Staff);

        Assert.Equal("text", Assert.Single(await AlertsAsync(store)).AcknowledgedBy);
    }

    [Fact]
    public async Task A_picture_without_words_is_for_staff()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("");

        Assert.Equal(AlertKind.Inbox, Assert.Single(await AlertsAsync(store)).Kind);
    }

    [Fact]
    public async Task A_text_from_a_number_shows_that_it_can_be_reached()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordRefusedAsync(Some.Session, "prep-7d", text.Attempt, 21614, None);
        Assert.Equal((StepState.Skipped, SessionPlanner.Unreachable), await StateAsync(store, "care-4h"));
        await store.ReceiveAsync("hello?");

        Assert.Equal((StepState.Planned, null), await StateAsync(store, "care-4h"));
    }

    [Fact]
    public async Task Staff_lift_a_withdrawal_with_evidence_alone()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.ReceiveAsync("stop");
        var patients = store.Get<PatientStore>();
        var without = await patients.PutAsync("glow", new PatientChange(Some.Patient), "api", None);
        Assert.True(without.Patient!.OptedOut);
        Assert.Empty(without.Patient.Consents);

        var evidence = Some.Patient with { ConsentEvidence = "signed form, 2026-11-22" };
        var with = await patients.PutAsync("glow", new PatientChange(evidence), "api", None);
        Assert.False(with.Patient!.OptedOut);
        Assert.Equal([ConsentKind.Care, ConsentKind.Marketing], with.Patient.Consents);
        Assert.Equal("signed form, 2026-11-22", with.Patient.ConsentHistory[^1].Evidence);
        Assert.NotNull((await store.ViewAsync()).Next);
    }

    private static async Task<StoreUnderTest> WithTwoClinicsAsync()
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Sender = OtherSender }, "test", None);
        await store.BookAsync(Some.Booking with { Key = AtOther });
        return store;
    }

    /// <summary>The reminder of the day before has been sent.</summary>
    internal static async Task<StoreUnderTest> RemindedAsync()
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await SendAsync(store, "remind-1d", "SM-remind");
        return store;
    }

    internal static async Task SendAsync(StoreUnderTest store, string step, string sid)
    {
        var text = await store.ClaimAsync(step);
        await store.Ledger.RecordSentAsync(Some.Session, step, text.Attempt, sid, None);
    }

    internal static async Task SendNextAsync(StoreUnderTest store, SessionKey key)
    {
        var next = (await store.ViewAsync(key)).Next!;
        store.Clock.Now = Instant.Max(next.DueAt, store.Clock.Now);
        var claim = await store.Ledger.ClaimAsync(key, next.Step, Duration.FromSeconds(30), None);
        await store.Ledger.RecordSentAsync(key, next.Step, claim.Text!.Attempt, $"SM-{key.Session}", None);
    }

    internal static async Task<(StepState, string?)> StateAsync(StoreUnderTest store, string step)
    {
        var row = await store.StepAsync(step);
        return (row.State, row.Reason);
    }

    /// <summary>Without those of steps that the moved clock has passed by.</summary>
    internal static async Task<IReadOnlyList<AlertView>> AlertsAsync(StoreUnderTest store) =>
        [.. (await store.Get<AlertStore>().ListAsync("glow", open: false, null, 100, None)).Where(alert => alert.Kind != AlertKind.Undelivered)];

    internal static Task<IReadOnlyList<InboxMessage>> InboxAsync(StoreUnderTest store) =>
        store.Get<InboxStore>().ListAsync("glow", unread: false, null, 100, None);
}
