-- How the video file of a film is compressed, what there is to say of the making of it, and the tone of summaries.

ALTER TABLE film_renders ADD COLUMN codec TEXT NOT NULL DEFAULT 'h264';     -- 'h264', 'hevc', 'av1'
ALTER TABLE film_renders ADD COLUMN notice TEXT;                            -- why another encoder was used than was to be

CREATE TABLE summaries_by_tone (
    about    TEXT NOT NULL,                         -- 'event', 'album', 'year', 'person'
    subject  TEXT NOT NULL,
    length   TEXT NOT NULL,                         -- 'line', 'paragraph', 'page'
    tone     TEXT NOT NULL,                         -- 'plain', 'warm', 'playful'
    language TEXT NOT NULL,
    evidence TEXT NOT NULL,                         -- digest of the facts that it was made of
    body     TEXT NOT NULL,                         -- JSON: sentences, each with the media that bear it out
    edited   INTEGER NOT NULL DEFAULT 0,            -- the words are the user's
    told_by  TEXT NOT NULL DEFAULT '',              -- the language model that told it; empty without one
    made     INTEGER NOT NULL,
    PRIMARY KEY (about, subject, length, tone, language)
);
INSERT INTO summaries_by_tone (about, subject, length, tone, language, evidence, body, edited, told_by, made)
    SELECT about, subject, length, 'plain', language, evidence, body, edited, told_by, made FROM summaries;
DROP TABLE summaries;
ALTER TABLE summaries_by_tone RENAME TO summaries;
