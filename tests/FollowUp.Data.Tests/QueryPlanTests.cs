using FollowUp.Data.Alerts;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Health;
using FollowUp.Data.Inbox;
using FollowUp.Data.Overview;
using FollowUp.Data.Patients;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Data.Webhooks;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>What runs for every text that comes in, for every alert and every look at health reads through an index, however long the history is.</summary>
public sealed class QueryPlanTests
{
    private const string Nurse = "+14155550188";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Nothing_that_grows_is_read_from_end_to_end()
    {
        var plans = new QueryPlans();
        using var store = new StoreUnderTest(interceptor: plans);
        await store.Clinics.PutAsync(Some.Clinic with
        {
            StaffAlerts = [Nurse, "https://glow.example/alerts"],
            Webhooks = [new Subscription("https://glow.example/followup", Enum.GetValues<ClinicEventKind>())],
        }, "test", None);
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        await store.BookAsync(Some.Booking);
        plans.IsWatching = true;

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

        Assert.True(plans.Count > 100, "The queries were not seen.");
        Assert.True(plans.Scans.Count == 0, string.Join('\n', plans.Scans));
    }

    /// <summary>Each query of the dashboard's pages and of the lists behind the API: what a page shows is found by an index, however much is stored.</summary>
    [Fact]
    public async Task No_page_reads_a_growing_table_from_end_to_end()
    {
        var plans = new QueryPlans();
        using var store = new StoreUnderTest(interceptor: plans);
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
        plans.IsWatching = true;

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

        Assert.True(plans.Count > 100, "The queries were not seen.");

        // Few among many: whoever looks for them by any other index walks past everything that has been settled.
        Assert.Contains(plans.Steps, step => step.EndsWith("USING INDEX alerts_open (clinic_id=?)", StringComparison.Ordinal));
        Assert.Contains(plans.Steps, step => step.EndsWith("USING INDEX inbound_copies_waiting (clinic_id=?)", StringComparison.Ordinal));

        // How many sessions there are can only be counted: of the smallest index, which takes a millisecond for a hundred thousand.
        var scans = plans.Scans.Where(scan => !scan.StartsWith("sessions: SCAN s USING COVERING INDEX sqlite_autoindex_sessions_1 in SELECT COUNT(*)", StringComparison.Ordinal));
        Assert.True(!scans.Any(), string.Join("\n\n", scans.Distinct()));
    }
}
