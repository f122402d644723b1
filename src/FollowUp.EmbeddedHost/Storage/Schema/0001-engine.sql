-- The engine's tables. This script is immutable: a change is a new script with the next number.
-- Instants are ticks of 100 ns since 0001-01-01 UTC, so that they sort and compare as they are.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- generation grows when an id is started again or continued as new; what belongs to an older one is dropped.
CREATE TABLE instances (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    generation INTEGER NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    status INTEGER NOT NULL,
    input TEXT,
    output TEXT,
    custom_status TEXT,
    failure TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    set_aside TEXT
);

CREATE INDEX instances_by_status ON instances (status, id);
CREATE INDEX instances_set_aside ON instances (id) WHERE set_aside IS NOT NULL;

CREATE TABLE history (
    instance INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    name TEXT,
    version TEXT,
    data TEXT,
    fire_at INTEGER,
    failure TEXT,
    PRIMARY KEY (instance, seq)
) WITHOUT ROWID;

-- Messages not yet in a history. priority: 0 the start, 1 events carried over from the last generation, 2 all else.
CREATE TABLE inbox (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    instance INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    name TEXT,
    version TEXT,
    data TEXT
);

CREATE INDEX inbox_by_instance ON inbox (instance, priority, key);

CREATE TABLE timers (
    due INTEGER NOT NULL,
    instance INTEGER NOT NULL,
    timer_id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (due, instance, timer_id)
) WITHOUT ROWID;

CREATE TABLE activities (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    instance INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    input TEXT
);
