using FollowUp.Data.Inbox;
using FollowUp.Data.Ledger;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>A text that may be about a symptom reaches the staff of everybody whom it may concern, who can all read and answer it.</summary>
public sealed class RedFlagTests
{
    private const string OtherSender = "+15005550007";
    private const string Stranger = "+14155550777";
    private const string Fever = "I have a fever";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Red_flags_in_quick_succession_are_one_alert_that_leads_to_every_text()
    {
        using var store = await WithStaffAsync();
        for (var text = 0; text < 50; text++)
        {
            await store.ReceiveAsync("Sorry, I can't come to the phone. Is it a fever? Emergency? Call 911");
            store.Clock.Now += Duration.FromSeconds(2);
        }

        var alert = Assert.Single(await store.AlertsAsync());
        Assert.Equal(50, alert.Messages.Count);
        Assert.Equal(50, (await store.InboxAsync(unread: true)).Count);
        Assert.Contains("50 texts from patient p-1001", Assert.Single(await store.TellStaffAsync()).Body, StringComparison.Ordinal);
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM direct_messages WHERE kind = 'call'"));
    }

    [Fact]
    public async Task Reading_one_text_does_not_settle_the_flag_of_another_that_nobody_read()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync(Fever, sid: "SM-a");
        store.Clock.Now += Duration.FromMinutes(5);
        await store.ReceiveAsync("now there is pus", sid: "SM-b");
        await ReadAsync(store, "SM-a");
        Assert.Null(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);

        await ReadAsync(store, "SM-b");
        Assert.Equal("Nurse Joy", Assert.Single(await store.AlertsAsync()).AcknowledgedBy);
    }

    [Fact]
    public async Task A_text_that_came_after_staff_were_told_is_an_alert_of_its_own_once_they_have_the_first()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync(Fever, sid: "SM-a");
        await store.TellStaffAsync();
        store.Clock.Now += Duration.FromMinutes(5);
        await store.ReceiveAsync("now I can't breathe", sid: "SM-b");
        Assert.Single(await store.AlertsAsync());
        var news = await store.ReceiveAsync("OK", from: "+14155550188");

        Assert.Equal(["glow"], news.Alerted);
        var alerts = await store.AlertsAsync();
        Assert.Equal(["SM-a"], alerts[0].Messages);
        Assert.NotNull(alerts[0].AcknowledgedAt);
        Assert.Equal(["SM-b"], alerts[1].Messages);
        Assert.Null(alerts[1].AcknowledgedAt);
        Assert.Single(await store.TellStaffAsync());
    }

    [Fact]
    public async Task Whoever_acknowledges_over_the_API_has_no_text_that_nobody_was_told_of()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync(Fever);
        await store.TellStaffAsync();
        await store.ReceiveAsync("now I can't breathe");
        var acknowledged = await store.Get<Alerts.AlertStore>().AcknowledgeAsync("glow", 1, "Dr. Grey", "api", None);

        Assert.True(acknowledged!.RaisedAgain);
        Assert.Equal(2, (await store.AlertsAsync()).Count);
        Assert.False((await store.Get<Alerts.AlertStore>().AcknowledgeAsync("glow", 1, "Dr. Grey", "api", None))!.RaisedAgain);
    }

    [Fact]
    public async Task A_red_flag_after_a_quarter_of_an_hour_is_another_alert()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync(Fever);
        store.Clock.Now += Duration.FromMinutes(16);
        await store.ReceiveAsync(Fever);

        Assert.Equal(2, (await store.AlertsAsync()).Count);
    }

    [Fact]
    public async Task An_answer_to_the_old_number_of_a_clinic_that_has_moved_to_its_own_reaches_that_clinic()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "stays" }, "test", None);
        await store.Clinics.PutAsync(Some.Clinic with { Sender = OtherSender }, "test", None);
        var news = await store.ReceiveAsync(Fever);

        Assert.Equal(["glow"], news.Alerted);
        Assert.Equal(Some.Patient.Id, Assert.Single(await store.InboxAsync()).Patient);
        Assert.Contains("(415) 555-0199", (string)store.Scalar("SELECT text FROM direct_messages WHERE kind = 'call'")!, StringComparison.Ordinal);
        Assert.Empty(await store.InboxAsync("stays"));
    }

    [Fact]
    public async Task A_STOP_in_an_old_thread_stops_the_texts_that_the_patient_gets_and_a_START_there_brings_them_back()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Sender = OtherSender }, "test", None);
        await store.ReceiveAsync("STOP");
        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);

        await store.ReceiveAsync("START");
        Assert.NotNull((await store.ViewAsync()).Next);
    }

    [Fact]
    public async Task A_START_to_another_sender_gives_nothing_back_that_a_STOP_still_binds()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync("STOP");
        await store.ReceiveAsync("START", to: OtherSender);

        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM consents WHERE source = 'patient' AND granted = 1"));
    }

    [Fact]
    public async Task A_red_flag_of_an_unknown_number_stands_in_the_inbox_of_every_clinic_of_the_sender_and_is_answered_without_naming_one()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Name = "Other Clinic", Phone = "(415) 555-0198" }, "test", None);
        var news = await store.ReceiveAsync(Fever, from: Stranger, sid: "SM-a");

        Assert.Equal(["glow", "other"], news.Alerted.Order(StringComparer.Ordinal));
        Assert.Single(await store.InboxAsync());
        Assert.Single(await store.InboxAsync("other"));
        var text = (string)store.Scalar("SELECT text FROM direct_messages WHERE kind IN ('call')")!;
        Assert.Contains("call your clinic now", text, StringComparison.Ordinal);
        Assert.Contains("call 911", text, StringComparison.Ordinal);
        Assert.DoesNotContain("555-019", text, StringComparison.Ordinal);

        // One clinic reads it: its own flag is settled, and the other's is not.
        await ReadAsync(store, "SM-a");
        Assert.NotNull(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);
        Assert.Null(Assert.Single(await store.AlertsAsync("other")).AcknowledgedAt);
        Assert.Single(await store.InboxAsync("other", unread: true));
        var reply = await store.Get<InboxStore>().ReplyAsync("other", "SM-a", "Who are you?", "Nurse Joy", "api", None);
        Assert.Equal(InboxVerdict.Done, reply.Verdict);
        Assert.NotNull(Assert.Single(await store.AlertsAsync("other")).AcknowledgedAt);
    }

    [Fact]
    public async Task A_red_flag_of_an_unknown_number_to_a_clinics_own_sender_is_answered_in_its_name()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Sender = OtherSender, Phone = "(415) 555-0198" }, "test", None);
        var news = await store.ReceiveAsync(Fever, from: Stranger, to: OtherSender);

        Assert.Equal(["other"], news.Alerted);
        Assert.Equal("in-SM-in-1-call", Assert.Single(news.Answers).Id);
        Assert.Contains("(415) 555-0198", (string)store.Scalar("SELECT text FROM direct_messages")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_of_an_unknown_number_to_a_shared_sender_is_in_no_clinics_blind_spot()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        var news = await store.ReceiveAsync("Which sunscreen do you recommend?", from: Stranger);

        Assert.Equal(["glow", "other"], news.Alerted.Order(StringComparer.Ordinal));
        Assert.Single(await store.InboxAsync());
        Assert.Single(await store.InboxAsync("other"));
        Assert.Empty(news.Answers);
    }

    [Fact]
    public async Task A_red_flag_of_a_patient_of_two_clinics_on_one_sender_concerns_both()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("other", "o-1"), Patient = Some.Patient with { Id = "o-p" }, StartsAt = Some.SessionStart + Duration.FromDays(90) });
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM-prep", None);
        var news = await store.ReceiveAsync(Fever, sid: "SM-a");

        Assert.Equal(["glow", "other"], news.Alerted.Order(StringComparer.Ordinal));
        Assert.Equal(Some.Patient.Id, Assert.Single(await store.InboxAsync()).Patient);
        Assert.Equal("o-p", Assert.Single(await store.InboxAsync("other")).Patient);
        Assert.Equal("o-p", Assert.Single(await store.AlertsAsync("other")).Patient);

        // What is no symptom goes to whom was texted last, and to nobody else.
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        Assert.Equal(2, (await store.InboxAsync()).Count);
        Assert.Single(await store.InboxAsync("other"));
    }

    [Theory]
    [InlineData(21610)]
    [InlineData(21614)]
    [InlineData(21612)]
    public async Task Staff_must_phone_a_patient_whom_the_call_text_cannot_reach(int code)
    {
        using var store = await WithStaffAsync();
        var news = await store.ReceiveAsync(Fever, sid: "SM-a");
        await store.SendAsync(news.Answers[0], code == 21610 ? new SendRecord.OptedOut(code) : new SendRecord.Refused(code));

        Assert.Equal("undelivered", store.Scalar("SELECT state FROM direct_messages WHERE kind = 'call'"));
        Assert.Null(await store.SendAsync(news.Answers[0]));
        var alert = Assert.Single(await store.AlertsAsync(), alert => alert.Kind == AlertKind.PatientNotAnswered);
        Assert.Equal((true, Some.Patient.Id, $"Twilio code {code}"), (alert.Urgent, alert.Patient, alert.Detail));
        Assert.Contains(await store.TellStaffAsync(), text => text.Body.Contains("Patient p-1001 who may be unwell could not be answered by text. Phone them now", StringComparison.Ordinal));

        // To have read what they wrote is not to have phoned them.
        await ReadAsync(store, "SM-a");
        Assert.Null((await store.AlertsAsync()).Single(row => row.Id == alert.Id).AcknowledgedAt);
        await store.ReceiveAsync("OK", from: "+14155550188");
        Assert.NotNull((await store.AlertsAsync()).Single(row => row.Id == alert.Id).AcknowledgedAt);
    }

    [Fact]
    public async Task A_confirmation_that_Twilio_does_not_let_through_is_final_and_alerts_nobody()
    {
        using var store = await WithStaffAsync();
        var news = await store.ReceiveAsync("no more texts please");
        await store.SendAsync(news.Answers[0], new SendRecord.OptedOut(21610));

        Assert.Equal("undelivered", store.Scalar("SELECT state FROM direct_messages"));
        Assert.Null(await store.SendAsync(news.Answers[0]));
        Assert.Empty(await store.AlertsAsync());
    }

    private static async Task<StoreUnderTest> WithStaffAsync()
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = ["+14155550188"] }, "test", None);
        return store;
    }

    private static Task<InboxResult> ReadAsync(StoreUnderTest store, string sid) =>
        store.Get<InboxStore>().ReadAsync("glow", sid, "Nurse Joy", "api", None);
}
