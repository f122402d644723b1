CREATE TABLE messages (
    seq                   INTEGER PRIMARY KEY AUTOINCREMENT,
    sid                   TEXT NOT NULL UNIQUE,
    direction             TEXT NOT NULL,
    from_number           TEXT NOT NULL,
    to_number             TEXT NOT NULL,
    handset               TEXT NOT NULL,          -- the phone's side, whichever way the message went
    body                  TEXT NOT NULL,
    messaging_service_sid TEXT,
    status                TEXT NOT NULL,
    error_code            INTEGER,
    status_callback       TEXT,
    created_at            INTEGER NOT NULL,       -- instants are milliseconds since 1970, UTC
    updated_at            INTEGER NOT NULL,
    sent_at               INTEGER,
    final_status          TEXT NOT NULL,          -- how the journey will end; decided by the faults at creation
    final_error           INTEGER,
    callback_copies       INTEGER NOT NULL,
    callbacks_reversed    INTEGER NOT NULL,
    callback_delay        INTEGER NOT NULL        -- milliseconds
);
CREATE INDEX messages_to ON messages (to_number, seq);
CREATE INDEX messages_handset ON messages (handset, seq);
CREATE INDEX messages_moving ON messages (seq) WHERE status IN ('accepted', 'queued', 'sending', 'sent');

-- Requests that the application has still to be sent.
CREATE TABLE webhooks (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    message_sid TEXT NOT NULL,
    kind        TEXT NOT NULL,                    -- 'status' or 'inbound'
    url         TEXT NOT NULL,
    form        TEXT NOT NULL,                    -- JSON object of parameters
    token       TEXT NOT NULL,                    -- the same on every attempt and every copy
    due_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL
);
CREATE INDEX webhooks_due ON webhooks (due_at, id);

CREATE TABLE opt_outs (
    sender  TEXT NOT NULL,
    handset TEXT NOT NULL,
    PRIMARY KEY (sender, handset)
) WITHOUT ROWID;

CREATE TABLE faults (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    to_number  TEXT,                              -- null: any
    remaining  INTEGER,                           -- null: until removed
    code       INTEGER,
    delay      INTEGER                            -- milliseconds
);
