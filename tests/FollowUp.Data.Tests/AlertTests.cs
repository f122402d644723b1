using System.Text.Json.Nodes;
using FollowUp.Data.Alerts;
using FollowUp.Data.Inbox;
using FollowUp.Data.Ledger;
using FollowUp.Data.Patients;
using FollowUp.Data.Planning;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>Which alerts there are, for how long, and that none hides the next.</summary>
public sealed class AlertTests
{
    private const string Nurse = "+14155550188";
    private const string OtherSender = "+15005550007";
    private const string NewPhone = "+14155550777";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_pause_of_the_sender_is_told_each_time_that_it_happens_and_settled_when_texts_leave_again()
    {
        using var store = await WithStaffAsync();
        await PauseAsync(store, "prep-7d");
        store.Clock.Now += Duration.FromMinutes(5);
        Assert.Contains("sender is paused", Assert.Single(await DigestAsync(store)), StringComparison.Ordinal);

        await store.Senders.ResumeAsync("glow", "test", None);
        Assert.NotNull(Assert.Single(await store.AlertsAsync()).AcknowledgedAt);

        store.Clock.Now += Duration.FromHours(2);
        await PauseAsync(store, "remind-3d");
        store.Clock.Now += Duration.FromMinutes(5);
        Assert.Contains("sender is paused", Assert.Single(await DigestAsync(store)), StringComparison.Ordinal);
        Assert.Equal(2, (await store.AlertsAsync()).Count(alert => alert.Kind == AlertKind.SenderPaused));
    }

    [Fact]
    public async Task A_pause_that_is_over_before_it_was_told_is_not_told()
    {
        using var store = await WithStaffAsync();
        await PauseAsync(store, "prep-7d");
        await store.Senders.ResumeAsync("glow", "test", None);
        store.Clock.Now += Duration.FromMinutes(5);

        Assert.Empty(await DigestAsync(store));
    }

    [Theory]
    [InlineData(30007, AlertKind.SenderFiltered)]
    [InlineData(30006, AlertKind.NumberUnreachable)]
    public async Task What_was_told_in_a_digest_and_happens_again_is_told_again(int code, AlertKind kind)
    {
        using var store = await WithStaffAsync();
        await FailAsync(store, "prep-7d", code);
        Assert.Single(await store.AlertsAsync(), alert => alert.Kind == kind);
        store.Clock.Now += Duration.FromMinutes(6);
        Assert.Single(await DigestAsync(store));

        await store.ReceiveAsync("hello?"); // shows that the number can be reached
        await store.Get<InboxStore>().ReadAsync("glow", "SM-in-1", "Nurse Joy", "api", None);
        await FailAsync(store, "remind-3d", code);
        Assert.Equal(2, (await store.AlertsAsync()).Count(alert => alert.Kind == kind));
        store.Clock.Now += Duration.FromMinutes(65);
        Assert.Single(await DigestAsync(store));
    }

    [Fact]
    public async Task The_same_cause_is_one_alert_until_it_is_told()
    {
        using var store = await WithStaffAsync();
        await FailAsync(store, "prep-7d", 30007);
        await FailAsync(store, "remind-3d", 30007);

        Assert.Single(await store.AlertsAsync(), alert => alert.Kind == AlertKind.SenderFiltered);
    }

    [Fact]
    public async Task Digests_are_an_hour_apart_and_a_red_flag_does_not_wait_for_one()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        store.Clock.Now += Duration.FromMinutes(5);
        Assert.Single(await DigestAsync(store));

        await store.ReceiveAsync("And which cream?");
        await store.ReceiveAsync("I have a fever");
        store.Clock.Now += Duration.FromMinutes(54);
        Assert.Contains("URGENT", Assert.Single(await DigestAsync(store)), StringComparison.Ordinal);
        store.Clock.Now += Duration.FromMinutes(6);
        Assert.Contains(await DigestAsync(store), text => text.Contains("1 text waits in the inbox", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_red_flag_is_told_again_when_contacts_are_named_anew()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync("I have a fever");
        Assert.Single(await store.TellStaffAsync());
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        store.Clock.Now += Duration.FromMinutes(15);
        Assert.Empty(await store.TellStaffAsync());

        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        Assert.Contains("told 2 times", Assert.Single(await DigestAsync(store)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_urgent_text_is_of_no_use_once_the_next_one_follows_and_an_outage_leaves_no_pile()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync("I have a fever");
        List<Direct.DirectMessageKey> waiting = [];
        for (var time = 0; time < 6; time++)
        {
            waiting.AddRange((await store.Get<AlertStore>().TellAsync("glow", null, None)).Texts);
            store.Clock.Now += Duration.FromMinutes(15);
        }

        store.Clock.Now -= Duration.FromMinutes(1);
        var sent = 0;
        foreach (var key in waiting)
        {
            sent += await store.SendAsync(key) is null ? 0 : 1;
        }

        Assert.Equal((6, 1), (waiting.Count, sent));

        // The last one has arrived: nothing was lost.
        Assert.Equal(0, (await store.Get<Health.DeliveryTroubleStore>().FindAsync(None)).LostAlerts);
    }

    [Fact]
    public async Task An_urgent_text_that_waited_for_its_turn_is_not_sent_once_somebody_has_the_alert()
    {
        using var store = await WithStaffAsync();
        await store.ReceiveAsync("I have a fever");
        var text = Assert.Single((await store.Get<AlertStore>().TellAsync("glow", null, None)).Texts);
        await store.Get<AlertStore>().AcknowledgeAsync("glow", 1, "Dr. Grey", "api", None);

        Assert.Null(await store.SendAsync(text));
        Assert.Equal(0, (await store.Get<Health.DeliveryTroubleStore>().FindAsync(None)).LostAlerts);
    }

    [Fact]
    public async Task A_wrong_number_is_told_to_every_clinic_whose_texts_it_stops()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Sender = OtherSender }, "test", None);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("other", "o-1"), Patient = Some.Patient with { Id = "o-p" } });
        var news = await store.ReceiveAsync("wrong number");

        Assert.Equal(["glow", "other"], news.Alerted.Order(StringComparer.Ordinal));
        Assert.Equal((AlertKind.WrongNumber, "o-p"), Assert.Single(await store.AlertsAsync("other")) is var alert ? (alert.Kind, alert.Patient!) : default);
        Assert.Single(await store.InboxAsync("other"));
    }

    [Fact]
    public async Task A_text_from_a_number_brings_back_the_texts_of_everybody_on_it()
    {
        using var store = await WithStaffAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other", Sender = OtherSender }, "test", None);
        var other = new SessionKey("other", "o-1");
        await store.BookAsync(Some.Booking with { Key = other, Patient = Some.Patient with { Id = "o-p" } });
        await FailAsync(store, "prep-7d", 30006);
        Assert.Equal(SessionPlanner.Unreachable, (await store.StepAsync("care-4h", other)).Reason);
        var news = await store.ReceiveAsync("hello?");

        Assert.Equal(StepState.Planned, (await store.StepAsync("care-4h", other)).State);
        Assert.Contains(news.Changed, changed => changed.Key == other);
        Assert.NotNull((await store.AlertsAsync("other")).Single(alert => alert.Kind == AlertKind.NumberUnreachable).AcknowledgedAt);
    }

    [Fact]
    public async Task A_text_to_a_number_that_nobody_has_any_more_is_told_to_staff_all_the_same()
    {
        using var store = await WithStaffAsync();
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM-prep", None);
        await store.Get<PatientStore>().PutAsync("glow", new PatientChange(Some.Patient with { Phone = NewPhone }), "api", None);
        await store.Delivery.ReportAsync("SM-prep", "undelivered", 30006, null, None);

        var alert = Assert.Single(await store.AlertsAsync());
        Assert.Equal((AlertKind.Undelivered, Some.Patient.Id, "prep-7d"), (alert.Kind, alert.Patient, alert.Step));
    }

    [Fact]
    public async Task An_event_lists_a_hundred_alerts_at_most_and_says_how_many_there_are()
    {
        using var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = ["https://glow.example/alerts"] }, "test", None);
        for (var text = 0; text < 130; text++)
        {
            await store.ReceiveAsync("Which sunscreen do you recommend?");
        }

        store.Clock.Now += Duration.FromMinutes(5);
        await store.TellStaffAsync();
        var told = JsonNode.Parse((string)store.Scalar("SELECT body FROM webhook_posts")!)!["data"]!;
        Assert.Equal(130, (int)told["count"]!);
        Assert.Equal(100, told["alerts"]!.AsArray().Count);
    }

    private static async Task<StoreUnderTest> WithStaffAsync()
    {
        var store = await StoreUnderTest.WithBookingAsync();
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        return store;
    }

    private static async Task<IReadOnlyList<string>> DigestAsync(StoreUnderTest store)
    {
        List<string> texts = [];
        foreach (var key in (await store.Get<AlertStore>().TellAsync("glow", null, None)).Texts)
        {
            texts.Add((string)store.Scalar($"SELECT text FROM direct_messages WHERE id = '{key.Id}'")!);
        }

        return texts;
    }

    private static async Task PauseAsync(StoreUnderTest store, string step)
    {
        var text = await store.ClaimAsync(step);
        await store.Ledger.RecordAsync(Some.Session, step, text.Attempt, new SendRecord.AccountTrouble(20003), None);
    }

    private static async Task FailAsync(StoreUnderTest store, string step, int code)
    {
        var text = await store.ClaimAsync(step);
        await store.Ledger.RecordSentAsync(Some.Session, step, text.Attempt, $"SM-{step}", None);
        await store.Delivery.ReportAsync($"SM-{step}", "undelivered", code, null, None);
    }
}
