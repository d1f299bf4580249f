-- Events keep their identity and what the user said of them; what the user did to them can be taken back for ever.

ALTER TABLE events ADD COLUMN parent_id TEXT REFERENCES events (id) ON DELETE SET NULL;     -- the trip it is part of
ALTER TABLE events ADD COLUMN named INTEGER NOT NULL DEFAULT 0;     -- the name is the user's
ALTER TABLE events ADD COLUMN shaped INTEGER NOT NULL DEFAULT 0;    -- the user merged or split it: its media are theirs
ALTER TABLE events ADD COLUMN cover_id TEXT;                        -- the medium that stands for it, as the user chose

-- What the user did to events, with every row as it was before and after.
CREATE TABLE event_changes (
    id      TEXT PRIMARY KEY,
    made    INTEGER NOT NULL,
    action  TEXT NOT NULL,
    summary TEXT NOT NULL,
    deltas  TEXT NOT NULL,                          -- JSON
    undoes  TEXT,                                   -- the change that this one takes back
    undone  TEXT                                    -- the change that took this one back
);

-- How far the user put the clock right with which a medium was taken; it survives reading the file again.
CREATE TABLE clock_shifts (
    media_id TEXT PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    shift_s  INTEGER NOT NULL
);

-- What was told of an event, album, year or person.
CREATE TABLE summaries (
    about    TEXT NOT NULL,                         -- 'event', 'album', 'year', 'person'
    subject  TEXT NOT NULL,
    length   TEXT NOT NULL,                         -- 'line', 'paragraph', 'page'
    language TEXT NOT NULL,
    evidence TEXT NOT NULL,                         -- digest of the facts that it was made of
    body     TEXT NOT NULL,                         -- JSON: sentences, each with the media that bear it out
    edited   INTEGER NOT NULL DEFAULT 0,            -- the words are the user's
    told_by  TEXT NOT NULL DEFAULT '',              -- the language model that told it; empty without one
    made     INTEGER NOT NULL,
    PRIMARY KEY (about, subject, length, language)
);
