using System.Globalization;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Context;
using FollowUp.Data.Sessions.Lists;
using FollowUp.Testing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Tests;

/// <summary>Finding sessions among many.</summary>
public sealed class SessionListTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SessionFilter Everything = new();

    [Theory]
    [InlineData(SessionOrder.DueLastFirst, "s-3 s-2 s-1 s-0 ended-1 ended-0")]
    [InlineData(SessionOrder.DueSoonestFirst, "s-0 s-1 s-2 s-3 ended-0 ended-1")]
    [InlineData(SessionOrder.StartsLastFirst, "ended-1 ended-0 s-3 s-2 s-1 s-0")]
    [InlineData(SessionOrder.StartsSoonestFirst, "s-0 s-1 s-2 s-3 ended-0 ended-1")]
    public async Task Pages_of_any_size_go_through_the_whole_list_in_its_order(SessionOrder order, string expected)
    {
        using var store = await StoreAsync();
        foreach (var (limit, search) in from limit in Enumerable.Range(1, 7) from search in new[] { null, "p-" } select (limit, search))
        {
            List<string> seen = [];
            SessionPosition? after = null;
            while (true)
            {
                var page = await ListAsync(store, Everything with { Search = search }, order, after, limit);
                seen.AddRange(page.Select(row => row.Key.Session));
                if (page.Count < limit)
                {
                    break;
                }

                after = page[^1].Position;
            }

            Assert.Equal(expected, string.Join(' ', seen));
        }
    }

    [Theory]
    [InlineData("Zoë", "s-3")]
    [InlineData("zoe", "s-3")]
    [InlineData("ZO", "s-3")]
    [InlineData(" zoë ann ", "s-3")]
    [InlineData("oë", "")]
    [InlineData("+1 (415) 555-1002", "s-2")]
    [InlineData("415 555 1002", "s-2")]
    [InlineData("1-415-555-1002", "s-2")]
    [InlineData("001 415 555 1002", "s-2")]
    [InlineData("1002", "s-2")]
    [InlineData("02", "")]
    [InlineData("0 4155551002", "s-2")]
    [InlineData("s-2", "s-2")]
    [InlineData("p-2", "s-2")]
    [InlineData("p-", "s-3 s-2 s-1 s-0 ended-1 ended-0")]
    [InlineData("ended", "ended-1 ended-0")]
    [InlineData("Ended", "")]
    [InlineData("%", "")]
    [InlineData("' OR 1=1 --", "")]
    [InlineData("_", "")]
    [InlineData("   ", "s-3 s-2 s-1 s-0 ended-1 ended-0")]
    public async Task A_search_finds_names_numbers_and_ids_as_they_are_typed(string typed, string expected)
    {
        using var store = await StoreAsync();
        Assert.Equal(expected, await FoundAsync(store, new SessionFilter { Search = typed }));
    }

    /// <summary>From so many on a search walks the list instead of gathering what it finds, and says the same.</summary>
    [Fact]
    public async Task A_search_that_finds_many_pages_through_all_of_them()
    {
        using var store = await StoreAsync();
        store.Scalar("""
            WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 5500)
            INSERT INTO patients (clinic_id, id, first_name, phone, language, time_zone, essentials_only, created_at, changed_at, name_key)
            SELECT 'glow', 'many-' || i, 'Grace', '+4479460' || i, 'en', 'Europe/London', 0, '2026-11-01T00:00:00.0000000Z', '2026-11-01T00:00:00.0000000Z', 'grace' FROM numbers
            """);
        store.Scalar("""
            INSERT INTO sessions (clinic_id, id, patient_id, plan_id, plan_version, starts_at, booked_at, session_number, planned_sessions, outcome, state,
                next_step, next_due_at, revision, planned_revision, created_at, changed_at)
            SELECT 'glow', id, id, 'microneedling-acne-scars', 2, '2026-12-01T18:00:00.0000000Z', created_at, 1, 4, 'booked',
                CASE WHEN id LIKE '%3' THEN 'completed' ELSE 'waiting' END, CASE WHEN id NOT LIKE '%3' THEN 'prep-7d' END,
                CASE WHEN id NOT LIKE '%3' THEN '2026-11-24T18:00:00.0000000Z' END, 1, 1, created_at, created_at
            FROM patients WHERE id LIKE 'many-%'
            """);
        HashSet<string> seen = [];
        SessionPosition? after = null;
        for (var full = true; full;)
        {
            var page = await ListAsync(store, new SessionFilter { Search = "GRACE" }, after: after, limit: 900);
            Assert.All(page, row => Assert.True(seen.Add(row.Key.Session)));
            (full, after) = (page.Count == 900, page.Count > 0 ? page[^1].Position : null);
        }

        Assert.Equal(5500, seen.Count);
        Assert.Equal(5500, (await PatientsAsync(store, "GRACE")).Count);
        Assert.Equal(5500, (await PatientsAsync(store, "many-")).Count);
        Assert.Equal(["p-3"], await PatientsAsync(store, "zoë"));
        Assert.Equal(50, (await ListAsync(store, new SessionFilter { Search = "many-", Step = "prep-7d" })).Count);
        Assert.Empty(await ListAsync(store, new SessionFilter { Search = "grace", States = new HashSet<SessionState> { SessionState.Failed } }));
    }

    /// <summary>A clinic's patients, page by page.</summary>
    private static async Task<IReadOnlyList<string>> PatientsAsync(StoreUnderTest store, string search)
    {
        List<string> seen = [];
        for (var full = true; full;)
        {
            var page = await store.Get<Overview.PatientDirectory>().SearchAsync("glow", search, seen.LastOrDefault(), 900, None);
            seen.AddRange(page.Select(line => line.Id));
            full = page.Count == 900;
        }

        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
        return seen;
    }

    [Fact]
    public async Task Filters_hold_together()
    {
        using var store = await StoreAsync();
        await store.OrderAsync(Sessions.Commands.SessionCommandKind.Pause, key: new SessionKey("glow", "s-1"));

        Assert.Equal("s-1", await FoundAsync(store, new SessionFilter { States = new HashSet<SessionState> { SessionState.Paused } }));
        Assert.Equal("s-1 ended-1 ended-0", await FoundAsync(store, new SessionFilter { States = new HashSet<SessionState> { SessionState.Paused, SessionState.Cancelled } }));
        Assert.Equal("s-3 s-2 s-1 s-0", await FoundAsync(store, new SessionFilter { Step = "prep-7d" }));
        Assert.Equal("", await FoundAsync(store, new SessionFilter { Step = "care-4h" }));
        Assert.Equal("", await FoundAsync(store, new SessionFilter { Plan = "filler" }));
        Assert.Equal("s-3 s-2 s-1 s-0 ended-1 ended-0", await FoundAsync(store, new SessionFilter { Plan = Some.PlanId }));
        var due = (await ListAsync(store, new SessionFilter { Search = "s-2" }))[0].Next!.DueAt;
        Assert.Equal("s-1 s-0", await FoundAsync(store, new SessionFilter { DueBefore = due }));
        Assert.Equal("s-0", await FoundAsync(store, new SessionFilter { DueBefore = due, States = new HashSet<SessionState> { SessionState.Scheduled } }));
        Assert.Equal("s-1", await FoundAsync(store, new SessionFilter { Step = "prep-7d", Search = "1001", DueBefore = due }));
    }

    [Fact]
    public async Task A_row_shows_the_patient_and_hides_the_number_unless_it_is_asked_for()
    {
        using var store = await StoreAsync();
        var masked = (await ListAsync(store, new SessionFilter { Search = "s-3" }))[0];
        Assert.Equal(("Zoë Ann", "p-3", "+1•••••1003", "prep-7d"), (masked.FirstName, masked.PatientId, masked.Phone, masked.Next!.Step));
        var whole = await store.Get<SessionListStore>().ListAsync("glow", Everything, SessionOrder.DueLastFirst, null, 1, masked: false, None);
        Assert.Equal("+14155551003", whole[0].Phone);
        Assert.DoesNotContain("Zoë", masked.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_clinics_sessions_are_not_found()
    {
        using var store = await StoreAsync();
        await store.Clinics.PutAsync(Some.Clinic with { Id = "other" }, "test", None);
        foreach (var typed in new[] { null, "zoe", "1002", "s-2", "p-2" })
        {
            Assert.Empty(await store.Get<SessionListStore>().ListAsync("other", new SessionFilter { Search = typed }, SessionOrder.DueLastFirst, null, 10, true, None));
        }
    }

    [Fact]
    public async Task A_changed_name_or_number_is_found_by_the_new_one_alone()
    {
        using var store = await StoreAsync();
        await store.BookAsync(Booking(3) with { Patient = Patient(3) with { FirstName = "Élodie", Phone = "+33612345678" } });
        Assert.Equal("s-3", await FoundAsync(store, new SessionFilter { Search = "elo" }));
        Assert.Equal("s-3", await FoundAsync(store, new SessionFilter { Search = "06 12 34 56 78" }));
        Assert.Equal("", await FoundAsync(store, new SessionFilter { Search = "zoe" }));
        Assert.Equal("", await FoundAsync(store, new SessionFilter { Search = "1003" }));
    }

    private static async Task<string> FoundAsync(StoreUnderTest store, SessionFilter filter) =>
        string.Join(' ', (await ListAsync(store, filter)).Select(row => row.Key.Session));

    private static Task<IReadOnlyList<SessionListItem>> ListAsync(
        StoreUnderTest store, SessionFilter filter, SessionOrder order = SessionOrder.DueLastFirst, SessionPosition? after = null, int limit = 50) =>
        store.Get<SessionListStore>().ListAsync("glow", filter, order, after, limit, masked: true, None);

    private static Data.Sessions.BookedPatient Patient(int number) => Some.Patient with
    {
        Id = $"p-{number}",
        FirstName = number == 3 ? "Zoë Ann" : "Ada",
        Phone = string.Create(CultureInfo.InvariantCulture, $"+1415555{1000 + number}"),
    };

    private static Data.Sessions.Booking Booking(int number) => Some.Booking with
    {
        Key = new SessionKey("glow", $"s-{number}"),
        Patient = Patient(number),
        StartsAt = Some.SessionStart + Duration.FromDays(number),
    };

    /// <summary>Four sessions that wait, each due a day after the one before, and two that have ended, which start after these.</summary>
    internal static async Task<StoreUnderTest> StoreAsync()
    {
        var store = new StoreUnderTest();
        await store.Clinics.PutAsync(Some.Clinic, "test", None);
        for (var number = 0; number < 4; number++)
        {
            await store.BookAsync(Booking(number));
        }

        for (var number = 0; number < 2; number++)
        {
            var key = new SessionKey("glow", $"ended-{number}");
            await store.BookAsync(Booking(number + 10) with { Key = key });
            await store.Sessions.ReportOutcomeAsync(key, Core.Timelines.SessionOutcome.Cancelled, null, "test", None);
        }

        return store;
    }
}
