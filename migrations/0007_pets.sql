-- Animals beside faces: whose they are is told by the look of the whole animal.

ALTER TABLE faces ADD COLUMN subject TEXT NOT NULL DEFAULT 'person';    -- 'person' or 'animal'
CREATE INDEX faces_model ON faces (subject, model);
