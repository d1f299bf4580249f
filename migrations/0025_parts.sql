-- What changed is counted by parts of the library, so that what is kept in memory of one part outlives changes of the others.
-- A part's value is the revision of the library at which it last changed; the library's revision is the highest of them.

CREATE TABLE revisions (
    part  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);

INSERT INTO revisions (part, value) SELECT 'media', value FROM revision;

DROP TABLE revision;

-- Who is in how many media, since when and until when, is counted without reading media themselves.
DROP INDEX media_people_person;
CREATE INDEX media_people_person ON media_people (person_id, media_id);
CREATE INDEX media_shown ON media (id, live_of, taken);
DROP INDEX media_tags_folded;
CREATE INDEX media_tags_folded ON media_tags (folded, media_id);
DROP INDEX concept_scores_certainty;
CREATE INDEX concept_scores_certainty ON concept_scores (concept_id, certainty, media_id);
CREATE INDEX media_camera ON media (camera, live_of, camera_make, camera_model);

-- The vectors that an index of vectors lacks were looked for among all vectors of their model.
DROP INDEX media_vectors_model;
CREATE INDEX media_vectors_model ON media_vectors (model, version, media_id);
CREATE INDEX media_vectors_unindexed ON media_vectors (model, version, media_id) WHERE indexed = 0;

-- What an index lacks is asked for again and again; among all media it was found by going through them.
DROP INDEX media_unindexed;
DROP INDEX media_unembedded;
CREATE INDEX media_unindexed ON media (id) WHERE indexed_version < version;
CREATE INDEX media_unembedded ON media (id) WHERE embedded_version < version;
