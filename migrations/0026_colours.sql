-- Whether a picture has no colours, 1 or 0; NULL: not looked at since its file was read.
ALTER TABLE media ADD COLUMN colourless INTEGER;
CREATE INDEX media_colours ON media (id) WHERE colourless IS NULL;
