-- Keys to the API besides the root key, which is a setting. The key itself is nowhere: it is 256 random bits, known by their hash.
CREATE TABLE api_keys (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- made from the name; stands in the audit as key:ID, so it is never used again
    name         TEXT COLLATE "C" NOT NULL,
    hash         TEXT COLLATE "C" NOT NULL UNIQUE, -- SHA-256 of the key, hexadecimal
    clinic_id    TEXT COLLATE "C" NULL REFERENCES clinics (id), -- the one clinic that it is for; NULL for all
    read_only    INTEGER NOT NULL,
    created_at   TEXT COLLATE "C" NOT NULL,
    created_by   TEXT COLLATE "C" NOT NULL,
    ends_at      TEXT COLLATE "C" NULL, -- from then on it opens nothing; NULL for never
    ended_at     TEXT COLLATE "C" NULL, -- when somebody ended it before
    ended_by     TEXT COLLATE "C" NULL,
    last_used_at TEXT COLLATE "C" NULL -- to the minute
);

CREATE INDEX api_keys_by_age ON api_keys (created_at, id);
