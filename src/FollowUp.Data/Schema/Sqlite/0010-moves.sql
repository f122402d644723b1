-- Copies of the store: moved on to another place, come from one, restored from a backup. Two copies must never both text the patients.

CREATE TABLE moves (
    id           TEXT NOT NULL,               -- of the export or of the backup: all copies made of one carry the same
    kind         TEXT NOT NULL CHECK (kind IN ('moved-out', 'moved-in', 'restored')),
    at           TEXT NOT NULL,
    copied_at    TEXT NOT NULL,               -- what the copy holds is of this instant
    actor        TEXT NOT NULL,
    note         TEXT NULL,                   -- where to, in the operator's words
    held         INTEGER NOT NULL,            -- 1: restored, and nothing is sent until the operator says so
    caught_up_at TEXT NULL,                   -- restored: when the replies that came after the backup had been read again
    ended_at     TEXT NULL,                   -- moved out: when it was taken back; restored: when texts might leave again
    PRIMARY KEY (id, kind)
) STRICT;

-- Asked in every transaction that writes: is this copy still the living one?
CREATE INDEX moves_open ON moves (kind) WHERE ended_at IS NULL;

-- When a text was last taken for one that the copy which is lost may have sent: Twilio is asked for it before it leaves.
ALTER TABLE steps ADD COLUMN doubted_at TEXT NULL;
ALTER TABLE direct_messages ADD COLUMN doubted_at TEXT NULL;
