using FollowUp.Data.Health;
using FollowUp.Data.Ledger;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What a text from a phone that a clinic alerts does: it acknowledges what it was told of, and nothing else.</summary>
public sealed class StaffPhoneTests
{
    private const string Nurse = "+14155550188";
    private const string Doctor = "+14155550189";
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("ok thanks!")]
    [InlineData("Got it.")]
    [InlineData("YES")]
    [InlineData("Sí, lo tengo")]
    [InlineData("\U0001F44D\U0001F3FD")]
    public async Task Words_that_say_somebody_has_it_acknowledge_a_red_flag(string word)
    {
        using var store = await ToldAsync();
        await store.ReceiveAsync(word, from: Nurse);

        Assert.Equal("text", Assert.Single(await store.AlertsAsync()).AcknowledgedBy);
        Assert.DoesNotContain(await store.InboxAsync(), message => message.From == Nurse);
    }

    [Theory]
    [InlineData("I'm driving with Do Not Disturb on. I'll get back to you when I arrive.")]
    [InlineData("OK. I'm driving, I will see your message later")]
    [InlineData("I'm out of the office. In an emergency call 911, fever, chest pain")]
    [InlineData("ok?")]
    [InlineData("Who is this?")]
    public async Task An_automatic_reply_of_a_staff_phone_acknowledges_nothing_and_stands_in_the_inbox(string reply)
    {
        using var store = await ToldAsync();
        var news = await store.ReceiveAsync(reply, from: Nurse);

        var alert = Assert.Single(await store.AlertsAsync());
        Assert.Null(alert.AcknowledgedAt);
        Assert.Contains(await store.InboxAsync(), message => message.From == Nurse);
        Assert.Empty(news.Answers);
        Assert.Empty(news.Alerted);
    }

    [Fact]
    public async Task An_OK_is_about_alerts_that_were_texted_to_that_very_phone()
    {
        using var store = await ToldAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse, Doctor] }, "test", None);
        await store.ReceiveAsync("OK", from: Doctor);
        Assert.Null(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);

        await store.ReceiveAsync("OK", from: Nurse);
        Assert.NotNull(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);
    }

    [Fact]
    public async Task An_OK_does_not_take_a_flag_that_was_put_on_record_a_moment_ago()
    {
        using var store = await ToldAsync();
        await store.BookAsync(Some.Booking with { Key = new SessionKey("glow", "s-2"), Patient = Some.Patient with { Id = "p-2", Phone = "+14155550222" } });
        await store.ReceiveAsync("my face is swelling and I can't breathe", from: "+14155550222");
        await store.ReceiveAsync("OK", from: Nurse);

        var alerts = await store.AlertsAsync();
        Assert.NotNull(alerts[0].AcknowledgedAt);
        Assert.Equal(("p-2", null), (alerts[1].Patient, alerts[1].AcknowledgedAt));
    }

    [Fact]
    public async Task An_OK_in_the_thread_of_one_sender_is_not_about_an_alert_of_another()
    {
        const string OtherSender = "+15005550007";
        using var store = await ToldAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Sender = OtherSender, StaffAlerts = [Nurse] }, "test", None);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("other", "o-1"), Patient = Some.Patient with { Id = "p-2", Phone = "+14155550222" } });
        await store.ReceiveAsync("I have a fever", from: "+14155550222", to: OtherSender);
        await store.TellStaffAsync("other");
        await store.ReceiveAsync("OK", from: Nurse, to: OtherSender);

        Assert.NotNull(Assert.Single(await store.AlertsAsync("other")).AcknowledgedAt);
        Assert.Null(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);
    }

    [Fact]
    public async Task A_text_that_was_not_delivered_has_told_nobody()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        await store.ReceiveAsync("I have a fever");
        var key = (await store.Get<Alerts.AlertStore>().TellAsync("glow", null, None)).Texts[0];
        await store.SendAsync(key, new SendRecord.Refused(21612));
        await store.ReceiveAsync("ok", from: Nurse);

        Assert.Null(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);
    }

    [Fact]
    public async Task A_wrong_number_in_staff_alerts_acknowledges_nothing_and_shows_in_health_until_it_is_corrected()
    {
        using var store = await ToldAsync();
        var news = await store.ReceiveAsync("You have the wrong number", from: Nurse);

        var alerts = await store.AlertsAsync();
        Assert.Null(alerts[0].AcknowledgedAt);
        Assert.Equal((AlertKind.WrongNumber, "a number in the clinic's staffAlerts"), (alerts[1].Kind, alerts[1].Detail));
        Assert.Equal(["glow"], news.Alerted);
        Assert.Equal(1, await UnreachableAsync(store));
        store.Clock.Now += Duration.FromMinutes(15);
        Assert.Empty(await store.TellStaffAsync());

        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Doctor] }, "test", None);
        Assert.Equal(0, await UnreachableAsync(store));
    }

    [Fact]
    public async Task A_staff_phone_that_opted_out_shows_in_health_and_its_START_brings_the_alerts_back()
    {
        using var store = await ToldAsync();
        await store.ReceiveAsync("please stop texting me", from: Nurse);
        Assert.Equal(1, await UnreachableAsync(store));
        Assert.Null(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);
        store.Clock.Now += Duration.FromMinutes(15);
        Assert.Empty(await store.TellStaffAsync());

        await store.ReceiveAsync("START", from: Nurse);
        Assert.Equal(0, await UnreachableAsync(store));
        store.Clock.Now += Duration.FromMinutes(15);
        Assert.Single(await store.TellStaffAsync());
    }

    [Fact]
    public async Task A_member_of_staff_who_is_a_patient_too_acknowledges_what_was_sent_last()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("glow", "s-2"), Patient = Some.Patient with { Id = "p-2", Phone = Nurse } });
        await store.ReceiveAsync("I have a fever");
        await store.TellStaffAsync();
        await store.ReceiveAsync("ok", from: Nurse);
        Assert.Equal("text", (await store.AlertsAsync())[0].AcknowledgedBy);

        // And what the patient is asked is the patient's to answer.
        await store.ReceiveAsync("I have a fever again");
        await store.TellStaffAsync();
        store.Clock.Now += Duration.FromMinutes(1);
        await SendStepAsync(store, new SessionKey("glow", "s-2"), "prep-7d");
        await store.ReceiveAsync("ok", from: Nurse);
        Assert.Null((await store.AlertsAsync()).Single(alert => alert.Kind == AlertKind.RedFlag && alert.Id > 1).AcknowledgedAt);
    }

    private static async Task<StoreUnderTest> ToldAsync()
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        await store.ReceiveAsync("I have a fever");
        Assert.Equal(Nurse, Assert.Single(await store.TellStaffAsync()).Recipient);
        return store;
    }

    private static async Task SendStepAsync(StoreUnderTest store, SessionKey key, string step)
    {
        store.Clock.Now = Instant.Max((await store.StepAsync(step, key)).DueAt, store.Clock.Now);
        var claim = await store.Ledger.ClaimAsync(key, step, Duration.FromSeconds(30), None);
        await store.Ledger.RecordSentAsync(key, step, claim.Text!.Attempt, $"SM-{key.Session}", None);
    }

    private static async Task<int> UnreachableAsync(StoreUnderTest store) => (await store.Get<DeliveryTroubleStore>().FindAsync(None)).UnreachableContacts;
}
