-- Text that is read in pictures, line by line. The corners of a line go round it in the way that it is read (top left, top
-- right, bottom right, bottom left), in 0-1 of the upright picture; a line may be turned.

CREATE TABLE media_text (
    media_id  TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,                     -- in the order in which a person reads
    frame_ms  INTEGER,                              -- of a video: when it is shown; NULL: a photo, or the poster
    text      TEXT NOT NULL,
    certainty REAL NOT NULL,                        -- 0-1
    language  TEXT,                                 -- ISO 639-1, where function words tell it
    x1        REAL NOT NULL,
    y1        REAL NOT NULL,
    x2        REAL NOT NULL,
    y2        REAL NOT NULL,
    x3        REAL NOT NULL,
    y3        REAL NOT NULL,
    x4        REAL NOT NULL,
    y4        REAL NOT NULL,
    model     TEXT NOT NULL,
    version   TEXT NOT NULL,
    settings  TEXT NOT NULL,
    PRIMARY KEY (media_id, position)
);

-- The words of a line, with where each begins and ends along it, in 0-1 of its length.
CREATE TABLE media_text_words (
    media_id  TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    line      INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    text      TEXT NOT NULL,
    certainty REAL NOT NULL,
    begins    REAL NOT NULL,
    ends      REAL NOT NULL,
    PRIMARY KEY (media_id, line, position)
);
