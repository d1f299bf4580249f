-- What the user wants less of among the memories that the start page shows.

CREATE TABLE memory_feedback (
    about   TEXT NOT NULL,                          -- 'person', 'event', 'days', 'kind'
    subject TEXT NOT NULL,                          -- identifier; '2019-07-03..2019-07-06'; name of the kind
    amount  TEXT NOT NULL,                          -- 'less' or 'never'
    made    INTEGER NOT NULL,
    PRIMARY KEY (about, subject)
);
