-- The conversation: what patients answer, what the carrier says of numbers and senders, what staff must learn, and texts outside of a plan.

-- What the installation keeps for itself, such as the key under which numbers are marked.
CREATE TABLE installation (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- How a consent was given, and the words that the patient was shown.
ALTER TABLE consents ADD COLUMN method TEXT COLLATE "C" NULL;
ALTER TABLE consents ADD COLUMN wording TEXT COLLATE "C" NULL;

-- What is true of a phone number, whoever its patients are. The number itself is not here: a mark must outlive the erasure of a patient,
-- so that a STOP is never forgotten, and is found by a keyed hash.
CREATE TABLE number_marks (
    number_key TEXT COLLATE "C" NOT NULL, -- HMAC-SHA256 of the E.164 number under the installation's key, hexadecimal
    sender     TEXT COLLATE "C" NOT NULL, -- the sender that it holds for, '' for every sender
    mark       TEXT COLLATE "C" NOT NULL CHECK (mark IN ('opted-out', 'wrong-number', 'unreachable')),
    reason     TEXT COLLATE "C" NULL, -- Twilio's code, or the SID of the patient's text
    at         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (number_key, sender, mark)
);

-- Whatever texts are sent from: a number or the SID of a messaging service. Made when it is first sent from.
CREATE TABLE senders (
    sender       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    next_slot_at TEXT COLLATE "C" NULL, -- pacing: the first moment that no text has been given yet
    paused_at    TEXT COLLATE "C" NULL, -- account trouble: nothing is sent until it is over
    pause_code   INTEGER NULL,
    pause_reported INTEGER NOT NULL, -- 1: Twilio took the texts and reports that carriers refuse them, so that taking one proves nothing
    pauses       INTEGER NOT NULL, -- in a row, for the backoff; 0 when it works
    probe_at     TEXT COLLATE "C" NULL, -- when one text may try whether it works again
    probe_taken  INTEGER NOT NULL -- 1: Twilio has taken the one that tried, and no failure has been reported since
);

ALTER TABLE steps ADD COLUMN sender TEXT COLLATE "C" NULL; -- of the present attempt
ALTER TABLE steps ADD COLUMN slot_at TEXT COLLATE "C" NULL; -- when the sender's pace lets this text leave
ALTER TABLE steps ADD COLUMN resends INTEGER NOT NULL DEFAULT 0; -- after "not delivered" for a passing cause; at most one
ALTER TABLE steps ADD COLUMN asked_at TEXT COLLATE "C" NULL; -- when Twilio was last asked what became of it
ALTER TABLE steps ADD COLUMN asks TEXT COLLATE "C" NULL CHECK (asks IN ('nothing', 'visit', 'appointment', 'rating')); -- what a bare answer can be to

CREATE INDEX steps_without_report ON steps (sent_at) WHERE state = 'sent';

-- Messages of a step whose text was sent again: the SID stays known, so that a late report or a listing never looks like something new.
CREATE TABLE earlier_messages (
    message_sid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    clinic_id   TEXT COLLATE "C" NOT NULL,
    session_id  TEXT COLLATE "C" NOT NULL,
    step        TEXT COLLATE "C" NOT NULL,
    attempt     INTEGER NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    error_code  INTEGER NULL,
    text        TEXT COLLATE "C" NOT NULL,
    sent_at     TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY (clinic_id, session_id, step) REFERENCES steps (clinic_id, session_id, step) ON DELETE CASCADE
);

-- Texts outside of a plan: answers to the patient's own message, alerts to staff. Claimed, sent and settled as steps are.
CREATE TABLE direct_messages (
    clinic_id    TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    id           TEXT COLLATE "C" NOT NULL, -- made from what caused it, so that the same cause makes one text
    kind         TEXT COLLATE "C" NOT NULL CHECK (kind IN ('opt-out-confirmed', 'opt-in-confirmed', 'help', 'call', 'confirmed', 'reschedule',
                                               'cancelled', 'staff-alert', 'staff-reply')),
    patient_id   TEXT COLLATE "C" NULL,
    inbound_sid  TEXT COLLATE "C" NULL, -- the text that it answers
    alert_id     BIGINT NULL, -- the urgent alert that it tells of
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('planned', 'sending', 'unknown', 'sent', 'delivered', 'undelivered', 'skipped')),
    reason       TEXT COLLATE "C" NULL,
    recipient    TEXT COLLATE "C" NOT NULL,
    text         TEXT COLLATE "C" NOT NULL,
    sender       TEXT COLLATE "C" NULL, -- of the present attempt
    due_at       TEXT COLLATE "C" NOT NULL,
    useful_until TEXT COLLATE "C" NOT NULL,
    not_before   TEXT COLLATE "C" NULL,
    slot_at      TEXT COLLATE "C" NULL,
    attempt      INTEGER NOT NULL,
    claimed_at   TEXT COLLATE "C" NULL,
    message_sid  TEXT COLLATE "C" NULL,
    sent_at      TEXT COLLATE "C" NULL,
    delivered_at TEXT COLLATE "C" NULL,
    error_code   INTEGER NULL,
    asked_at     TEXT COLLATE "C" NULL, -- when Twilio was last asked what became of it
    created_at   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (clinic_id, id)
);

CREATE UNIQUE INDEX direct_messages_by_message ON direct_messages (message_sid) WHERE message_sid IS NOT NULL;
CREATE INDEX direct_messages_without_report ON direct_messages (sent_at) WHERE state = 'sent';
CREATE INDEX direct_messages_open ON direct_messages (due_at) WHERE state IN ('planned', 'sending', 'unknown');
CREATE INDEX direct_messages_by_patient ON direct_messages (clinic_id, patient_id, created_at) WHERE patient_id IS NOT NULL;
CREATE INDEX direct_messages_by_recipient ON direct_messages (recipient, created_at);
CREATE INDEX direct_messages_by_alert ON direct_messages (alert_id, recipient) WHERE alert_id IS NOT NULL;
CREATE INDEX direct_messages_lost_alerts ON direct_messages (created_at) WHERE kind = 'staff-alert' AND state IN ('undelivered', 'skipped');

-- A text that came in now says more: what was read in it. As on SQLite, which cannot change a CHECK, the table is made anew.
CREATE TABLE inbound_messages_3 (
    message_sid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sender      TEXT COLLATE "C" NOT NULL,
    recipient   TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    meaning     TEXT COLLATE "C" NOT NULL CHECK (meaning IN ('opt-out', 'opt-in', 'help', 'wrong-number', 'confirm', 'reschedule', 'cancel', 'check-in',
                                                 'staff', 'auto-reply', 'other')),
    red_flag    INTEGER NOT NULL DEFAULT 0,
    rating      INTEGER NULL, -- 1 to 5, the answer to a check-in
    received_at TEXT COLLATE "C" NOT NULL
);

INSERT INTO inbound_messages_3 (message_sid, sender, recipient, body, meaning, received_at)
SELECT message_sid, sender, recipient, body, meaning, received_at FROM inbound_messages;

DROP TABLE inbound_messages;
ALTER TABLE inbound_messages_3 RENAME TO inbound_messages;
CREATE INDEX inbound_by_sender ON inbound_messages (sender, received_at);

-- A text can concern several clinics: a shared phone, a shared sender. Each has a copy of its own, to read and to answer by itself. A text
-- without a copy is nobody's.
CREATE TABLE inbound_copies (
    clinic_id    TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    message_sid  TEXT COLLATE "C" NOT NULL REFERENCES inbound_messages (message_sid) ON DELETE CASCADE,
    patient_id   TEXT COLLATE "C" NULL, -- the clinic's patient; null when it is not certain who
    session_id   TEXT COLLATE "C" NULL, -- the session that it is about, if it answers one of its texts
    alert_id     BIGINT NULL, -- the red flag that it belongs to
    told_at      TEXT COLLATE "C" NULL, -- when staff were first told of it by that
    wants_reader INTEGER NOT NULL, -- it stands in the clinic's inbox until it is read
    received_at  TEXT COLLATE "C" NOT NULL,
    read_at      TEXT COLLATE "C" NULL,
    read_by      TEXT COLLATE "C" NULL,
    PRIMARY KEY (clinic_id, message_sid)
);

CREATE INDEX inbound_copies_by_message ON inbound_copies (message_sid);
CREATE INDEX inbound_copies_by_patient ON inbound_copies (clinic_id, patient_id, received_at);
CREATE INDEX inbound_copies_by_time ON inbound_copies (clinic_id, received_at);
CREATE INDEX inbound_copies_unread ON inbound_copies (clinic_id, received_at) WHERE read_at IS NULL;
CREATE INDEX inbound_copies_by_alert ON inbound_copies (alert_id) WHERE alert_id IS NOT NULL;

ALTER TABLE sessions ADD COLUMN confirmed_at TEXT COLLATE "C" NULL; -- the patient has said that they will come

-- What staff of a clinic must learn. No names, numbers or texts: ids to look them up.
CREATE TABLE alerts (
    id              BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    clinic_id       TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    kind            TEXT COLLATE "C" NOT NULL,
    urgent          INTEGER NOT NULL, -- a red flag: at once, by itself, and again until somebody acknowledges it
    patient_id      TEXT COLLATE "C" NULL,
    session_id      TEXT COLLATE "C" NULL,
    step            TEXT COLLATE "C" NULL,
    inbound_sid     TEXT COLLATE "C" NULL,
    detail          TEXT COLLATE "C" NULL,
    cause           TEXT COLLATE "C" NOT NULL, -- the same cause while it is open is the same alert
    raised_at       TEXT COLLATE "C" NOT NULL,
    notify_at       TEXT COLLATE "C" NULL, -- when staff are told next; null when there is nothing more to tell
    notified_at     TEXT COLLATE "C" NULL,
    notifications   INTEGER NOT NULL,
    acknowledged_at TEXT COLLATE "C" NULL,
    acknowledged_by TEXT COLLATE "C" NULL
);

-- What was told once may happen again; until it is told, the same cause is one alert.
CREATE UNIQUE INDEX alerts_untold_by_cause ON alerts (cause, clinic_id) WHERE acknowledged_at IS NULL AND notified_at IS NULL;
CREATE INDEX alerts_open_by_cause ON alerts (cause, clinic_id) WHERE acknowledged_at IS NULL;
CREATE INDEX alerts_by_clinic ON alerts (clinic_id, id);
CREATE INDEX alerts_to_notify ON alerts (clinic_id, notify_at) WHERE notify_at IS NOT NULL;
CREATE INDEX alerts_urgent ON alerts (raised_at, clinic_id) WHERE urgent = 1 AND acknowledged_at IS NULL;
CREATE INDEX alerts_in_digests ON alerts (clinic_id, notified_at) WHERE urgent = 0 AND notified_at IS NOT NULL;
CREATE INDEX alerts_by_message ON alerts (inbound_sid) WHERE inbound_sid IS NOT NULL;

-- Posts to a clinic's web addresses: CloudEvents that are tried again until they are taken or given up.
CREATE TABLE webhook_posts (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- the event's id and the address, so that the same event is posted once to each
    clinic_id  TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    url        TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'taken', 'given-up')),
    attempts   INTEGER NOT NULL,
    next_at    TEXT COLLATE "C" NULL,
    last_error TEXT COLLATE "C" NULL,
    created_at TEXT COLLATE "C" NOT NULL
);

CREATE INDEX webhook_posts_waiting ON webhook_posts (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_posts_lost ON webhook_posts (created_at) WHERE state = 'given-up';

-- Erased patients, as numbers only.
CREATE TABLE erasures (
    id            BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    clinic_id     TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    at            TEXT COLLATE "C" NOT NULL,
    actor         TEXT COLLATE "C" NOT NULL,
    sessions      INTEGER NOT NULL,
    texts_sent    INTEGER NOT NULL,
    texts_received INTEGER NOT NULL
);
