-- Which model most vectors are of is asked whenever concepts are learned; without this every vector was read for it.

CREATE INDEX media_vectors_model ON media_vectors (model, version);
