-- The library of prepared replies: categories, responses and templates, as JSON. How far it is held is a fact.
CREATE TABLE library (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
