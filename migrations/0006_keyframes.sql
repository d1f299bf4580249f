-- The frames that stand for a video; the pictures lie beside the thumbnails, named by content and time.
CREATE TABLE media_keyframes (
    media_id TEXT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    at_ms    INTEGER NOT NULL,                      -- from the start of the video
    PRIMARY KEY (media_id, at_ms)
);
