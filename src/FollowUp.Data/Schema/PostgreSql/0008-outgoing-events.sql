-- What a clinic's own systems are told: events for the web addresses that it names.

ALTER TABLE clinics ADD COLUMN webhooks TEXT COLLATE "C" NOT NULL DEFAULT '[]'; -- JSON array: addresses, and the events that each gets

-- How an address does. It is made with the first event for it, and goes when the clinic no longer names it.
CREATE TABLE webhook_feeds (
    clinic_id     TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    id            TEXT COLLATE "C" NOT NULL, -- made of the address
    url           TEXT COLLATE "C" NOT NULL,
    last_sequence BIGINT NOT NULL, -- the number of the newest event
    failures      INTEGER NOT NULL, -- tries in a row that were not taken
    failing_since TEXT COLLATE "C" NULL,
    last_error    TEXT COLLATE "C" NULL,
    next_at       TEXT COLLATE "C" NULL, -- not before; null when it is not waited
    taken_at      TEXT COLLATE "C" NULL, -- when an event was last taken
    lost          INTEGER NOT NULL, -- events given up lately
    lost_at       TEXT COLLATE "C" NULL,
    gone_at       TEXT COLLATE "C" NULL, -- the address has said that nobody is there any more
    PRIMARY KEY (clinic_id, id)
);

CREATE INDEX webhook_feeds_lost ON webhook_feeds (lost_at) WHERE lost_at IS NOT NULL;

-- An event for one address, until it is taken or given up. They go out in the order of their numbers.
CREATE TABLE webhook_events (
    clinic_id  TEXT COLLATE "C" NOT NULL,
    feed_id    TEXT COLLATE "C" NOT NULL,
    sequence   BIGINT NOT NULL,
    event_id   TEXT COLLATE "C" NOT NULL, -- the same at every try
    body       TEXT COLLATE "C" NOT NULL, -- the CloudEvent: ids, states and times
    patient_id TEXT COLLATE "C" NULL, -- whom it is about: erased with them
    created_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (clinic_id, feed_id, sequence),
    FOREIGN KEY (clinic_id, feed_id) REFERENCES webhook_feeds (clinic_id, id) ON DELETE CASCADE
);

CREATE INDEX webhook_events_of_patient ON webhook_events (clinic_id, patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX webhook_events_by_age ON webhook_events (created_at);
