using Npgsql;

namespace FollowUp.Testing;

/// <summary>What a clinic has after two years: 20,000 patients with a session each, nearly all of it settled; and another clinic beside it.</summary>
internal static class YearsOfData
{
    public static void Fill(StoreUnderTest store)
    {
        using var connection = (NpgsqlConnection)store.OpenDatabase();
#pragma warning disable CA2100 // The text of this class.
        using var command = new NpgsqlCommand(Script, connection) { CommandTimeout = 300 };
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private const string Script = """
        CREATE FUNCTION pg_temp.t (at TIMESTAMP) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$ SELECT to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS".0000000Z"') $$;

        INSERT INTO clinics (id, name, time_zone, phone, languages, completion, sending_from, sending_to, staff_alerts, created_at, changed_at)
        VALUES ('beside', 'Beside', 'America/Los_Angeles', '(415) 555-0177', '["en"]', 'assumed', '08:00', '21:00', '[]', '2024-11-01T00:00:00.0000000Z', '2024-11-01T00:00:00.0000000Z');

        CREATE TEMP TABLE n AS
        SELECT i, CASE WHEN i % 5 > 0 THEN 'glow' ELSE 'beside' END AS clinic, 'old-' || i AS id, '+1646' || (5000000 + i) AS phone,
            pg_temp.t(TIMESTAMP '2024-11-24 18:00' + i % 20000 * INTERVAL '52 minutes') AS at, i % 20000 > 19000 AS is_open
        FROM generate_series(1, 25000) AS i;

        INSERT INTO patients (clinic_id, id, first_name, phone, language, time_zone, essentials_only, created_at, changed_at, name_key, phone_reversed)
        SELECT clinic, id, 'Name' || i % 997, phone, 'en', 'America/Los_Angeles', 0, at, at, 'name' || i % 997, reverse(phone) FROM n;

        INSERT INTO consents (clinic_id, patient_id, kind, granted, source, at)
        SELECT clinic, id, kind, 1, 'booking', at FROM n, (VALUES ('care'), ('marketing')) AS kinds (kind);

        INSERT INTO sessions (clinic_id, id, patient_id, plan_id, plan_version, starts_at, booked_at, session_number, planned_sessions, outcome, state,
            next_step, next_due_at, revision, planned_revision, created_at, changed_at)
        SELECT clinic, id, id, 'microneedling-acne-scars', 2, at, at, 1, 4, CASE WHEN is_open THEN 'booked' ELSE 'completed' END,
            CASE WHEN is_open THEN 'waiting' WHEN i % 10 = 0 THEN 'cancelled' WHEN i % 500 = 1 THEN 'failed' ELSE 'completed' END,
            CASE WHEN is_open THEN 'care-7d' END, CASE WHEN is_open THEN pg_temp.t(TIMESTAMP '2026-11-23 18:00' + i % 1000 * INTERVAL '1 hour') END, 3, 3, at, at
        FROM n;

        INSERT INTO steps (clinic_id, session_id, step, kind, text_key, state, due_at, useful_until, awaits_completion, attempt, claimed_at, recipient, text, message_sid,
            sent_at, delivered_at, sender)
        SELECT clinic, id, step, 'aftercare', 'x', CASE WHEN (i + number) % 400 = 0 THEN 'undelivered' WHEN (i + number) % 4000 = 1 THEN 'skipped' ELSE 'delivered' END,
            at, at, 0, 1, at, phone, 'Text', 'SM-' || i || '-' || number, at, at, '+15005550006'
        FROM n, (VALUES (1, 'prep-7d'), (2, 'remind-3d'), (3, 'remind-1d'), (4, 'care-4h'), (5, 'care-24h')) AS s (number, step);
        INSERT INTO steps (clinic_id, session_id, step, kind, text_key, state, due_at, useful_until, awaits_completion, attempt)
        SELECT clinic_id, id, 'care-7d', 'aftercare', 'x', 'planned', next_due_at, next_due_at, 0, 0 FROM sessions WHERE state = 'waiting';

        INSERT INTO earlier_messages (message_sid, clinic_id, session_id, step, attempt, state, text, sent_at)
        SELECT 'SM-before-' || i, clinic, id, 'prep-7d', 1, 'undelivered', 'Text', at FROM n WHERE i % 2 = 0;
        INSERT INTO delivery_reports (message_sid, status, received_at) SELECT 'SM-' || i || '-1', status, at FROM n, (VALUES ('sent'), ('delivered')) AS s (status);

        INSERT INTO inbound_messages (message_sid, sender, recipient, body, meaning, received_at)
        SELECT 'SM-in-old-' || i, phone, '+15005550006', 'Thanks', 'other', at FROM n;
        INSERT INTO inbound_copies (clinic_id, message_sid, patient_id, session_id, wants_reader, received_at, read_at, read_by)
        SELECT clinic, 'SM-in-old-' || i, id, id, CASE WHEN i % 2 = 0 THEN 1 ELSE 0 END, at, CASE WHEN i % 200 > 0 THEN at END, 'Joy' FROM n;
        INSERT INTO direct_messages (clinic_id, id, kind, patient_id, inbound_sid, state, recipient, text, sender, due_at, useful_until, attempt, claimed_at, message_sid,
            sent_at, delivered_at, created_at)
        SELECT clinic, 'reply-' || i, 'call', id, 'SM-in-old-' || i, CASE WHEN i % 400 = 0 THEN 'undelivered' ELSE 'delivered' END, phone, 'Call us', '+15005550006', at, at, 1, at,
            'SM-direct-' || i, at, at, at FROM n;
        INSERT INTO alerts (clinic_id, kind, urgent, patient_id, session_id, inbound_sid, cause, raised_at, notified_at, notifications, acknowledged_at, acknowledged_by)
        SELECT clinic, 'reschedule', 0, id, id, 'SM-in-old-' || i, 'cause-' || i, at, at, 1, CASE WHEN i % 500 > 0 THEN at END, 'Joy' FROM n;

        INSERT INTO number_marks (number_key, sender, mark, at) SELECT md5(i::TEXT), '', 'opted-out', at FROM n;
        INSERT INTO audit (clinic_id, at, actor, action, subject) SELECT clinic, at, 'test', action, id FROM n, (VALUES ('session-booked'), ('patient-opened')) AS a (action);
        INSERT INTO webhook_posts (id, clinic_id, url, body, state, attempts, created_at) SELECT 'post-' || i, clinic, 'https://glow.example', '{}', 'taken', 1, at FROM n;
        INSERT INTO webhook_feeds (clinic_id, id, url, last_sequence, failures, lost, next_at) VALUES ('beside', 'x', 'https://beside.example', 25000, 1, 0, '2027-01-01T00:00:00.0000000Z');
        INSERT INTO webhook_events (clinic_id, feed_id, sequence, event_id, body, patient_id, created_at) SELECT 'beside', 'x', i, 'e-' || i, '{}', id, at FROM n WHERE i <= 2000;
        ANALYZE;
        """;
}
