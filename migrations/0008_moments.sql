-- Videos are seen frame by frame: what is seen has a time. NULL: a photo, or the poster of a video.

ALTER TABLE media_objects ADD COLUMN frame_ms INTEGER;

CREATE TABLE frame_labels (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    frame_ms INTEGER,
    label    TEXT NOT NULL,
    score    REAL NOT NULL,
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    PRIMARY KEY (media_id, position)
);
INSERT INTO frame_labels (media_id, position, label, score, model, version)
    SELECT media_id, ROW_NUMBER() OVER (PARTITION BY media_id ORDER BY score DESC, label) - 1, label, score, model, version
    FROM media_labels;
DROP TABLE media_labels;
ALTER TABLE frame_labels RENAME TO media_labels;
CREATE INDEX media_labels_label ON media_labels (label, score);

CREATE TABLE frame_safety (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    frame_ms INTEGER,
    class    TEXT NOT NULL,
    score    REAL NOT NULL,
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    PRIMARY KEY (media_id, position)
);
INSERT INTO frame_safety (media_id, position, class, score, model, version)
    SELECT media_id, ROW_NUMBER() OVER (PARTITION BY media_id ORDER BY score DESC, class) - 1, class, score, model, version
    FROM media_safety;
DROP TABLE media_safety;
ALTER TABLE frame_safety RENAME TO media_safety;

-- A vector a frame. The index of vectors takes all of a medium at once.
CREATE TABLE frame_vectors (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    frame_ms INTEGER,
    vector   BLOB NOT NULL,                         -- 32-bit floats, little-endian, of length 1
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    indexed  INTEGER NOT NULL DEFAULT 0,            -- whether the index of vectors holds it
    PRIMARY KEY (media_id, position)
);
-- The index's table has another form now: all go in again.
INSERT INTO frame_vectors (media_id, position, vector, model, version)
    SELECT media_id, 0, vector, model, version FROM media_vectors;
DROP TABLE media_vectors;
ALTER TABLE frame_vectors RENAME TO media_vectors;
CREATE INDEX media_vectors_indexed ON media_vectors (indexed, media_id);

-- Where else in its video a face is seen: `faces` has the best view of it only.
CREATE TABLE face_frames (
    face_id  TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
    frame_ms INTEGER NOT NULL,
    x        REAL NOT NULL,                         -- 0–1 of the upright picture
    y        REAL NOT NULL,
    w        REAL NOT NULL,
    h        REAL NOT NULL,
    PRIMARY KEY (face_id, frame_ms)
);

-- Where in a video it is what was asked for, JSON.
ALTER TABLE turn_media ADD COLUMN moments TEXT NOT NULL DEFAULT '[]';

-- Of videos only the poster was seen: they are looked at again.
DELETE FROM media_results WHERE kind IN ('embed_image', 'find_faces', 'find_objects', 'classify', 'read_text')
    AND media_id IN (SELECT id FROM media WHERE kind = 'video');
