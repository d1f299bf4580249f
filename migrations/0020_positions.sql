-- A map asks for what lies in a part of the earth. Everything that it tells of a cell stands in the index, so that looking at
-- the whole earth reads no media.

CREATE INDEX media_position ON media
    (lat, lon, live_of, problem_code, rating, taken, id, city, locality, region, country);
