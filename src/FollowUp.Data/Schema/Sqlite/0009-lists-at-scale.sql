-- What health, the sweep and the system page look for among millions of texts: each is few, and has an index of its own.

-- Texts that are due and that nobody has taken. The index before it spelled its condition in a way that no query of the app does.
DROP INDEX steps_overdue;
CREATE INDEX steps_due ON steps (due_at) WHERE state = 'planned' AND NOT awaits_completion;

-- Texts that are with a worker, or of which nobody knows whether they have left.
CREATE INDEX steps_in_flight ON steps (state) WHERE state IN ('sending', 'unknown');

CREATE INDEX sessions_failed ON sessions (state) WHERE state = 'failed';

-- A patient's thread shows what was sent before a text was sent again.
CREATE INDEX earlier_messages_by_session ON earlier_messages (clinic_id, session_id);
