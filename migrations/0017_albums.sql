-- Albums that keep themselves, by a rule that is looked up when the album is read; and what was done to albums, so that it
-- can be taken back.

ALTER TABLE albums ADD COLUMN rule TEXT;                         -- see assistant::albums; NULL: its media were put in by hand
ALTER TABLE albums ADD COLUMN edited INTEGER NOT NULL DEFAULT 0; -- when it was changed last, Unix seconds
UPDATE albums SET edited = created;

CREATE TABLE album_changes (
    id       TEXT PRIMARY KEY,
    album_id TEXT NOT NULL,                         -- also of an album that is gone
    made     INTEGER NOT NULL,
    summary  TEXT NOT NULL,                         -- for a person to read
    back     TEXT NOT NULL,                         -- JSON of library::albums::change::Back
    undone   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX album_changes_album ON album_changes (album_id, id);
