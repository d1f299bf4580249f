-- Themes: what comes back over the years. They are found anew as the library grows and keep their identity.

CREATE TABLE themes (
    id     TEXT PRIMARY KEY,
    kind   TEXT NOT NULL,                           -- 'looks', 'feast', 'birthday', 'place', 'word'
    origin TEXT NOT NULL,                           -- 'feast:christmas'; empty when its media alone say which it is
    told   TEXT NOT NULL,                           -- JSON: what sets it apart
    name   TEXT,                                    -- the user's
    hidden INTEGER NOT NULL DEFAULT 0               -- the user does not want to see it
);
CREATE TABLE theme_media (
    theme_id TEXT NOT NULL REFERENCES themes (id) ON DELETE CASCADE,
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    PRIMARY KEY (theme_id, media_id)
);
CREATE INDEX theme_media_media ON theme_media (media_id);

-- What the user did to themes, with every row as it was before and after.
CREATE TABLE theme_changes (
    id      TEXT PRIMARY KEY,
    made    INTEGER NOT NULL,
    action  TEXT NOT NULL,
    summary TEXT NOT NULL,
    deltas  TEXT NOT NULL,                          -- JSON
    undoes  TEXT,                                   -- the change that this one takes back
    undone  TEXT                                    -- the change that took this one back
);

-- From what the themes were found last.
CREATE TABLE themes_found (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    settings TEXT NOT NULL,                         -- how they were found
    digest   TEXT NOT NULL,                         -- of all that they depend on
    media    INTEGER NOT NULL,
    vectors  INTEGER NOT NULL,
    made     INTEGER NOT NULL
);
