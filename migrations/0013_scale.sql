-- What a library of 100,000 media asks for: indexes that answer without walking through everything, what the processes
-- beside each other measured, and what lies on the disk for media that are gone.

-- Jobs that wait for a model that is not there are not walked through to find one that can be done.
DROP INDEX jobs_next;
CREATE INDEX jobs_next ON jobs (kind, state, model, priority DESC, subject);
-- Numbers by kind and state come from this one alone.
DROP INDEX jobs_updated;
CREATE INDEX jobs_updated ON jobs (state, kind, updated);
-- What models look at pictures for is done medium by medium.
UPDATE jobs SET priority = 80 WHERE kind IN ('find_faces', 'find_objects', 'classify') AND priority < 80;
CREATE INDEX media_unembedded ON media (embedded_version, version);

-- What each process measured of the jobs it did, so that the server can tell of all of them.
CREATE TABLE job_measures (
    process  TEXT NOT NULL,
    kind     TEXT NOT NULL,
    measured TEXT NOT NULL,                         -- JSON
    PRIMARY KEY (process, kind)
);

-- Media and faces that are gone, and whose pictures may still lie on the disk.
ALTER TABLE removed_media ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE TABLE removed_faces (
    id TEXT PRIMARY KEY
);
