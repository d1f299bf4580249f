-- What the user teaches: concepts, the pictures that say what each is, the probes learned from them, and how certain it is
-- of each medium that it belongs. And what files say of having been made by a machine.

CREATE TABLE concepts (
    id        TEXT PRIMARY KEY,
    builtin   TEXT UNIQUE,                          -- 'quality', 'screenshots', 'documents', 'nudity'; NULL: the user's own
    name      TEXT NOT NULL,
    folded    TEXT NOT NULL UNIQUE,
    hides     INTEGER NOT NULL DEFAULT 0,           -- what belongs to it is kept from others
    threshold REAL NOT NULL DEFAULT 0.5,            -- certainty from which a medium belongs
    version   INTEGER NOT NULL,                     -- the one in force, in concept_versions
    probe     TEXT,                                 -- whose certainties are in concept_scores; NULL: none yet
    problem   TEXT,                                 -- why there is no probe of the model in use, for a person to read
    created   INTEGER NOT NULL
);

-- What the user said: a picture belongs or does not. `hash` is the content, so that it outlives a folder that is away.
CREATE TABLE concept_examples (
    concept_id TEXT NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    hash       TEXT NOT NULL,
    belongs    INTEGER NOT NULL,
    PRIMARY KEY (concept_id, hash)
);

-- The examples as they were after each change; going back to a version takes nothing away from the others.
CREATE TABLE concept_versions (
    concept_id TEXT NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    parent     INTEGER,                             -- the version that it was made from
    made       INTEGER NOT NULL,
    summary    TEXT NOT NULL,                       -- what was changed, for a person to read
    examples   TEXT NOT NULL,                       -- JSON: [[hash, belongs], ...]
    PRIMARY KEY (concept_id, version)
);

-- What was learned from a version of the examples with the vectors of a model.
CREATE TABLE concept_probes (
    id            TEXT PRIMARY KEY,
    concept_id    TEXT NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    version       INTEGER NOT NULL,
    model         TEXT NOT NULL,
    model_version TEXT NOT NULL,
    settings      TEXT NOT NULL,                    -- how it was trained, or which published head it is
    weights       BLOB,                             -- 32-bit floats, little-endian; NULL for a published head
    bias          REAL NOT NULL,
    quality       TEXT,                             -- JSON
    examples      INTEGER NOT NULL,                 -- of how many of the user's examples there were vectors
    others        INTEGER NOT NULL,                 -- and of how many media that nobody spoke of
    trained       INTEGER NOT NULL
);
CREATE INDEX concept_probes_of ON concept_probes (concept_id, version, model, model_version);

-- How certain it is that a medium belongs, 0-1; what the user said counts as certain.
CREATE TABLE concept_scores (
    media_id   TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    concept_id TEXT NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    certainty  REAL NOT NULL,
    PRIMARY KEY (media_id, concept_id)
);
CREATE INDEX concept_scores_certainty ON concept_scores (concept_id, certainty);

-- 'made': a machine made the picture; 'partly': a machine made parts of it; NULL: nothing says so. What says so, and which
-- program it was, is among the values of the medium.
ALTER TABLE media ADD COLUMN generated TEXT;
