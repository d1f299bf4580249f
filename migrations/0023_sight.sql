-- A line of text that stands in several frames of a video in a row is one line: from frame_ms to last_ms.

ALTER TABLE media_text ADD COLUMN last_ms INTEGER;
UPDATE media_text SET last_ms = frame_ms;

-- Of each line only the first frame was kept: videos are read again, and what was read is searched until then.
DELETE FROM media_results WHERE kind = 'read_text' AND media_id IN (SELECT id FROM media WHERE kind = 'video');

-- Videos were described by one picture of them: the models write about them anew, but for what the user deleted.
DELETE FROM media_results WHERE kind = 'caption'
    AND media_id IN (SELECT c.media_id FROM captions c JOIN media m ON m.id = c.media_id AND m.kind = 'video');
UPDATE captions SET stale = 1 WHERE media_id IN (SELECT id FROM media WHERE kind = 'video');

-- Keywords of files that the user was asked about: whose name it is, a pet's, or (NULL) nobody's.
CREATE TABLE keyword_pets (
    folded    TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    person_id TEXT REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX keyword_pets_person ON keyword_pets (person_id);
