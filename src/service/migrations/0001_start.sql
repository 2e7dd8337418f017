-- What must survive a restart of the desktop, `kill -9` included. One file per gateway, one account at a time.

-- Single facts, as JSON: account, status, alerts, active, cursor.
CREATE TABLE fact (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The picture as of the cursor, as JSON of the protocol.
CREATE TABLE interaction (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE message (
    id          TEXT PRIMARY KEY,
    interaction TEXT NOT NULL,
    body        TEXT NOT NULL
) STRICT;
CREATE INDEX message_by_interaction ON message (interaction);

CREATE TABLE unread (
    interaction TEXT PRIMARY KEY,
    messages    INTEGER NOT NULL
) STRICT;

-- What the agent wrote: independent of the picture, for an interaction may be taken away and come back.
CREATE TABLE outgoing (
    place       INTEGER PRIMARY KEY AUTOINCREMENT,
    client_ref  TEXT NOT NULL UNIQUE,
    interaction TEXT NOT NULL,
    body        TEXT NOT NULL
) STRICT;

CREATE TABLE draft (
    interaction TEXT PRIMARY KEY,
    text        TEXT NOT NULL
) STRICT;
