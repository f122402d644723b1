using System.Data.Common;
using System.Text.Json.Nodes;
using FollowUp.Core.Timelines;
using FollowUp.Data.Clinics;
using FollowUp.Data.Delivery;
using FollowUp.Data.Ledger;
using FollowUp.Data.Patients;
using FollowUp.Data.Sessions;
using FollowUp.Data.Webhooks;
using FollowUp.Testing;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What a clinic's own systems are told of, and that it is on record exactly when it is true.</summary>
public sealed class OutgoingEventTests
{
    private const string Address = "https://glow.example/followup";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ClinicEventKind[] Every = Enum.GetValues<ClinicEventKind>();

    [Fact]
    public async Task A_text_is_sent_and_then_delivered()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        var text = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);
        await store.Delivery.ReportAsync("SM1", "sent", null, null, None);
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);

        Assert.Equal(["followup.sent glow.sent.b-77.prep-7d.SM1", "followup.delivered glow.delivered.b-77.prep-7d.SM1"], Told(store));
        var told = Events(store)[1];
        Assert.Equal(
            """
            {"specversion":"1.0","id":"glow.delivered.b-77.prep-7d.SM1","source":"/clinics/glow","type":"followup.delivered","time":"2026-11-24T18:00:00Z",
            "subject":"sessions/b-77","sequence":"000000000002","datacontenttype":"application/json",
            "data":{"patient":"p-1001","session":"b-77","step":"prep-7d","kind":"preparation","message":"SM1"}}
            """.ReplaceLineEndings(""),
            told.ToJsonString());
    }

    [Fact]
    public async Task A_report_that_is_faster_than_the_answer_tells_both_in_their_order()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        var text = await store.ClaimAsync("prep-7d");
        await store.Delivery.ReportAsync("SM1", "delivered", null, SendReference.TryParse($"glow:b-77:prep-7d:{text.Attempt}"), None);
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);

        Assert.Equal(["followup.sent glow.sent.b-77.prep-7d.SM1", "followup.delivered glow.delivered.b-77.prep-7d.SM1"], Told(store));
    }

    [Fact]
    public async Task A_refused_text_and_one_that_is_not_delivered_have_failed_with_Twilios_code()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        var first = await store.ClaimAsync("prep-7d");
        await store.Ledger.RecordRefusedAsync(Some.Session, "prep-7d", first.Attempt, 21617, None);
        var second = await store.ClaimAsync("remind-3d");
        await store.Ledger.RecordSentAsync(Some.Session, "remind-3d", second.Attempt, "SM2", None);
        await store.Delivery.ReportAsync("SM2", "undelivered", 30007, null, None);

        Assert.Equal(
            ["followup.failed glow.failed.b-77.prep-7d.attempt-1", "followup.sent glow.sent.b-77.remind-3d.SM2", "followup.failed glow.failed.b-77.remind-3d.SM2"],
            Told(store));
        Assert.Equal([21617, null, 30007], Events(store).Select(told => (int?)told["data"]!["errorCode"]));
    }

    [Fact]
    public async Task A_reply_a_red_flag_and_the_answer_to_it_are_told()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        var news = await store.ReceiveAsync("I have a fever", sid: "SM-in");
        await store.SendAsync(news.Answers.Single());

        Assert.Equal(["followup.replied glow.replied.SM-in", "followup.red-flag glow.red-flag.SM-in"], Told(store)[..2]);
        var answer = Events(store)[2];
        Assert.Equal("followup.sent p-1001 call", $"{answer["type"]} {answer["data"]!["patient"]} {answer["data"]!["kind"]}");
        Assert.Equal(["glow"], news.Concerned);
    }

    [Fact]
    public async Task A_stop_is_told_once_for_each_patient_on_the_number_and_not_again()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("glow", "c-1"), Patient = Some.Patient with { Id = "p-2", FirstName = "Bo" } });
        await store.ReceiveAsync("STOP");
        await store.ReceiveAsync("STOP");

        Assert.Equal(["p-1001", "p-2"], Events(store).Where(told => (string)told["type"]! == "followup.opted-out").Select(told => (string)told["data"]!["patient"]!));
    }

    [Fact]
    public async Task A_consent_that_a_booking_does_not_list_any_more_is_no_opt_out()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.Booking with { Patient = Some.Patient with { Consents = new HashSet<ConsentKind>() } });

        Assert.Empty(Told(store));
    }

    [Fact]
    public async Task What_a_phone_answers_by_itself_and_what_staff_write_is_no_reply()
    {
        using var store = await SubscribedAsync(Some.Clinic with { StaffAlerts = ["+14155550188"] });
        await store.BookAsync(Some.Booking);
        await store.ReceiveAsync("I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.");
        await store.ReceiveAsync("what is this?", from: "+14155550188");
        await store.ReceiveAsync("hello", from: "+14155550777");

        Assert.Empty(Told(store));
    }

    [Fact]
    public async Task A_later_session_of_the_same_course_is_a_rebooking_of_the_one_before_it()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.LaterBooking);
        await store.BookAsync(Some.LaterBooking);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("glow", "x-1"), PlanId = "filler", SessionNumber = 1, PlannedSessions = 1, StartsAt = Some.SessionStart + Duration.FromDays(60) });

        var told = Assert.Single(Events(store));
        Assert.Equal("followup.rebooked b-78 after b-77 p-1001", $"{told["type"]} {told["data"]!["session"]} after {told["data"]!["earlierSession"]} {told["data"]!["patient"]}");
    }

    [Fact]
    public async Task A_session_that_is_called_off_is_told_whoever_does_it()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Cancelled, null, "test", None);
        await store.Sessions.ReportOutcomeAsync(Some.Session, SessionOutcome.Cancelled, null, "test", None);

        Assert.Equal("followup.cancelled b-77", Assert.Single(Events(store).Select(told => $"{told["type"]} {told["data"]!["session"]}")));
    }

    [Fact]
    public async Task Each_address_gets_what_it_has_asked_for_with_numbers_of_its_own_and_one_id_for_all()
    {
        using var store = new StoreUnderTest();
        const string Other = "https://other.example/in";
        await store.Clinics.PutAsync(Some.Clinic with
        {
            Webhooks = [new Subscription(Address, [ClinicEventKind.Delivered]), new Subscription(Other, [ClinicEventKind.Sent, ClinicEventKind.Delivered])],
        }, "test", None);
        await store.BookAsync(Some.Booking);
        await SendAsync(store, "prep-7d", "SM1");
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);

        Assert.Equal(["1 glow.delivered.b-77.prep-7d.SM1"], Numbered(store, Address));
        Assert.Equal(["1 glow.sent.b-77.prep-7d.SM1", "2 glow.delivered.b-77.prep-7d.SM1"], Numbered(store, Other));
    }

    [Fact]
    public async Task A_clinic_that_asks_for_nothing_and_another_clinics_address_get_nothing()
    {
        using var store = await SubscribedAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("other", "b-77") });
        await store.Sessions.ReportOutcomeAsync(new SessionKey("other", "b-77"), SessionOutcome.Cancelled, null, "test", None);

        Assert.Empty(Told(store));
        Assert.Equal(0L, store.Scalar("SELECT COUNT(*) FROM webhook_feeds"));
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_told_and_what_is_committed_always()
    {
        var faults = new CommitFaults();
        using var store = await SubscribedAsync(faults: faults);
        await store.BookAsync(Some.Booking);
        var text = await store.ClaimAsync("prep-7d");
        faults.Fails = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None));
        Assert.Empty(Told(store));
        Assert.Equal(StepState.Sending, (await store.StepAsync("prep-7d")).State);

        faults.Fails = false;
        await store.Ledger.RecordSentAsync(Some.Session, "prep-7d", text.Attempt, "SM1", None);
        Assert.Equal(["1 glow.sent.b-77.prep-7d.SM1"], Numbered(store, Address));
    }

    [Fact]
    public async Task No_name_no_number_and_no_word_is_in_any_event()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking with { Patient = Some.Patient with { FirstName = "Zerlina" } });
        await SendAsync(store, "prep-7d", "SM1");
        await store.Delivery.ReportAsync("SM1", "delivered", null, null, None);
        await store.ReceiveAsync("Zerlina here, I have a fever, call +14155550123");
        await store.ReceiveAsync("STOP");
        await store.BookAsync(Some.LaterBooking);

        Assert.True(Told(store).Count >= 6);
        foreach (var word in new[] { "Zerlina", "4155550123", "fever", "STOP", "America", "Glow Clinic" })
        {
            Assert.Equal(0L, store.Scalar($"SELECT COUNT(*) FROM webhook_events WHERE lower(body || event_id) LIKE lower('%{word}%')"));
        }
    }

    [Fact]
    public async Task A_patient_who_is_erased_takes_what_waits_with_them_and_the_numbers_go_on()
    {
        using var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.Booking with { Key = new SessionKey("glow", "c-1"), Patient = Some.Patient with { Id = "p-2", Phone = "+14155550200" } });
        await store.ReceiveAsync("What should I bring?", sid: "SM-a");
        await store.ReceiveAsync("What should I bring?", sid: "SM-b", from: "+14155550200");
        await store.Get<PatientErasure>().EraseAsync("glow", Some.Patient.Id, "test", None);
        await store.ReceiveAsync("And when?", sid: "SM-c", from: "+14155550200");

        Assert.Equal(["2 glow.replied.SM-b", "3 glow.replied.SM-c"], Numbered(store, Address));
    }

    [Fact]
    public async Task Events_go_out_one_after_the_other_and_wait_while_the_address_takes_none()
    {
        using var store = await WithEventsAsync(3);
        var feeds = store.Get<WebhookFeedStore>();
        var key = (await feeds.ForgottenAsync(Duration.Zero, 10, None)).Single();
        var first = (await feeds.NextAsync(key, None))!.Event!;
        Assert.Equal((1, "glow.replied.SM-1", new Uri(Address)), ((int)first.Sequence, first.Post.Id, first.Post.Url));

        List<Duration> waits = [];
        for (var failure = 0; failure < 7; failure++)
        {
            var look = await feeds.RecordAsync(key, 1, "HTTP 503", gone: false, None);
            Assert.Null(look!.Event);
            Assert.Empty(await feeds.DueAsync("glow", None));
            waits.Add(look!.At!.Value - store.Clock.Now);
            store.Clock.Now = look.At.Value;
        }

        Assert.Equal([1, 5, 15, 30, 60, 60, 60], waits.Select(wait => (int)wait.TotalMinutes));
        Assert.Equal([key.Feed], await feeds.DueAsync("glow", None));
        Assert.Equal(1, (await feeds.NextAsync(key, None))!.Event!.Sequence);
        var failing = Assert.Single((await feeds.ListAsync("glow", None))!);
        Assert.Equal((3, 7, "HTTP 503", Some.BookingTime), (failing.Waiting, failing.Failures, failing.LastError, failing.FailingSince));

        Assert.Equal(2, (await feeds.RecordAsync(key, 1, null, gone: false, None))!.Event!.Sequence);
        Assert.Equal(3, (await feeds.RecordAsync(key, 2, null, gone: false, None))!.Event!.Sequence);
        Assert.Equal(FeedLook.Nothing, await feeds.RecordAsync(key, 3, null, gone: false, None));
        var working = Assert.Single((await feeds.ListAsync("glow", None))!);
        Assert.Equal((0, 0, null, store.Clock.Now), (working.Waiting, working.Failures, working.LastError, working.TakenAt));
    }

    [Fact]
    public async Task What_nobody_takes_for_three_days_is_given_up_and_told_and_the_address_is_tried_on()
    {
        using var store = await WithEventsAsync(2);
        var feeds = store.Get<WebhookFeedStore>();
        var key = (await feeds.ForgottenAsync(Duration.Zero, 10, None)).Single();
        await feeds.RecordAsync(key, 1, "HTTP 500", gone: false, None);
        store.Clock.Now += WebhookFeedStore.KeptFor - Duration.FromMinutes(1);
        await store.ReceiveAsync("And where?", sid: "SM-late");
        await feeds.RecordAsync(key, 1, "HTTP 500", gone: false, None);
        Assert.Equal(3, Numbered(store, Address).Count);

        store.Clock.Now += Duration.FromMinutes(5);
        var look = await feeds.RecordAsync(key, 1, "HTTP 500", gone: false, None);
        Assert.Equal(["3 glow.replied.SM-late"], Numbered(store, Address));
        Assert.Equal(store.Clock.Now + Duration.FromMinutes(15), look!.At);
        Assert.Equal(2, (await store.Get<Health.DeliveryTroubleStore>().FindAsync(None)).LostPosts);
        Assert.Equal("webhook-events-given-up 2 for glow.example: HTTP 500", store.Scalar("SELECT action || ' ' || detail FROM audit ORDER BY id DESC LIMIT 1"));

        store.Clock.Now = look!.At!.Value;
        Assert.Equal(3, (await feeds.NextAsync(key, None))!.Event!.Sequence);
    }

    [Fact]
    public async Task An_address_that_is_gone_gets_nothing_until_the_clinic_names_it_anew()
    {
        using var store = await WithEventsAsync(2);
        var feeds = store.Get<WebhookFeedStore>();
        var key = (await feeds.ForgottenAsync(Duration.Zero, 10, None)).Single();
        Assert.Equal(FeedLook.Nothing, await feeds.RecordAsync(key, 1, "HTTP 410", gone: true, None));
        await store.ReceiveAsync("And where?", sid: "SM-after");
        Assert.Empty(Told(store));
        Assert.NotNull(Assert.Single((await feeds.ListAsync("glow", None))!).GoneAt);

        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        await store.Clinics.PutAsync(Some.Clinic with { Webhooks = [new Subscription(Address, Every)] }, "test", None);
        await store.ReceiveAsync("Hello?", sid: "SM-anew");
        Assert.Equal(["1 glow.replied.SM-anew"], Numbered(store, Address));
    }

    [Fact]
    public async Task What_waits_for_an_address_that_the_clinic_names_no_more_goes_with_it_and_the_others_stay()
    {
        using var store = new StoreUnderTest();
        const string Other = "https://other.example/in";
        await store.Clinics.PutAsync(Some.Clinic with { Webhooks = [new Subscription(Address, Every), new Subscription(Other, Every)] }, "test", None);
        await store.BookAsync(Some.Booking);
        await store.ReceiveAsync("What should I bring?", sid: "SM-1");
        await store.Clinics.PutAsync(Some.Clinic with { Webhooks = [new Subscription(Other, [ClinicEventKind.OptedOut])] }, "test", None);

        Assert.Empty(Numbered(store, Address));
        Assert.Equal(["1 glow.replied.SM-1"], Numbered(store, Other));
        Assert.Equal([Other], (await store.Clinics.FindAsync("glow", None))!.Webhooks.Select(webhook => webhook.Url));
    }

    private static async Task<StoreUnderTest> SubscribedAsync(ClinicSettings? clinic = null, IInterceptor? faults = null)
    {
        var store = new StoreUnderTest(interceptor: faults);
        await store.Clinics.PutAsync((clinic ?? Some.Clinic) with { Webhooks = [new Subscription(Address, Every)] }, "test", None);
        return store;
    }

    /// <summary>So many replies wait.</summary>
    private static async Task<StoreUnderTest> WithEventsAsync(int count)
    {
        var store = await SubscribedAsync();
        await store.BookAsync(Some.Booking);
        for (var number = 1; number <= count; number++)
        {
            await store.ReceiveAsync("What should I bring?", sid: $"SM-{number}");
        }

        return store;
    }

    private static async Task SendAsync(StoreUnderTest store, string step, string sid)
    {
        var text = await store.ClaimAsync(step);
        await store.Ledger.RecordSentAsync(Some.Session, step, text.Attempt, sid, None);
    }

    private static List<string> Told(StoreUnderTest store) => [.. Events(store).Select(told => $"{told["type"]} {told["id"]}")];

    private static List<JsonNode> Events(StoreUnderTest store) =>
        [.. JsonNode.Parse((string)store.Scalar("SELECT '[' || coalesce(string_agg(body, ',' ORDER BY feed_id, sequence), '') || ']' FROM webhook_events")!)!
            .AsArray().Select(told => told!)];

    private static List<string> Numbered(StoreUnderTest store, string url) =>
        [.. ((string)store.Scalar(
            $"SELECT coalesce(string_agg(e.sequence || ' ' || e.event_id, '\n' ORDER BY e.sequence), '') FROM webhook_events e JOIN webhook_feeds f ON f.clinic_id = e.clinic_id AND f.id = e.feed_id WHERE f.url = '{url}'")!)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The process dies before a commit.</summary>
    private sealed class CommitFaults : DbTransactionInterceptor
    {
        public bool Fails { get; set; }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            Fails ? throw new InvalidOperationException("The process died before a commit.") : base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
    }
}
