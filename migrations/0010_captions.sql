-- What models wrote about pictures: one caption a medium and model, so that several can stand side by side. Shown is that
-- of the model which media_results names. What the user writes is in annotations and goes before it.
CREATE TABLE captions (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    model    TEXT NOT NULL,
    version  TEXT NOT NULL,
    settings TEXT NOT NULL,
    language TEXT NOT NULL,                         -- as the model was asked for it: 'de'
    title    TEXT NOT NULL,
    sentence TEXT NOT NULL,
    tags     TEXT NOT NULL,                         -- JSON array
    stale    INTEGER NOT NULL DEFAULT 0,            -- it is to be written again, though model and settings are the same
    written  INTEGER NOT NULL,
    PRIMARY KEY (media_id, model)
);
