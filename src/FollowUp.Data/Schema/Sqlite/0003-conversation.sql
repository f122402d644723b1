-- The conversation: what patients answer, what the carrier says of numbers and senders, what staff must learn, and texts outside of a plan.

-- What the installation keeps for itself, such as the key under which numbers are marked.
CREATE TABLE installation (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- How a consent was given, and the words that the patient was shown.
ALTER TABLE consents ADD COLUMN method TEXT NULL;
ALTER TABLE consents ADD COLUMN wording TEXT NULL;

-- What is true of a phone number, whoever its patients are. The number itself is not here: a mark must outlive the erasure of a patient,
-- so that a STOP is never forgotten, and is found by a keyed hash.
CREATE TABLE number_marks (
    number_key TEXT NOT NULL,                 -- HMAC-SHA256 of the E.164 number under the installation's key, hexadecimal
    sender     TEXT NOT NULL,                 -- the sender that it holds for, '' for every sender
    mark       TEXT NOT NULL CHECK (mark IN ('opted-out', 'wrong-number', 'unreachable')),
    reason     TEXT NULL,                     -- Twilio's code, or the SID of the patient's text
    at         TEXT NOT NULL,
    PRIMARY KEY (number_key, sender, mark)
) STRICT;

-- Whatever texts are sent from: a number or the SID of a messaging service. Made when it is first sent from.
CREATE TABLE senders (
    sender       TEXT NOT NULL PRIMARY KEY,
    next_slot_at TEXT NULL,                   -- pacing: the first moment that no text has been given yet
    paused_at    TEXT NULL,                   -- account trouble: nothing is sent until it is over
    pause_code   INTEGER NULL,
    pause_reported INTEGER NOT NULL,          -- 1: Twilio took the texts and reports that carriers refuse them, so that taking one proves nothing
    pauses       INTEGER NOT NULL,            -- in a row, for the backoff; 0 when it works
    probe_at     TEXT NULL,                   -- when one text may try whether it works again
    probe_taken  INTEGER NOT NULL             -- 1: Twilio has taken the one that tried, and no failure has been reported since
) STRICT;

ALTER TABLE steps ADD COLUMN sender TEXT NULL;                      -- of the present attempt
ALTER TABLE steps ADD COLUMN slot_at TEXT NULL;                     -- when the sender's pace lets this text leave
ALTER TABLE steps ADD COLUMN resends INTEGER NOT NULL DEFAULT 0;    -- after "not delivered" for a passing cause; at most one
ALTER TABLE steps ADD COLUMN asked_at TEXT NULL;                    -- when Twilio was last asked what became of it
ALTER TABLE steps ADD COLUMN asks TEXT NULL CHECK (asks IN ('nothing', 'visit', 'appointment', 'rating')); -- what a bare answer can be to

CREATE INDEX steps_without_report ON steps (sent_at) WHERE state = 'sent';

-- Messages of a step whose text was sent again: the SID stays known, so that a late report or a listing never looks like something new.
CREATE TABLE earlier_messages (
    message_sid TEXT NOT NULL PRIMARY KEY,
    clinic_id   TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    step        TEXT NOT NULL,
    attempt     INTEGER NOT NULL,
    state       TEXT NOT NULL,
    error_code  INTEGER NULL,
    text        TEXT NOT NULL,
    sent_at     TEXT NOT NULL,
    FOREIGN KEY (clinic_id, session_id, step) REFERENCES steps (clinic_id, session_id, step) ON DELETE CASCADE
) STRICT;

-- Texts outside of a plan: answers to the patient's own message, alerts to staff. Claimed, sent and settled as steps are.
CREATE TABLE direct_messages (
    clinic_id    TEXT NOT NULL REFERENCES clinics (id),
    id           TEXT NOT NULL,               -- made from what caused it, so that the same cause makes one text
    kind         TEXT NOT NULL CHECK (kind IN ('opt-out-confirmed', 'opt-in-confirmed', 'help', 'call', 'confirmed', 'reschedule',
                                               'cancelled', 'staff-alert', 'staff-reply')),
    patient_id   TEXT NULL,
    inbound_sid  TEXT NULL,                   -- the text that it answers
    alert_id     INTEGER NULL,                -- the urgent alert that it tells of
    state        TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'unknown', 'sent', 'delivered', 'undelivered', 'skipped')),
    reason       TEXT NULL,
    recipient    TEXT NOT NULL,
    text         TEXT NOT NULL,
    sender       TEXT NULL,                   -- of the present attempt
    due_at       TEXT NOT NULL,
    useful_until TEXT NOT NULL,
    not_before   TEXT NULL,
    slot_at      TEXT NULL,
    attempt      INTEGER NOT NULL,
    claimed_at   TEXT NULL,
    message_sid  TEXT NULL,
    sent_at      TEXT NULL,
    delivered_at TEXT NULL,
    error_code   INTEGER NULL,
    asked_at     TEXT NULL,                   -- when Twilio was last asked what became of it
    created_at   TEXT NOT NULL,
    PRIMARY KEY (clinic_id, id)
) STRICT;

CREATE UNIQUE INDEX direct_messages_by_message ON direct_messages (message_sid) WHERE message_sid IS NOT NULL;
CREATE INDEX direct_messages_without_report ON direct_messages (sent_at) WHERE state = 'sent';
CREATE INDEX direct_messages_open ON direct_messages (due_at) WHERE state IN ('planned', 'sending', 'unknown');
CREATE INDEX direct_messages_by_patient ON direct_messages (clinic_id, patient_id, created_at) WHERE patient_id IS NOT NULL;
CREATE INDEX direct_messages_by_recipient ON direct_messages (recipient, created_at);
CREATE INDEX direct_messages_by_alert ON direct_messages (alert_id, recipient) WHERE alert_id IS NOT NULL;
CREATE INDEX direct_messages_lost_alerts ON direct_messages (created_at) WHERE kind = 'staff-alert' AND state IN ('undelivered', 'skipped');

-- A text that came in now says more: what was read in it. SQLite cannot change a CHECK.
CREATE TABLE inbound_messages_3 (
    message_sid TEXT NOT NULL PRIMARY KEY,
    sender      TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    body        TEXT NOT NULL,
    meaning     TEXT NOT NULL CHECK (meaning IN ('opt-out', 'opt-in', 'help', 'wrong-number', 'confirm', 'reschedule', 'cancel', 'check-in',
                                                 'staff', 'auto-reply', 'other')),
    red_flag    INTEGER NOT NULL DEFAULT 0,
    rating      INTEGER NULL,                 -- 1 to 5, the answer to a check-in
    received_at TEXT NOT NULL
) STRICT;

INSERT INTO inbound_messages_3 (message_sid, sender, recipient, body, meaning, received_at)
SELECT message_sid, sender, recipient, body, meaning, received_at FROM inbound_messages;

DROP TABLE inbound_messages;
ALTER TABLE inbound_messages_3 RENAME TO inbound_messages;
CREATE INDEX inbound_by_sender ON inbound_messages (sender, received_at);

-- A text can concern several clinics: a shared phone, a shared sender. Each has a copy of its own, to read and to answer by itself. A text
-- without a copy is nobody's.
CREATE TABLE inbound_copies (
    clinic_id    TEXT NOT NULL REFERENCES clinics (id),
    message_sid  TEXT NOT NULL REFERENCES inbound_messages (message_sid) ON DELETE CASCADE,
    patient_id   TEXT NULL,                   -- the clinic's patient; null when it is not certain who
    session_id   TEXT NULL,                   -- the session that it is about, if it answers one of its texts
    alert_id     INTEGER NULL,                -- the red flag that it belongs to
    told_at      TEXT NULL,                   -- when staff were first told of it by that
    wants_reader INTEGER NOT NULL,            -- it stands in the clinic's inbox until it is read
    received_at  TEXT NOT NULL,
    read_at      TEXT NULL,
    read_by      TEXT NULL,
    PRIMARY KEY (clinic_id, message_sid)
) STRICT;

CREATE INDEX inbound_copies_by_message ON inbound_copies (message_sid);
CREATE INDEX inbound_copies_by_patient ON inbound_copies (clinic_id, patient_id, received_at);
CREATE INDEX inbound_copies_by_time ON inbound_copies (clinic_id, received_at);
CREATE INDEX inbound_copies_unread ON inbound_copies (clinic_id, received_at) WHERE read_at IS NULL;
CREATE INDEX inbound_copies_by_alert ON inbound_copies (alert_id) WHERE alert_id IS NOT NULL;

ALTER TABLE sessions ADD COLUMN confirmed_at TEXT NULL;             -- the patient has said that they will come

-- What staff of a clinic must learn. No names, numbers or texts: ids to look them up.
CREATE TABLE alerts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    clinic_id       TEXT NOT NULL REFERENCES clinics (id),
    kind            TEXT NOT NULL,
    urgent          INTEGER NOT NULL,         -- a red flag: at once, by itself, and again until somebody acknowledges it
    patient_id      TEXT NULL,
    session_id      TEXT NULL,
    step            TEXT NULL,
    inbound_sid     TEXT NULL,
    detail          TEXT NULL,
    cause           TEXT NOT NULL,            -- the same cause while it is open is the same alert
    raised_at       TEXT NOT NULL,
    notify_at       TEXT NULL,                -- when staff are told next; null when there is nothing more to tell
    notified_at     TEXT NULL,
    notifications   INTEGER NOT NULL,
    acknowledged_at TEXT NULL,
    acknowledged_by TEXT NULL
) STRICT;

-- What was told once may happen again; until it is told, the same cause is one alert.
CREATE UNIQUE INDEX alerts_untold_by_cause ON alerts (cause, clinic_id) WHERE acknowledged_at IS NULL AND notified_at IS NULL;
CREATE INDEX alerts_open_by_cause ON alerts (cause, clinic_id) WHERE acknowledged_at IS NULL;
CREATE INDEX alerts_by_clinic ON alerts (clinic_id, id);
CREATE INDEX alerts_to_notify ON alerts (clinic_id, notify_at) WHERE notify_at IS NOT NULL;
CREATE INDEX alerts_urgent ON alerts (raised_at, clinic_id) WHERE urgent AND acknowledged_at IS NULL;
CREATE INDEX alerts_in_digests ON alerts (clinic_id, notified_at) WHERE NOT urgent AND notified_at IS NOT NULL;
CREATE INDEX alerts_by_message ON alerts (inbound_sid) WHERE inbound_sid IS NOT NULL;

-- Posts to a clinic's web addresses: CloudEvents that are tried again until they are taken or given up.
CREATE TABLE webhook_posts (
    id         TEXT NOT NULL PRIMARY KEY,     -- the event's id and the address, so that the same event is posted once to each
    clinic_id  TEXT NOT NULL REFERENCES clinics (id),
    url        TEXT NOT NULL,
    body       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'given-up')),
    attempts   INTEGER NOT NULL,
    next_at    TEXT NULL,
    last_error TEXT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX webhook_posts_waiting ON webhook_posts (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_posts_lost ON webhook_posts (created_at) WHERE state = 'given-up';

-- Erased patients, as numbers only.
CREATE TABLE erasures (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    clinic_id     TEXT NOT NULL REFERENCES clinics (id),
    at            TEXT NOT NULL,
    actor         TEXT NOT NULL,
    sessions      INTEGER NOT NULL,
    texts_sent    INTEGER NOT NULL,
    texts_received INTEGER NOT NULL
) STRICT;
