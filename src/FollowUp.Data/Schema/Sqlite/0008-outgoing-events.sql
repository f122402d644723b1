-- What a clinic's own systems are told: events for the web addresses that it names.

ALTER TABLE clinics ADD COLUMN webhooks TEXT NOT NULL DEFAULT '[]';   -- JSON array: addresses, and the events that each gets

-- How an address does. It is made with the first event for it, and goes when the clinic no longer names it.
CREATE TABLE webhook_feeds (
    clinic_id     TEXT NOT NULL REFERENCES clinics (id),
    id            TEXT NOT NULL,             -- made of the address
    url           TEXT NOT NULL,
    last_sequence INTEGER NOT NULL,          -- the number of the newest event
    failures      INTEGER NOT NULL,          -- tries in a row that were not taken
    failing_since TEXT NULL,
    last_error    TEXT NULL,
    next_at       TEXT NULL,                 -- not before; null when it is not waited
    taken_at      TEXT NULL,                 -- when an event was last taken
    lost          INTEGER NOT NULL,          -- events given up lately
    lost_at       TEXT NULL,
    gone_at       TEXT NULL,                 -- the address has said that nobody is there any more
    PRIMARY KEY (clinic_id, id)
) STRICT;

CREATE INDEX webhook_feeds_lost ON webhook_feeds (lost_at) WHERE lost_at IS NOT NULL;

-- An event for one address, until it is taken or given up. They go out in the order of their numbers.
CREATE TABLE webhook_events (
    clinic_id  TEXT NOT NULL,
    feed_id    TEXT NOT NULL,
    sequence   INTEGER NOT NULL,
    event_id   TEXT NOT NULL,                -- the same at every try
    body       TEXT NOT NULL,                -- the CloudEvent: ids, states and times
    patient_id TEXT NULL,                    -- whom it is about: erased with them
    created_at TEXT NOT NULL,
    PRIMARY KEY (clinic_id, feed_id, sequence),
    FOREIGN KEY (clinic_id, feed_id) REFERENCES webhook_feeds (clinic_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX webhook_events_of_patient ON webhook_events (clinic_id, patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX webhook_events_by_age ON webhook_events (created_at);
