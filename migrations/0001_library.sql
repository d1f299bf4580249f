-- The library: everything Recollect knows, in plain columns that SQLite and PostgreSQL share.
-- Instants are Unix seconds. Local times are ISO 8601 text without offset ("2019-06-09T12:51:01"), which sorts as it reads.

-- A folder that the user asked to have indexed.
CREATE TABLE roots (
    path  TEXT PRIMARY KEY,
    added INTEGER NOT NULL
);

-- One photo or video by its content, however many files hold it.
CREATE TABLE media (
    id              TEXT PRIMARY KEY,
    hash            TEXT NOT NULL UNIQUE,           -- BLAKE3 of the content, hex
    kind            TEXT NOT NULL,                  -- 'photo' or 'video'
    mime            TEXT NOT NULL,
    bytes           INTEGER NOT NULL,
    -- The file that the metadata were read from and that is shown: the one that says most, then the first by name.
    path            TEXT NOT NULL,
    folder          TEXT NOT NULL,
    name            TEXT NOT NULL,
    richness        INTEGER NOT NULL,               -- how many values were read from `path` and its sidecars
    width           INTEGER,                        -- as displayed
    height          INTEGER,
    duration_ms     INTEGER,
    taken           TEXT,                           -- local time at the place
    taken_precision TEXT,                           -- 'second', 'minute', 'day', 'month', 'year'
    taken_offset    INTEGER,                        -- minutes east of UTC, when known
    taken_instant   INTEGER,                        -- Unix seconds, when known
    taken_source    TEXT,
    taken_year      INTEGER,
    taken_month     INTEGER,
    taken_day       INTEGER,
    taken_weekday   INTEGER,                        -- 1 = Monday
    taken_minute    INTEGER,                        -- minute of the local day; NULL when only the day is known
    lat             REAL,
    lon             REAL,
    altitude        REAL,
    locality        TEXT,                           -- nearest settlement
    city            TEXT,                           -- the notable city it belongs to
    region          TEXT,
    country         TEXT,
    country_code    TEXT,
    place_source    TEXT,
    title           TEXT,
    description     TEXT,
    rating          INTEGER,
    camera          TEXT,                           -- label to show and to filter by
    camera_make     TEXT,
    camera_model    TEXT,
    lens            TEXT,
    iso             INTEGER,
    f_number        REAL,
    exposure_s      REAL,
    focal_mm        REAL,
    screenshot      INTEGER NOT NULL DEFAULT 0,
    panorama        INTEGER NOT NULL DEFAULT 0,
    live            INTEGER NOT NULL DEFAULT 0,
    raw             INTEGER NOT NULL DEFAULT 0,
    motion_offset   INTEGER,                        -- where the video of a motion photo starts within the file
    motion_length   INTEGER,
    content_id      TEXT,                           -- Apple's identifier that a live photo's still and video share
    live_of         TEXT REFERENCES media (id) ON DELETE SET NULL,
    phash           INTEGER,                        -- 64-bit perceptual hash
    placeholder     TEXT,                           -- ThumbHash, base64
    problem_code    TEXT,                           -- why there is no picture of it, when there is none
    problem         TEXT,
    warnings        TEXT NOT NULL DEFAULT '[]',     -- what was wrong with its metadata, JSON array
    version         INTEGER NOT NULL,               -- rises with every change
    indexed_version INTEGER NOT NULL DEFAULT 0,     -- the version that the text index holds
    embedded_version INTEGER NOT NULL DEFAULT 0,    -- the version that the vector index holds
    added           INTEGER NOT NULL
);
CREATE INDEX media_taken ON media (taken, name);
CREATE INDEX media_month_day ON media (taken_month, taken_day);
CREATE INDEX media_place ON media (country_code, region, city);
CREATE INDEX media_unindexed ON media (indexed_version, version);
CREATE INDEX media_content_id ON media (content_id);

-- A file that holds a medium, or that could not be read.
CREATE TABLE files (
    path          TEXT PRIMARY KEY,
    media_id      TEXT REFERENCES media (id) ON DELETE SET NULL,
    folder        TEXT NOT NULL,
    name          TEXT NOT NULL,
    bytes         INTEGER NOT NULL,
    modified_ns   INTEGER NOT NULL,
    sidecars      TEXT NOT NULL DEFAULT '',         -- fingerprint of the files beside it that carry its metadata
    state         TEXT NOT NULL,                    -- 'pending', 'indexed', 'failed', 'missing'
    error_code    TEXT,
    error         TEXT
);
CREATE INDEX files_media ON files (media_id);
CREATE INDEX files_folder ON files (folder);

-- Media that are gone but may still be in the indexes.
CREATE TABLE removed_media (
    id TEXT PRIMARY KEY
);

-- Every value that was read, with its source: what `show` prints and the app explains.
CREATE TABLE media_values (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    value    TEXT NOT NULL,
    source   TEXT NOT NULL,
    PRIMARY KEY (media_id, position)
);

CREATE TABLE people (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    folded  TEXT NOT NULL UNIQUE,
    pet     INTEGER NOT NULL DEFAULT 0,
    aliases TEXT NOT NULL DEFAULT '[]'
);

-- Who is in a picture; the box is in 0–1 of the upright picture, absent when only the name is known.
CREATE TABLE media_people (
    media_id  TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    x         REAL,
    y         REAL,
    w         REAL,
    h         REAL,
    source    TEXT NOT NULL,
    PRIMARY KEY (media_id, person_id)
);
CREATE INDEX media_people_person ON media_people (person_id);

-- `source` tells the user's own keywords from those in the file, so that reading the file again keeps the user's.
CREATE TABLE media_tags (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    tag      TEXT NOT NULL,
    folded   TEXT NOT NULL,
    source   TEXT NOT NULL,
    PRIMARY KEY (media_id, folded)
);
CREATE INDEX media_tags_folded ON media_tags (folded);

CREATE TABLE events (
    id     TEXT PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,                    -- what the event was made from: 'folder:/pictures/2018-09-15 Wedding'
    name   TEXT NOT NULL,
    kind   TEXT NOT NULL,                           -- 'event' or 'trip'
    starts TEXT,
    ends   TEXT,
    place  TEXT
);
CREATE TABLE event_media (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    PRIMARY KEY (event_id, media_id)
);
CREATE INDEX event_media_media ON event_media (media_id);

CREATE TABLE albums (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE TABLE album_media (
    album_id TEXT NOT NULL REFERENCES albums (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (album_id, media_id)
);

-- Near duplicates and bursts: media of one group resemble each other. Exact copies are several files of one medium.
CREATE TABLE media_copies (
    media_id  TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    kind      TEXT NOT NULL,                        -- 'near' or 'burst'
    group_key TEXT NOT NULL,
    PRIMARY KEY (media_id, kind)
);
CREATE INDEX media_copies_group ON media_copies (kind, group_key);

-- What the user wrote in Recollect; it survives reading the file again.
CREATE TABLE annotations (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    field    TEXT NOT NULL,                         -- 'description'
    value    TEXT NOT NULL,
    PRIMARY KEY (media_id, field)
);

-- Durable work. A job is unique by kind and subject; finishing it and storing its result is one transaction.
CREATE TABLE jobs (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    state       TEXT NOT NULL,                      -- 'queued', 'running', 'done', 'failed'
    attempts    INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    run_after   INTEGER NOT NULL DEFAULT 0,
    progress    REAL NOT NULL DEFAULT 0,
    error_code  TEXT,
    error       TEXT,
    updated     INTEGER NOT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX jobs_state ON jobs (state, kind, run_after);

CREATE TABLE conversations (
    id      TEXT PRIMARY KEY,
    title   TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE TABLE turns (
    id              TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    question        TEXT NOT NULL,
    answer          TEXT NOT NULL,
    reading         TEXT NOT NULL,                  -- JSON of assistant::understand::Reading
    total           INTEGER NOT NULL,
    count           INTEGER,
    mode            TEXT NOT NULL,
    elapsed_ms      INTEGER NOT NULL,
    created         INTEGER NOT NULL
);
CREATE INDEX turns_conversation ON turns (conversation_id, created);
CREATE TABLE turn_media (
    turn_id  TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    media_id TEXT NOT NULL,
    score    REAL NOT NULL,
    why      TEXT NOT NULL,                         -- JSON array of strings
    PRIMARY KEY (turn_id, position)
);

-- What the assistant called, and for writes what was asked, done and how to undo it.
CREATE TABLE tool_calls (
    id         TEXT PRIMARY KEY,
    turn_id    TEXT NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    name       TEXT NOT NULL,
    arguments  TEXT NOT NULL,                       -- JSON
    status     TEXT NOT NULL,                       -- 'done', 'needs_confirmation', 'failed', 'rejected', 'undone'
    result     TEXT NOT NULL,                       -- JSON
    undo       TEXT,                                -- JSON: how to take it back
    elapsed_ms INTEGER NOT NULL
);
CREATE INDEX tool_calls_turn ON tool_calls (turn_id, position);
CREATE TABLE tool_call_media (
    call_id  TEXT NOT NULL REFERENCES tool_calls (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    media_id TEXT NOT NULL,
    PRIMARY KEY (call_id, position)
);

-- A number that rises with every change of the library, so that caches know when they are stale.
CREATE TABLE revision (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
);
INSERT INTO revision (id, value) VALUES (1, 1);
