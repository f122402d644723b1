-- The store of FollowUp, first version. Scripts are immutable once released: a change is a new number.
-- Instants are UTC text of one fixed width (2026-11-24T18:00:00.0000000Z), so that text order is time order.

CREATE TABLE clinics (
    id               TEXT NOT NULL PRIMARY KEY,
    name             TEXT NOT NULL,
    time_zone        TEXT NOT NULL,
    phone            TEXT NOT NULL,
    emergency_number TEXT NULL,
    booking_url      TEXT NULL,
    languages        TEXT NOT NULL,           -- JSON array of BCP 47 tags, the clinic's own first
    completion       TEXT NOT NULL CHECK (completion IN ('assumed', 'confirmed')),
    sending_from     TEXT NOT NULL,           -- HH:mm in the patient's zone
    sending_to       TEXT NOT NULL,
    staff_alerts     TEXT NOT NULL,           -- JSON array
    sender           TEXT NULL,
    created_at       TEXT NOT NULL,
    changed_at       TEXT NOT NULL
) STRICT;

CREATE TABLE patients (
    clinic_id       TEXT NOT NULL REFERENCES clinics (id),
    id              TEXT NOT NULL,
    first_name      TEXT NOT NULL,
    phone           TEXT NOT NULL,
    language        TEXT NOT NULL,
    time_zone       TEXT NOT NULL,
    essentials_only INTEGER NOT NULL,
    created_at      TEXT NOT NULL,
    changed_at      TEXT NOT NULL,
    PRIMARY KEY (clinic_id, id)
) STRICT;

-- A word such as STOP arrives with a number and nothing else.
CREATE INDEX patients_by_phone ON patients (phone);

-- History, never updated: the newest row of a kind is the patient's present word on it.
CREATE TABLE consents (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    clinic_id  TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('care', 'marketing')),
    granted    INTEGER NOT NULL,
    source     TEXT NOT NULL,                 -- who said so: booking, patient, carrier, staff
    evidence   TEXT NULL,                     -- the word that the patient sent, the carrier's code
    at         TEXT NOT NULL,
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX consents_by_patient ON consents (clinic_id, patient_id, kind, id);

CREATE TABLE sessions (
    clinic_id        TEXT NOT NULL REFERENCES clinics (id),
    id               TEXT NOT NULL,
    patient_id       TEXT NOT NULL,
    plan_id          TEXT NOT NULL,
    plan_version     INTEGER NOT NULL,
    starts_at        TEXT NOT NULL,
    booked_at        TEXT NOT NULL,           -- when the present start was booked: steps due before it are past
    session_number   INTEGER NOT NULL,
    planned_sessions INTEGER NOT NULL,
    outcome          TEXT NOT NULL CHECK (outcome IN ('booked', 'completed', 'cancelled', 'no-show')),
    outcome_at       TEXT NULL,
    state            TEXT NOT NULL CHECK (state IN ('scheduled', 'waiting', 'paused', 'completed', 'cancelled', 'opted-out', 'failed')),
    next_step        TEXT NULL,
    next_due_at      TEXT NULL,
    revision         INTEGER NOT NULL,        -- counts changes of the truth
    planned_revision INTEGER NOT NULL,        -- the newest change that the orchestration has seen
    created_at       TEXT NOT NULL,
    changed_at       TEXT NOT NULL,
    PRIMARY KEY (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patients (clinic_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX sessions_by_patient ON sessions (clinic_id, patient_id, plan_id, starts_at);
CREATE INDEX sessions_unseen ON sessions (changed_at) WHERE planned_revision < revision;
CREATE INDEX sessions_by_next_due ON sessions (next_due_at) WHERE next_due_at IS NOT NULL;

-- The ledger: one row a text that a session has, had or will not have.
CREATE TABLE steps (
    clinic_id    TEXT NOT NULL,
    session_id   TEXT NOT NULL,
    step         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    text_key     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN
                     ('planned', 'sending', 'unknown', 'sent', 'delivered', 'undelivered', 'skipped', 'cancelled')),
    reason       TEXT NULL,
    due_at       TEXT NOT NULL,
    useful_until TEXT NOT NULL,
    not_before   TEXT NULL,                   -- a retry or the settling of an unknown outcome waits for this
    awaits_completion INTEGER NOT NULL,       -- the clinic must first say that the session was held
    attempt      INTEGER NOT NULL,            -- fences a late worker of an earlier attempt
    claimed_at   TEXT NULL,
    recipient    TEXT NULL,                   -- the number and the exact text of the attempt: what
    text         TEXT NULL,                   -- Twilio's list is asked for when the outcome is unknown
    message_sid  TEXT NULL,
    sent_at      TEXT NULL,
    delivered_at TEXT NULL,
    error_code   INTEGER NULL,
    PRIMARY KEY (clinic_id, session_id, step),
    FOREIGN KEY (clinic_id, session_id) REFERENCES sessions (clinic_id, id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX steps_by_message ON steps (message_sid) WHERE message_sid IS NOT NULL;
CREATE INDEX steps_overdue ON steps (due_at) WHERE state = 'planned' AND awaits_completion = 0;

-- Twilio's status callbacks as they came. They may come twice, in any order, and before the send has returned.
CREATE TABLE delivery_reports (
    message_sid TEXT NOT NULL,
    status      TEXT NOT NULL,
    error_code  INTEGER NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (message_sid, status)
) STRICT;

CREATE TABLE inbound_messages (
    message_sid TEXT NOT NULL PRIMARY KEY,
    sender      TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    body        TEXT NOT NULL,
    meaning     TEXT NOT NULL CHECK (meaning IN ('opt-out', 'opt-in', 'help', 'other')),
    received_at TEXT NOT NULL
) STRICT;

CREATE INDEX inbound_by_sender ON inbound_messages (sender, received_at);

-- Append-only. Subjects are ids, never names or numbers.
CREATE TABLE audit (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    clinic_id TEXT NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    action    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    detail    TEXT NULL
) STRICT;

CREATE INDEX audit_by_clinic ON audit (clinic_id, id);
