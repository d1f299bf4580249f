-- The queue grows from one kind of job to many: who works on what until when, in which order, with which model.

ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;    -- the highest goes first
ALTER TABLE jobs ADD COLUMN model TEXT NOT NULL DEFAULT '';         -- what it is to be done with: 'name|version|settings'
ALTER TABLE jobs ADD COLUMN owner TEXT;                             -- the process that works on it
ALTER TABLE jobs ADD COLUMN claim INTEGER NOT NULL DEFAULT 0;       -- rises whenever a claim on it begins or is made void
ALTER TABLE jobs ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;     -- passing failures in a row

UPDATE jobs SET priority = 100 WHERE kind = 'ingest_file';
UPDATE jobs SET state = 'queued', lease_until = NULL WHERE state = 'running';

-- `state` has one more value: 'cancelled'.
DROP INDEX jobs_state;
CREATE INDEX jobs_next ON jobs (kind, state, priority DESC, subject);
CREATE INDEX jobs_updated ON jobs (state, updated);

-- Kinds of jobs that the user holds back; the empty kind stands for all.
CREATE TABLE job_pauses (
    kind  TEXT PRIMARY KEY,
    since INTEGER NOT NULL
);

-- What each medium was last looked at with, also when nothing was seen in it. The findings lie in tables of their own.
CREATE TABLE media_results (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    settings TEXT NOT NULL,
    stored   INTEGER NOT NULL,
    PRIMARY KEY (media_id, kind)
);
CREATE INDEX media_results_model ON media_results (kind, model, version, settings);

-- Until when a person asks something: the workers of all processes yield meanwhile.
CREATE TABLE asking (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    until INTEGER NOT NULL
);
INSERT INTO asking (id, until) VALUES (1, 0);
