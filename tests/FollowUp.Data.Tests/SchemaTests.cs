using System.Data.Common;
using FollowUp.Data.AuditTrail;
using FollowUp.Data.Overview;
using FollowUp.Data.Patients;
using FollowUp.Data.Plans;
using FollowUp.Data.Schema;
using FollowUp.Testing;
using NodaTime;

namespace FollowUp.Data.Tests;

public sealed class SchemaTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SchemaUnderTest _schema = new();

    public void Dispose() => _schema.Dispose();

    [Fact]
    public async Task A_new_store_records_every_script_with_its_checksum()
    {
        await UpgradeAsync(Scripts);

        var script = Scripts[0];
        Assert.Equal(script.Checksum, Scalar("SELECT checksum FROM schema_versions WHERE number = 1"));
        Assert.Equal("0001-clinics-sessions-ledger.sql", Scalar("SELECT name FROM schema_versions WHERE number = 1"));
    }

    [Fact]
    public async Task Starting_again_on_an_up_to_date_store_changes_nothing()
    {
        await UpgradeAsync(Scripts);
        var before = Scalar("SELECT applied_at FROM schema_versions");
        await UpgradeAsync(Scripts);

        Assert.Equal(before, Scalar("SELECT applied_at FROM schema_versions"));
    }

    [Fact]
    public async Task A_recorded_script_that_has_been_changed_is_refused_by_name()
    {
        await UpgradeAsync([new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (x TEXT)")]);

        var refusal = await Assert.ThrowsAsync<SchemaException>(
            () => UpgradeAsync([new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (x TEXT, y TEXT)")]));
        Assert.Contains("0001-a.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_line_ends_are_the_same_script()
    {
        await UpgradeAsync([new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (\n x TEXT)")]);
        await UpgradeAsync([new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (\r\n x TEXT)")]);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await UpgradeAsync([new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (x TEXT)"), new SchemaScript(2, "0002-b.sql", "CREATE TABLE b (x TEXT)")]);

        var refusal = await Assert.ThrowsAsync<SchemaException>(
            () => UpgradeAsync([new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (x TEXT)")]));
        Assert.Contains("version 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_the_upgrade()
    {
        await Assert.ThrowsAnyAsync<DbException>(() => UpgradeAsync(
            [new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (x TEXT)"), new SchemaScript(2, "0002-b.sql", "CREATE TABLE b (x TEXT); CREATE NONSENSE")]));

        await UpgradeAsync([new SchemaScript(1, "0001-a.sql", "CREATE TABLE a (x TEXT)")]);
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM schema_versions"));
    }

    [Fact]
    public async Task Two_processes_that_start_together_run_each_script_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => UpgradeAsync(Scripts))));

        Assert.Equal((long)Scripts.Count, Scalar("SELECT COUNT(*) FROM schema_versions"));
    }

    /// <summary>Every table of the first schema holds something, and all of it is there and of use in the newest.</summary>
    [Fact]
    public async Task A_store_of_the_first_version_keeps_what_it_holds_and_works_on()
    {
        await UpgradeAsync([Scripts[0]]);
        Scalar("""
            INSERT INTO clinics VALUES ('glow', 'Glow', 'America/Los_Angeles', '(415) 555-0199', NULL, NULL, '["en"]', 'assumed', '08:00', '21:00', '[]', NULL,
                '2026-11-01T00:00:00.0000000Z', '2026-11-01T00:00:00.0000000Z');
            INSERT INTO patients VALUES ('glow', 'p-1001', 'Ada', '+14155550123', 'en', 'America/Los_Angeles', 0,
                '2026-11-01T00:00:00.0000000Z', '2026-11-01T00:00:00.0000000Z');
            INSERT INTO consents (clinic_id, patient_id, kind, granted, source, at) VALUES ('glow', 'p-1001', 'care', 1, 'booking', '2026-11-01T00:00:00.0000000Z');
            INSERT INTO sessions VALUES ('glow', 'b-77', 'p-1001', 'microneedling-acne-scars', 1, '2026-12-01T18:00:00.0000000Z',
                '2026-11-01T00:00:00.0000000Z', 1, 4, 'booked', NULL, 'waiting', NULL, NULL, 1, 1, '2026-11-01T00:00:00.0000000Z', '2026-11-01T00:00:00.0000000Z');
            INSERT INTO sessions VALUES ('glow', 'b-70', 'p-1001', 'microneedling-acne-scars', 1, '2026-11-02T18:00:00.0000000Z',
                '2026-11-01T00:00:00.0000000Z', 1, 4, 'completed', NULL, 'completed', NULL, NULL, 1, 1, '2026-11-01T00:00:00.0000000Z', '2026-11-01T00:00:00.0000000Z');
            INSERT INTO steps (clinic_id, session_id, step, kind, text_key, state, due_at, useful_until, awaits_completion, attempt, claimed_at, recipient, text, message_sid, sent_at)
            VALUES ('glow', 'b-70', 'care-4h', 'aftercare', 'care-4h', 'sent', '2026-11-02T22:00:00.0000000Z', '2026-11-03T22:00:00.0000000Z', 0, 1, '2026-11-02T22:00:00.0000000Z',
                '+14155550123', 'Keep it clean.', 'SM-70', '2026-11-02T22:00:00.0000000Z');
            INSERT INTO delivery_reports VALUES ('SM-70', 'sent', NULL, '2026-11-02T22:00:01.0000000Z');
            INSERT INTO inbound_messages VALUES ('SM-in-70', '+14155550123', '+15005550006', 'Thank you', 'other', '2026-11-02T23:00:00.0000000Z');
            INSERT INTO audit (clinic_id, at, actor, action, subject) VALUES ('glow', '2026-11-01T00:00:00.0000000Z', 'test', 'session-booked', 'b-77');
            """);

        using var store = new StoreUnderTest(directory: _schema.Directory);
        Assert.Equal(Instant.FromUtc(2026, 11, 24, 18, 0), (await store.Ledger.PlanAsync(Some.Session, None)).At);
        Assert.Equal(1, (await store.ViewAsync()).PlanVersion);
        Assert.Equal(ApprovalVerdict.Approved, (await store.Plans.ApproveAsync("glow", Some.PlanId, 1, "Dr. Grey", "test", None)).Verdict);

        // Found by what the newer schema searches by.
        foreach (var search in new[] { "ada", "0123", "p-10" })
        {
            Assert.Equal("Ada", Assert.Single(await store.Get<PatientDirectory>().SearchAsync("glow", search, null, 10, None)).FirstName);
        }

        // What was sent before is reported on, and a text that came before is known.
        Assert.Equal("Keep it clean.", (await store.StepAsync("care-4h", new SessionKey("glow", "b-70"))).Text);
        await store.Delivery.ReportAsync("SM-70", "delivered", null, null, None);
        Assert.Equal(StepState.Delivered, (await store.StepAsync("care-4h", new SessionKey("glow", "b-70"))).State);
        await store.ReceiveAsync("Thank you", sid: "SM-in-70");
        Assert.Equal(1L, store.Scalar("SELECT COUNT(*) FROM inbound_messages"));
        await store.ReceiveAsync("STOP");
        Assert.Equal(SessionState.OptedOut, (await store.ViewAsync()).State);
        Assert.Contains(await store.Get<AuditStore>().ListAsync("glow", null, "b-77", null, 10, None), line => line.Action == "session-booked");
        Assert.NotNull(await store.Get<PatientErasure>().EraseAsync("glow", "p-1001", "test", None));
    }

    private IReadOnlyList<SchemaScript> Scripts => SchemaScript.For(_schema.Kind.Name);

    private Task UpgradeAsync(IReadOnlyList<SchemaScript> scripts) => _schema.UpgradeAsync(scripts);

    private object? Scalar(string sql) => _schema.Scalar(sql);
}
