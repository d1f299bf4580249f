-- What is said: voice notes on media, events and albums, and the speech in videos.

-- `subject` is what stays when a medium or an event is made anew: the content hash of a medium, the origin of an event,
-- the identifier of an album. So a note outlives a folder that is away for a while.
CREATE TABLE notes (
    id          TEXT PRIMARY KEY,
    about       TEXT NOT NULL,                      -- 'medium', 'event' or 'album'
    subject     TEXT NOT NULL,
    audio       TEXT NOT NULL,                      -- BLAKE3 of the recording, hex: names its file
    mime        TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    duration_ms INTEGER,                            -- NULL: nothing here could decode it
    language    TEXT NOT NULL DEFAULT '',           -- as it was heard
    model       TEXT NOT NULL DEFAULT '',           -- what wrote it down: 'name|version|settings'; empty: nothing yet
    edited      INTEGER NOT NULL DEFAULT 0,         -- the user has put the words right; no model writes over them
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    deleted     INTEGER                             -- when the user deleted it; it can be taken back for a while
);
CREATE INDEX notes_subject ON notes (about, subject);
CREATE INDEX notes_audio ON notes (audio);

CREATE TABLE note_segments (
    note_id  TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (note_id, position)
);

-- What is said in a video. Which model heard it is in media_results.
CREATE TABLE transcripts (
    media_id TEXT PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    language TEXT NOT NULL
);
CREATE TABLE transcript_segments (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (media_id, position)
);
