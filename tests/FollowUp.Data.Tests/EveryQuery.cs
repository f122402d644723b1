using FollowUp.Data.Alerts;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Bulk;
using FollowUp.Data.Delivery;
using FollowUp.Data.Direct;
using FollowUp.Data.Health;
using FollowUp.Data.Imports;
using FollowUp.Data.Inbox;
using FollowUp.Data.Keys;
using FollowUp.Data.Overview;
using FollowUp.Data.Patients;
using FollowUp.Data.Sessions.Commands;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Data.Staff;
using FollowUp.Data.Webhooks;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>Asks the stores everything that runs often or over much, so that a test can look at how the database answers.</summary>
internal static class EveryQuery
{
    private const string Nurse = "+14155550188";
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>What runs for every text that comes in, for every alert and every look at health.</summary>
    /// <param name="store">An empty one.</param>
    /// <param name="ready">Called when there is something to ask for.</param>
    public static async Task OfTrafficAsync(StoreUnderTest store, Action ready)
    {
        await store.Clinics.PutAsync(Some.Clinic with
        {
            StaffAlerts = [Nurse, "https://glow.example/alerts"],
            Webhooks = [new Subscription("https://glow.example/followup", Enum.GetValues<ClinicEventKind>())],
        }, "test", None);
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        await store.BookAsync(Some.Booking);
        ready();

        await store.ReceiveAsync("I have a fever");
        await store.ReceiveAsync("Which sunscreen do you recommend?");
        await store.ReceiveAsync("I have a fever", from: "+14155550777");
        await store.TellStaffAsync();
        await store.ReceiveAsync("I'm driving", from: Nurse);
        await store.ReceiveAsync("OK", from: Nurse);
        await store.ReceiveAsync("wrong number", from: Nurse);
        store.Clock.Now += Duration.FromMinutes(5);
        await store.TellStaffAsync();
        await store.Get<AlertStore>().IsNewsAsync("glow", None);
        await store.AlertsAsync();
        await store.InboxAsync();
        await store.InboxAsync(unread: true);
        await store.Get<InboxStore>().ReadAsync("glow", "SM-in-1", "Nurse Joy", "api", None);
        await store.Get<DeliveryTroubleStore>().FindAsync(None);
        await store.Get<DeliveryTroubleStore>().UnacknowledgedAsync(AlertStore.RepeatAfter, None);

        var feeds = store.Get<WebhookFeedStore>();
        await feeds.DueAsync("glow", None);
        await feeds.ListAsync("glow", None);
        var feed = (await feeds.ForgottenAsync(Duration.Zero, 10, None)).Single();
        await feeds.RecordAsync(feed, (await feeds.NextAsync(feed, None))!.Event!.Sequence, null, gone: false, None);
    }

    /// <summary>Each query of the dashboard's pages and of the lists behind the API.</summary>
    /// <param name="store">An empty one.</param>
    /// <param name="ready">Called when there is something to ask for.</param>
    public static async Task OfPagesAsync(StoreUnderTest store, Action ready)
    {
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        await store.BookAsync(Some.Booking);

        // A page's worth: of one or two SQLite thinks otherwise than of many.
        for (var i = 0; i < 30; i++)
        {
            await store.BookAsync(Some.Booking with
            {
                Key = new SessionKey("glow", $"b-{i}"),
                Patient = Some.Patient with { Id = $"p-{i}", Phone = $"+1212555{1000 + i}" },
            });
        }

        await store.ReceiveAsync("Which sunscreen do you recommend?");
        store.Scalar("UPDATE steps SET state = 'undelivered', claimed_at = due_at WHERE step = 'remind-1d'");
        ready();

        var now = store.Clock.Now;
        var (from, to) = (now - Duration.FromHours(12), now + Duration.FromHours(12));
        var overview = store.Get<ClinicOverview>();
        await overview.ClinicsAsync(None);
        await overview.WaitingAsync("glow", None);
        await overview.DayAsync("glow", from, to, None);
        await overview.PlannedAsync("glow", from, to, None);
        await overview.SentAsync("glow", [from, now, to], None);
        Assert.NotEmpty(await overview.FailedAsync("glow", from, 51, None));
        Assert.NotEmpty(await overview.NextAsync("glow", from, now + Duration.FromDays(90), 51, None));
        await store.Get<SystemOverview>().ReadAsync(None);
        Assert.NotNull(await store.Get<SessionOverview>().FindAsync(Some.Session, None));

        var patients = store.Get<PatientDirectory>();
        foreach (var search in new[] { null, "Ad", "p-10", "0123", "+1 415 555 0123" })
        {
            await patients.SearchAsync("glow", search, null, 51, None);
            await patients.SearchAsync("glow", search, "p-1", 51, None);
            foreach (var order in Enum.GetValues<SessionOrder>())
            {
                foreach (var filter in new[]
                {
                    new SessionFilter { Search = search }, new SessionFilter { Search = search, States = new HashSet<SessionState> { SessionState.Waiting } },
                    new SessionFilter { Search = search, Plan = Some.PlanId }, new SessionFilter { Search = search, Step = "prep-7d", DueBefore = to },
                })
                {
                    var page = await store.Get<SessionListStore>().ListAsync("glow", filter, order, null, 51, masked: true, None);
                    await store.Get<SessionListStore>().ListAsync("glow", filter, order, page is [var first, ..] ? first.Position : null, 51, masked: true, None);
                }
            }
        }

        await patients.NamesAsync("glow", [Some.Patient.Id], None);
        await patients.SessionsAsync("glow", Some.Patient.Id, None);
        await store.Get<PatientStore>().FindAsync("glow", Some.Patient.Id, None);
        await store.Get<PatientRecords>().MessagesAsync("glow", Some.Patient.Id, null, 51, None);
        foreach (var some in new[] { true, false })
        {
            await store.Get<InboxStore>().ListAsync("glow", some, null, 51, None);
            await store.Get<InboxStore>().ListAsync("glow", some, (now, "SM-in-1"), 51, None);
            await store.Get<AlertStore>().ListAsync("glow", some, null, 51, None);
            await store.Get<AlertStore>().ListAsync("glow", some, 7, 51, None);
        }

        var audit = store.Get<AuditStore>();
        await audit.ListAsync("glow", null, null, null, 51, None);
        await audit.ListAsync("glow", from, "b-77", (now, 7), 51, None);
        await store.Attention.UnseenAsync(Duration.FromMinutes(1), 200, None);
        await store.Attention.StalledAsync(Duration.FromMinutes(30), 200, None);
        await store.Attention.OldestDueAsync(None);
    }

    /// <summary>What the sweep looks for each minute, and lists of what staff and machines have done.</summary>
    /// <param name="store">An empty one.</param>
    /// <param name="ready">Called when there is something to ask for.</param>
    public static async Task OfSweepsAsync(StoreUnderTest store, Action ready)
    {
        await store.Clinics.PutAsync(Some.Clinic with { StaffAlerts = [Nurse] }, "test", None);
        await store.BookAsync(Some.Booking);
        await store.Get<ApiKeyStore>().AddAsync(new NewApiKey { Name = "Booking system" }, "test", None);
        ready();

        var (age, now) = (Duration.FromMinutes(5), store.Clock.Now);
        await store.Get<AlertStore>().ForgottenAsync(age, None);
        await store.Get<AlertStore>().MostUrgentAsync("glow", 5, None);
        await store.Get<DirectMessageStore>().ForgottenAsync(age, 200, None);
        await store.Get<WebhookPostStore>().ForgottenAsync(age, 200, None);
        await store.Get<WebhookFeedStore>().ForgottenAsync(age, 200, None);
        await store.Get<BulkCommandStore>().ForgottenAsync(age, 200, None);
        await store.Get<ImportStore>().ForgottenAsync(age, 200, None);
        await store.Delivery.SilentAsync(Duration.FromHours(1), 100, None);
        await store.Ledger.KnownAsync(["SM-1", "SM-2"], None);
        await store.Ledger.PlanAsync(Some.Session, None);
        await store.Ledger.ClaimAsync(Some.Session, "prep-7d", Duration.FromSeconds(30), None);
        await store.Delivery.ReportAsync("SM-of-nobody", "delivered", null, null, None);

        var bulks = store.Get<BulkCommandStore>();
        var filter = new SessionFilter { Search = "Ada" };
        var command = new SessionCommand(SessionCommandKind.Pause);
        await bulks.PreviewAsync("glow", filter, command, 100, None);
        var bulk = (await bulks.StartAsync("glow", filter, command, "test", None))!;
        await bulks.RunBatchAsync("glow", bulk.Id, 10, None);
        await bulks.FindAsync("glow", bulk.Id, None);
        await bulks.ListAsync("glow", 20, None);

        var imports = store.Get<ImportStore>();
        await imports.ListAsync("glow", null, 51, None);
        await imports.ListAsync("glow", (now, "x"), 51, None);
        await imports.LinesAsync("glow", "x", failed: true, 0, 51, None);
        await imports.LinesAsync("glow", "x", failed: false, 7, 51, None);
        await store.Get<ApiKeyStore>().ListAsync(null, 51, None);
        await store.Get<ApiKeyStore>().ListAsync((now, "x"), 51, None);
        await store.Get<StaffUserStore>().ListAsync(None);
        await store.Get<StaffUserStore>().RecentChangesAsync(20, None);
        await store.Get<SignInStore>().FindAsync("key", "stamp", true, now, None);
        await store.Clinics.ListAsync(null, 51, None);
        await store.Clinics.ViewAsync("glow", None);
        await store.Plans.ListAsync("glow", None);

        // Not among them: exporting and erasing a patient, which somebody orders now and then, and which go through what the clinic has.
    }
}
