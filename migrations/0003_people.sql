-- Faces become people: what was found in pictures, whose it is, who said so, and how to take it back.

ALTER TABLE people ADD COLUMN nickname TEXT;
ALTER TABLE people ADD COLUMN born TEXT;                            -- day of birth, ISO 8601
ALTER TABLE people ADD COLUMN relation TEXT;                        -- "grandmother", in the user's words
ALTER TABLE people ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;    -- not shown among the people
ALTER TABLE people ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
-- A found group of faces is a person whose `name` is empty and whose `folded` is its own identifier.

-- The names by which files call people: a person who was renamed or merged keeps those that files say.
CREATE TABLE person_names (
    folded    TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX person_names_person ON person_names (person_id);
INSERT INTO person_names (folded, name, person_id) SELECT folded, name, id FROM people;

-- Who is in a picture as its file says. `media_people` follows from this and from the faces.
CREATE TABLE written_people (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    folded   TEXT NOT NULL,
    name     TEXT NOT NULL,
    pet      INTEGER NOT NULL,
    x        REAL,
    y        REAL,
    w        REAL,
    h        REAL,
    source   TEXT NOT NULL,
    PRIMARY KEY (media_id, folded)
);
CREATE INDEX written_people_folded ON written_people (folded);
INSERT INTO written_people (media_id, folded, name, pet, x, y, w, h, source)
    SELECT mp.media_id, p.folded, p.name, p.pet, mp.x, mp.y, mp.w, mp.h, mp.source
    FROM media_people mp JOIN people p ON p.id = mp.person_id WHERE mp.source <> 'user';

-- A face: where it is, how good, whose.
CREATE TABLE faces (
    id        TEXT PRIMARY KEY,
    media_id  TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    frame_ms  INTEGER,                              -- where in a video; NULL for a photo and for a video's poster
    x         REAL NOT NULL,                        -- 0–1 of the upright picture
    y         REAL NOT NULL,
    w         REAL NOT NULL,
    h         REAL NOT NULL,
    score     REAL NOT NULL,                        -- certainty of the detector
    sharpness REAL NOT NULL,
    yaw       REAL NOT NULL,
    pixels    REAL NOT NULL,
    embedding BLOB,                                 -- 32-bit floats, little endian; NULL when it was forgotten
    clothes   BLOB,                                 -- a byte a colour: what is worn below it
    model     TEXT NOT NULL,                        -- vectors of different models are never compared
    state     TEXT NOT NULL DEFAULT 'face',         -- 'face', 'not_a_face', 'forgotten'
    person_id TEXT REFERENCES people (id) ON DELETE SET NULL,
    how       TEXT,                                 -- 'metadata', 'confirmed', 'automatic'; NULL without a person
    likeness  REAL,                                 -- to the person's other faces, −1…1
    placed    INTEGER NOT NULL DEFAULT 0            -- it was looked at whose it may be
);
CREATE INDEX faces_media ON faces (media_id);
CREATE INDEX faces_person ON faces (person_id);
CREATE INDEX faces_unplaced ON faces (placed, state);

-- Who a face is not, as the user said.
CREATE TABLE faces_not (
    face_id   TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (face_id, person_id)
);
CREATE INDEX faces_not_person ON faces_not (person_id);

-- Two people who are never one; the smaller identifier first.
CREATE TABLE people_apart (
    a TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    b TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    PRIMARY KEY (a, b)
);
CREATE INDEX people_apart_b ON people_apart (b);

-- What the user did to people, with every row as it was before and after, so that each can be undone for ever.
CREATE TABLE people_changes (
    id      TEXT PRIMARY KEY,
    made    INTEGER NOT NULL,
    action  TEXT NOT NULL,
    summary TEXT NOT NULL,
    deltas  TEXT NOT NULL,                          -- JSON
    undoes  TEXT,                                   -- the change that this one takes back
    undone  TEXT                                    -- the change that took this one back
);

-- Names of people whose data the user had deleted: digests, so that files that still carry a name do not bring it back.
CREATE TABLE forgotten_names (
    digest TEXT PRIMARY KEY
);
