-- What comes in from a clinic's other systems: imports of bookings, FHIR appointments.

ALTER TABLE clinics ADD COLUMN fhir TEXT COLLATE "C" NOT NULL DEFAULT '{}'; -- JSON object: how appointments name care plans

-- A file of bookings. What it comes to is counted as it goes, so that a look at a long one costs nothing.
CREATE TABLE imports (
    clinic_id    TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    id           TEXT COLLATE "C" NOT NULL, -- made of the content, and of how often it has come
    content_hash TEXT COLLATE "C" NOT NULL, -- SHA-256 of the file, hexadecimal: the same file again is the same import
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('running', 'completed')),
    total        INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    unchanged    INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    started_at   TEXT COLLATE "C" NOT NULL,
    ended_at     TEXT COLLATE "C" NULL,
    PRIMARY KEY (clinic_id, id)
);

CREATE INDEX imports_by_content ON imports (clinic_id, content_hash);
CREATE INDEX imports_by_start ON imports (clinic_id, started_at);
CREATE INDEX imports_running ON imports (started_at) WHERE state = 'running';

-- One booking of a file. Names and numbers stand in it only until it has been booked.
CREATE TABLE import_lines (
    clinic_id  TEXT COLLATE "C" NOT NULL,
    import_id  TEXT COLLATE "C" NOT NULL,
    line       INTEGER NOT NULL, -- of the file, from 1, the header's included
    session_id TEXT COLLATE "C" NULL, -- null when the line names none that could be one
    patient_id TEXT COLLATE "C" NULL, -- only while it waits
    booking    TEXT COLLATE "C" NULL, -- JSON, only while it waits
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'created', 'changed', 'unchanged', 'failed')),
    refusal    TEXT COLLATE "C" NULL, -- why the store refused it
    mistakes   TEXT COLLATE "C" NULL, -- JSON array of what is wrong with which column; never with a value
    PRIMARY KEY (clinic_id, import_id, line),
    FOREIGN KEY (clinic_id, import_id) REFERENCES imports (clinic_id, id) ON DELETE CASCADE
);

CREATE INDEX import_lines_waiting ON import_lines (clinic_id, import_id, line) WHERE state = 'waiting';
CREATE INDEX import_lines_failed ON import_lines (clinic_id, import_id, line) WHERE state = 'failed';
CREATE INDEX import_lines_of_patient ON import_lines (clinic_id, patient_id) WHERE patient_id IS NOT NULL;
