-- Clinics make care plans their own: what they set, the versions that come of it, and who answers for a version.

-- JSON object by plan id: a clinic's own values, steps and wordings. Empty is the plans as they are shipped.
ALTER TABLE clinics ADD COLUMN plan_settings TEXT COLLATE "C" NOT NULL DEFAULT '{}';

-- A clinic's versions of shipped plans. Rows are added, never changed: sessions are pinned to them.
CREATE TABLE plan_versions (
    clinic_id    TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    plan_id      TEXT COLLATE "C" NOT NULL,
    version      INTEGER NOT NULL, -- base_version * 1000 + a number that counts from 1
    base_version INTEGER NOT NULL, -- the shipped version that the settings are applied to
    settings     TEXT COLLATE "C" NOT NULL, -- JSON, spelled in one way: the same settings are the same version
    created_at   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (clinic_id, plan_id, version)
);

CREATE TABLE plan_approvals (
    clinic_id   TEXT COLLATE "C" NOT NULL REFERENCES clinics (id),
    plan_id     TEXT COLLATE "C" NOT NULL,
    version     INTEGER NOT NULL,
    approved_by TEXT COLLATE "C" NOT NULL, -- the clinician, in the clinic's words
    approved_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (clinic_id, plan_id, version)
);
