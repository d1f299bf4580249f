-- Films: what was wished, what they may be made of, how their storyboards changed, and how far they are rendered.

CREATE TABLE films (
    id      TEXT PRIMARY KEY,
    title   TEXT NOT NULL,
    wish    TEXT NOT NULL,                          -- JSON of film::wish::Wish
    version INTEGER NOT NULL,                       -- of the storyboard that counts
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    deleted INTEGER                                 -- when the user deleted it; it can be taken back for a while
);

-- Every storyboard that a film ever had: an older one can be taken up again.
CREATE TABLE film_storyboards (
    film_id    TEXT NOT NULL REFERENCES films (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    storyboard TEXT NOT NULL,                       -- JSON of film::storyboard::Storyboard
    said       TEXT NOT NULL,                       -- what made it, in words
    made       INTEGER NOT NULL,
    PRIMARY KEY (film_id, version)
);

-- The media that the film was asked about: what changes of it choose from.
CREATE TABLE film_candidates (
    film_id   TEXT NOT NULL REFERENCES films (id) ON DELETE CASCADE,
    media_id  TEXT NOT NULL,
    position  INTEGER NOT NULL,
    relevance REAL NOT NULL,
    PRIMARY KEY (film_id, media_id)
);

-- The video file of a film, one of each quality.
CREATE TABLE film_renders (
    film_id TEXT NOT NULL REFERENCES films (id) ON DELETE CASCADE,
    quality TEXT NOT NULL,                          -- 'preview' or 'full'
    version INTEGER NOT NULL,                       -- of the storyboard
    state   TEXT NOT NULL,                          -- 'queued', 'running', 'done', 'failed', 'cancelled'
    done    INTEGER NOT NULL DEFAULT 0,             -- frames
    frames  INTEGER NOT NULL DEFAULT 0,             -- all frames, when they are known
    error   TEXT,
    updated INTEGER NOT NULL,
    PRIMARY KEY (film_id, quality)
);
