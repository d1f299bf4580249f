-- Pages of a library of 100,000 media come from indexes that hold all they show: the days of the timeline, the places that
-- questions may name, and who has which faces.

DROP INDEX media_taken;
CREATE INDEX media_taken ON media (taken, name, live_of);
DROP INDEX media_place;
CREATE INDEX media_place ON media (country_code, region, city, country, locality, live_of, taken);
DROP INDEX faces_person;
CREATE INDEX faces_person ON faces (person_id, state, media_id, how, score, pixels, yaw, id);
