-- What models saw in the pictures. Every row names the model and its version; rows of another model are replaced by the
-- transaction that stores new ones. Scores are the models' own, 0-1; what is believed of them is decided when they are read.

CREATE TABLE media_objects (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label    TEXT NOT NULL,                         -- by the model's own name
    score    REAL NOT NULL,
    x        REAL NOT NULL,                         -- box in 0-1 of the upright picture
    y        REAL NOT NULL,
    w        REAL NOT NULL,
    h        REAL NOT NULL,
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    PRIMARY KEY (media_id, position)
);
CREATE INDEX media_objects_label ON media_objects (label, score);

CREATE TABLE media_labels (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    label    TEXT NOT NULL,
    score    REAL NOT NULL,
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    PRIMARY KEY (media_id, label)
);
CREATE INDEX media_labels_label ON media_labels (label, score);

-- Whether a picture is fit for everybody: the certainty of each class.
CREATE TABLE media_safety (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    class    TEXT NOT NULL,
    score    REAL NOT NULL,
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    PRIMARY KEY (media_id, class)
);

-- The vector that a picture is compared by; the index of vectors is made from these.
CREATE TABLE media_vectors (
    media_id TEXT PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    vector   BLOB NOT NULL,                         -- 32-bit floats, little-endian, of length 1
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    indexed  INTEGER NOT NULL DEFAULT 0             -- whether the index of vectors holds it
);
CREATE INDEX media_vectors_indexed ON media_vectors (indexed, media_id);
