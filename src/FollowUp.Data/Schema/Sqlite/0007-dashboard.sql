-- The dashboard: who may use it, who is signed in, who guesses passwords, and the keys that its cookies are protected with.

CREATE TABLE dashboard_users (
    name          TEXT NOT NULL PRIMARY KEY,  -- lower case
    role          TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    clinic_id     TEXT NULL REFERENCES clinics (id),  -- null: every clinic
    password_hash TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    changed_at    TEXT NOT NULL
) STRICT;

-- Sign-ins that have not ended. Their times are of the real clock, also where the app runs on a simulated one.
CREATE TABLE dashboard_sessions (
    key_hash   TEXT NOT NULL PRIMARY KEY,     -- SHA-256 of the key in the cookie: the store alone lets nobody in
    user_name  TEXT NULL REFERENCES dashboard_users (name) ON DELETE CASCADE,  -- null: signed in with the root key
    root_stamp TEXT NULL,                     -- of the root key that it was signed in with: another key ends it
    created_at TEXT NOT NULL,
    seen_at    TEXT NOT NULL
) STRICT;

CREATE INDEX dashboard_sessions_by_user ON dashboard_sessions (user_name);

-- What has been tried without success, by name and by address; hashed, because people type passwords into the field for the name.
CREATE TABLE sign_in_failures (
    subject       TEXT NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    last_at       TEXT NOT NULL,
    blocked_until TEXT NULL
) STRICT;

CREATE TABLE data_protection_keys (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    friendly_name TEXT NOT NULL,
    xml           TEXT NOT NULL
) STRICT;

-- What the first page counts, by day and by hour.
CREATE INDEX steps_by_due ON steps (clinic_id, due_at, state);
CREATE INDEX steps_by_sent ON steps (clinic_id, sent_at, state) WHERE sent_at IS NOT NULL;
CREATE INDEX steps_by_delivered ON steps (clinic_id, delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX steps_undelivered ON steps (clinic_id, claimed_at) WHERE state = 'undelivered';
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);

-- Texts that nobody needs to read are never read: they must not stand among those that wait, which every plan of a session looks at.
DROP INDEX inbound_copies_unread;
CREATE INDEX inbound_copies_waiting ON inbound_copies (clinic_id, received_at) WHERE wants_reader AND read_at IS NULL;
CREATE INDEX inbound_copies_waiting_by_patient ON inbound_copies (clinic_id, patient_id) WHERE wants_reader AND read_at IS NULL;

CREATE INDEX alerts_open_urgent ON alerts (clinic_id, urgent, id) WHERE acknowledged_at IS NULL;
CREATE INDEX alerts_open ON alerts (clinic_id, id) WHERE acknowledged_at IS NULL;
