using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace FollowUp.Benchmarks.Dashboard;

/// <summary>
/// Fills the store's own file, while no app runs on it, with what a large clinic has after years: patients with two sessions each, ten texts of every
/// session, a reply to it, alerts, audit. Straight into the tables, since to play it would take hours.
/// </summary>
internal static class ManySessions
{
    /// <summary>Texts of a session that have left; with a reply they make ten messages.</summary>
    private const int TextsSent = 9;

    /// <summary>Where a session's texts and its reply stand.</summary>
    public const int MessagesPerSession = TextsSent + 1;

    // A fifth of the sessions are still open, with a text to come; the others are spread over the two years before.
    private const string Fill = """
        CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY);
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < @sessions - 1) INSERT INTO numbers SELECT i FROM n;

        -- How far back a session lies, in minutes; open ones lie ahead. From when on it has texts behind it.
        CREATE TEMP TABLE plan AS
        SELECT i, 'b-' || (1000000 + i) AS id, 'p-' || (1000000 + i / 2) AS patient,
               CASE WHEN i % 5 = 0 THEN -1 - (i * 7919) % 30000 ELSE (i * 7919) % 1000000 END AS back,
               CASE WHEN i % 5 = 0 THEN (i * 7919) % 200000 ELSE (i * 7919) % 1000000 END AS active,
               CASE i % 4 WHEN 0 THEN 'microneedling-acne-scars' WHEN 1 THEN 'superficial-peel' WHEN 2 THEN 'filler' ELSE 'laser-hair-removal' END AS plan
        FROM numbers;

        INSERT INTO patients (clinic_id, id, first_name, phone, language, time_zone, essentials_only, created_at, changed_at, name_key, phone_reversed)
        SELECT @clinic, patient, name, '+1212' || (5000000 + i / 2), 'en', 'America/New_York', 0, @old, @old, lower(name), ''
        FROM (SELECT i, patient, CASE (i / 2) % 8 WHEN 0 THEN 'Ada' WHEN 1 THEN 'Anna' WHEN 2 THEN 'Ben' WHEN 3 THEN 'Cleo' WHEN 4 THEN 'Dev'
              WHEN 5 THEN 'Eve' WHEN 6 THEN 'Finn' ELSE 'Grace' || (i / 2) END AS name FROM plan WHERE i % 2 = 0);

        UPDATE patients SET phone_reversed = substr(phone, 12, 1) || substr(phone, 11, 1) || substr(phone, 10, 1) || substr(phone, 9, 1)
            || substr(phone, 8, 1) || substr(phone, 7, 1) || substr(phone, 6, 1) || '2121+';

        INSERT INTO consents (clinic_id, patient_id, kind, granted, source, at)
        SELECT @clinic, id, kind.name, 1, 'booking', @old FROM patients CROSS JOIN (SELECT 'care' AS name UNION ALL SELECT 'marketing') AS kind;

        INSERT INTO sessions (clinic_id, id, patient_id, plan_id, plan_version, starts_at, booked_at, session_number, planned_sessions, outcome, state,
            next_step, next_due_at, revision, planned_revision, created_at, changed_at)
        SELECT @clinic, id, patient, plan, 2, at(back), at(back + 20000), 1 + i % 2, 4, CASE WHEN i % 50 = 1 THEN 'cancelled' ELSE 'booked' END,
            CASE WHEN i % 5 = 0 THEN CASE WHEN i % 100 = 0 THEN 'paused' ELSE 'waiting' END WHEN i % 50 = 1 THEN 'cancelled' WHEN i % 50 = 2 THEN 'opted-out'
                ELSE 'completed' END,
            CASE WHEN i % 5 = 0 THEN 'remind-1d' END, CASE WHEN i % 5 = 0 THEN at(back) END, 3, 3, at(back + 20000), at(back + 20000)
        FROM plan;

        INSERT INTO steps (clinic_id, session_id, step, kind, text_key, state, due_at, useful_until, awaits_completion, attempt, claimed_at, recipient, text,
            message_sid, sent_at, delivered_at, error_code, sender, resends, asks)
        SELECT @clinic, k.id, 'text-' || k.n, CASE WHEN k.n < 4 THEN 'preparation' WHEN k.n < 7 THEN 'aftercare' ELSE 'rebooking' END, 'text',
            CASE WHEN (i * 10 + k.n) % 97 = 0 THEN 'undelivered' ELSE 'delivered' END,
            at(sent), at(sent - 1000), 0, 1, at(sent), '+1212' || (5000000 + i / 2),
            'Hi, Glow Skin Clinic here. Please come with a clean face, no makeup, 30 minutes early for the numbing cream. Reply C to confirm.',
            'SM' || printf('%032x', i * 10 + k.n), at(sent), CASE WHEN (i * 10 + k.n) % 97 <> 0 THEN at(sent) END,
            CASE WHEN (i * 10 + k.n) % 97 = 0 THEN 30008 END, '+15005550006', 0, 'nothing'
        FROM (SELECT plan.i, plan.id, t.n, plan.active + t.n * 2000 AS sent FROM plan CROSS JOIN numbers_of_texts AS t) AS k;

        INSERT INTO steps (clinic_id, session_id, step, kind, text_key, state, due_at, useful_until, awaits_completion, attempt, resends)
        SELECT @clinic, id, 'remind-1d', 'reminder', 'remind-1d', CASE WHEN i % 5 = 0 THEN 'planned' ELSE 'skipped' END, at(back), at(back - 1000), 0, 0, 0 FROM plan;

        INSERT INTO inbound_messages (message_sid, sender, recipient, body, meaning, received_at, red_flag)
        SELECT 'SMin' || printf('%030x', i), '+1212' || (5000000 + i / 2), '+15005550006', 'Which sunscreen do you recommend?', 'other', at(active + 500), 0 FROM plan;

        INSERT INTO inbound_copies (clinic_id, message_sid, patient_id, session_id, wants_reader, received_at, read_at, read_by)
        SELECT @clinic, 'SMin' || printf('%030x', i), patient, id, 1, at(active + 500),
            CASE WHEN i % 1000 = 1 THEN NULL ELSE at(active + 400) END, CASE WHEN i % 1000 = 1 THEN NULL ELSE 'Nurse Joy' END FROM plan;

        INSERT INTO alerts (clinic_id, kind, urgent, patient_id, session_id, cause, raised_at, notified_at, notifications, acknowledged_at, acknowledged_by)
        SELECT @clinic, 'inbox', 0, patient, id, 'inbox ' || i, at(active + 500), at(active + 490), 1,
            CASE WHEN i % 1000 = 1 THEN NULL ELSE at(active + 400) END, CASE WHEN i % 1000 = 1 THEN NULL ELSE 'Nurse Joy' END FROM plan;

        INSERT INTO audit (clinic_id, at, actor, action, subject)
        SELECT @clinic, at(back + 20000 - k.n), 'key:root', 'session-changed', id FROM plan CROSS JOIN numbers_of_texts AS k WHERE k.n <= 5 ORDER BY back DESC;
        """;

    /// <summary>Fills the file.</summary>
    /// <param name="path">The store's file.</param>
    /// <param name="sessions">How many sessions.</param>
    /// <param name="now">The instant that the ages count back from.</param>
    /// <returns>How long it took, in seconds.</returns>
    public static double Insert(string path, int sessions, DateTimeOffset now)
    {
        long started = Stopwatch.GetTimestamp();
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();

        // Instants of one fixed width, as the store writes them.
        connection.CreateFunction("at", (long minutesBack) => now.AddMinutes(-minutesBack).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture), isDeterministic: true);
        Run(connection, "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY; BEGIN");
        Run(connection, "CREATE TEMP TABLE numbers_of_texts (n INTEGER PRIMARY KEY); INSERT INTO numbers_of_texts WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n");
        using (SqliteCommand fill = connection.CreateCommand())
        {
            fill.CommandText = Fill;
            fill.Parameters.AddWithValue("@sessions", sessions);
            fill.Parameters.AddWithValue("@clinic", ListsApp.Clinic);
            fill.Parameters.AddWithValue("@old", "2024-01-01T00:00:00.0000000Z");
            fill.CommandTimeout = 0;
            fill.ExecuteNonQuery();
        }

        Run(connection, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
