-- Watching and steering: what staff have ordered, lists of a hundred thousand sessions, commands on many of them, a readable audit.

ALTER TABLE sessions ADD COLUMN paused_at TEXT COLLATE "C" NULL; -- staff have paused it: nothing planned is claimed
ALTER TABLE steps ADD COLUMN staff_skipped_at TEXT COLLATE "C" NULL; -- staff do not want it, whatever the plan says
ALTER TABLE steps ADD COLUMN send_now_at TEXT COLLATE "C" NULL; -- staff want it at once; counts from the booking of the present start on
ALTER TABLE steps ADD COLUMN retried_at TEXT COLLATE "C" NULL; -- staff have planned it again

-- Tells one state of a clinic's settings from the next, whatever the clock says.
ALTER TABLE clinics ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- What patients are searched by: the name in small letters without accents, the number from its end. The app writes both.
ALTER TABLE patients ADD COLUMN name_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE patients ADD COLUMN phone_reversed TEXT COLLATE "C" NOT NULL DEFAULT '';

UPDATE patients SET
    name_key = lower(trim(first_name)),
    phone_reversed = reverse(phone);

CREATE INDEX patients_by_name ON patients (clinic_id, name_key, id);
CREATE INDEX patients_by_phone_end ON patients (clinic_id, phone_reversed, id);

-- Lists are merged from one ordered walk for each state; what else is filtered by stands in the index, so that a walk past rows that do not
-- match touches no row.
CREATE INDEX sessions_list_by_due ON sessions (clinic_id, state, next_due_at, starts_at, id, plan_id, next_step);
CREATE INDEX sessions_list_by_start ON sessions (clinic_id, state, starts_at, id, plan_id, next_step, next_due_at);
CREATE INDEX sessions_list_by_step ON sessions (clinic_id, next_step, next_due_at, starts_at, id, state, plan_id) WHERE next_step IS NOT NULL;

-- One command on many sessions. Which ones is fixed when it is given; each is done once, with its outcome in the same transaction.
CREATE TABLE bulk_commands (
    clinic_id    TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    id           TEXT COLLATE "C" NOT NULL,
    command      TEXT COLLATE "C" NOT NULL,
    step         TEXT COLLATE "C" NULL,
    plan_version INTEGER NULL,
    filter       TEXT COLLATE "C" NOT NULL, -- JSON, for the reader; without the words that were searched for, which may be a name or a number
    actor        TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('running', 'completed', 'stopped')),
    total        INTEGER NOT NULL,
    done         INTEGER NOT NULL,
    unchanged    INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    created_at   TEXT COLLATE "C" NOT NULL,
    changed_at   TEXT COLLATE "C" NOT NULL,
    ended_at     TEXT COLLATE "C" NULL,
    PRIMARY KEY (clinic_id, id)
);

CREATE INDEX bulk_commands_running ON bulk_commands (changed_at) WHERE state = 'running';

CREATE TABLE bulk_command_items (
    clinic_id  TEXT COLLATE "C" NOT NULL,
    bulk_id    TEXT COLLATE "C" NOT NULL,
    number     INTEGER NOT NULL, -- from 1, in the order in which they are done
    session_id TEXT COLLATE "C" NOT NULL,
    outcome    TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('waiting', 'done', 'unchanged', 'refused')),
    reason     TEXT COLLATE "C" NULL, -- why it was refused
    failures   INTEGER NOT NULL DEFAULT 0, -- how often doing it has thrown: one that always does must not keep the others waiting
    PRIMARY KEY (clinic_id, bulk_id, number),
    FOREIGN KEY (clinic_id, bulk_id) REFERENCES bulk_commands (clinic_id, id) ON DELETE CASCADE
);

CREATE INDEX bulk_items_by_outcome ON bulk_command_items (clinic_id, bulk_id, outcome, number);

-- The audit is read by time and by subject, and is append-only for everybody.
CREATE INDEX audit_by_time ON audit (clinic_id, at, id);
CREATE INDEX audit_by_subject ON audit (clinic_id, subject, at, id);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit is append-only.';
END $$;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
