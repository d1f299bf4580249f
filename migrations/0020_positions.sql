-- A map asks for what lies in a part of the earth.

CREATE INDEX media_position ON media (lat, lon);
