-- What lies in workbins, sealed with a key that is not in this file: items and transcripts by the interaction's id, with a time.
CREATE TABLE sealed (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    at   INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
