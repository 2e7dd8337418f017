-- The files above the composers, as JSON; their bytes lie in a folder of their own.
CREATE TABLE strip (
    interaction TEXT PRIMARY KEY,
    body        TEXT NOT NULL
) STRICT;
