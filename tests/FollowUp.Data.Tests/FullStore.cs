using FollowUp.Data.Webhooks;
using NodaTime;

namespace FollowUp.Testing;

/// <summary>A store with at least one row in each of its tables, with values that a careless copy would change.</summary>
public static class FullStore
{
    /// <summary>Quotes, a line end, letters beyond the first plane, what looks like JSON and like SQL.</summary>
    public const string Awkward = "“Zoë” said:\r\n\t'I''m \\ fine' 👩🏽‍⚕️ {\"a\":[1]} -- \u2028 ; DROP";

    private static readonly CancellationToken None = CancellationToken.None;

    public static async Task<StoreUnderTest> MakeAsync(TemporaryDirectory? directory = null)
    {
        var store = new StoreUnderTest(directory: directory);
        await store.Clinics.PutAsync(Some.Clinic with
        {
            Name = "Glów & “Skin”",
            StaffAlerts = ["+14155550188"],
            Webhooks = [new Subscription("https://glow.example/followup", Enum.GetValues<ClinicEventKind>())],
        }, "test", None);
        await store.BookAsync(Some.Booking);
        await store.BookAsync(Some.Booking with { Key = new("glow", "b-stop"), Patient = Some.Patient with { Id = "p-stop", FirstName = "Zoë 👩🏽‍⚕️", Phone = "+14155550124" } });
        await store.ClaimAsync("prep-7d");
        await store.ReceiveAsync("STOP", from: "+14155550124");
        await store.ReceiveAsync(new string('x', 1500) + " I have a fever " + Awkward);
        await store.TellStaffAsync();
        store.Run("""
            INSERT INTO delivery_reports VALUES ('SM-r', 'undelivered', 30003, '2026-11-24T18:00:00.0000001Z'), ('SM-r', 'sent', NULL, '2026-11-24T18:00:00.0000000Z');
            INSERT INTO earlier_messages VALUES ('SM-e', 'glow', 'b-77', 'prep-7d', 1, 'undelivered', NULL, 'text', '2026-11-24T18:00:00.0000000Z');
            INSERT INTO plan_versions VALUES ('glow', 'microneedling-acne-scars', 2001, 2, '{"a":null}', '2026-11-24T18:00:00.0000000Z');
            INSERT INTO plan_approvals VALUES ('glow', 'microneedling-acne-scars', 2, 'Dr. Grey', '2026-11-24T18:00:00.0000000Z');
            INSERT INTO webhook_posts VALUES ('post', 'glow', 'https://glow.example', '{}', 'waiting', 0, '2026-11-24T18:00:00.0000000Z', NULL, '2026-11-24T18:00:00.0000000Z');
            INSERT INTO erasures VALUES (41, 'glow', '2026-11-24T18:00:00.0000000Z', 'test', 1, 2, 3);
            INSERT INTO bulk_commands VALUES ('glow', 'bulk', 'pause', NULL, NULL, '{}', 'nurse', 'running', 2, 1, 0, 0, '2026-11-24T18:00:00.0000000Z', '2026-11-24T18:00:00.0000000Z', NULL);
            INSERT INTO bulk_command_items VALUES ('glow', 'bulk', 1, 'b-77', 'done', NULL, 0), ('glow', 'bulk', 2, 'b-stop', 'waiting', NULL, 3);
            INSERT INTO api_keys VALUES ('key', 'Booking', 'hash', 'glow', 1, '2026-11-24T18:00:00.0000000Z', 'test', NULL, NULL, NULL, NULL);
            INSERT INTO imports VALUES ('glow', 'import', 'hash', 'running', 2, 1, 0, 0, 0, 'test', '2026-11-24T18:00:00.0000000Z', NULL);
            INSERT INTO import_lines VALUES ('glow', 'import', 3, NULL, NULL, NULL, 'failed', NULL, '[]');
            INSERT INTO dashboard_users VALUES ('joy', 'admin', NULL, 'hash', '2026-11-24T18:00:00.0000000Z', '2026-11-24T18:00:00.0000000Z');
            INSERT INTO moves VALUES ('20261101T000000Z-00000000', 'restored', '2026-11-02T00:00:00.0000000Z', '2026-11-01T00:00:00.0000000Z', 'cli:root', NULL, 0,
                '2026-11-02T00:01:00.0000000Z', '2026-11-02T00:01:00.0000000Z');
            """);
        return store;
    }
}
