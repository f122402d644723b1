-- What health, the sweep and the system page look for among millions of texts: each is few, and has an index of its own.

-- Texts that are due and that nobody has taken. The index before it spelled its condition in a way that no query of the app does.
DROP INDEX steps_overdue;
CREATE INDEX steps_due ON steps (due_at) WHERE state = 'planned' AND awaits_completion = 0;

-- Texts that are with a worker, or of which nobody knows whether they have left.
CREATE INDEX steps_in_flight ON steps (state) WHERE state IN ('sending', 'unknown');

CREATE INDEX sessions_failed ON sessions (state) WHERE state = 'failed';

-- A patient's thread shows what was sent before a text was sent again.
CREATE INDEX earlier_messages_by_session ON earlier_messages (clinic_id, session_id);

-- A search that finds many walks a list and looks at each session's patient: now all that it compares stands in an index.
DROP INDEX sessions_list_by_due;
DROP INDEX sessions_list_by_start;
DROP INDEX sessions_list_by_step;
CREATE INDEX sessions_list_by_due ON sessions (clinic_id, state, next_due_at, starts_at, id, plan_id, next_step, patient_id);
CREATE INDEX sessions_list_by_start ON sessions (clinic_id, state, starts_at, id, plan_id, next_step, next_due_at, patient_id);
CREATE INDEX sessions_list_by_step ON sessions (clinic_id, next_step, next_due_at, starts_at, id, state, plan_id, patient_id) WHERE next_step IS NOT NULL;
CREATE INDEX patients_by_id ON patients (clinic_id, id, name_key, phone_reversed);

-- With the patient in those, SQLite would rather read one of them whole than this one and a row: so this one has the columns as well.
DROP INDEX sessions_by_patient;
CREATE INDEX sessions_by_patient ON sessions (clinic_id, patient_id, plan_id, starts_at, id, state, next_due_at);
