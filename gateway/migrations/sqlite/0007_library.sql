-- The number of the newest change of the library: of categories, responses and templates together.
ALTER TABLE installation ADD COLUMN library_revision INTEGER NOT NULL DEFAULT 0;
-- 1 once the sample was put into the library, or there was no need of it: whoever empties the library keeps it empty.
ALTER TABLE installation ADD COLUMN library_begun INTEGER NOT NULL DEFAULT 0;

-- Shelves and responses. What is gone stays as a row with the number of that change, so that desktops hear of it.
CREATE TABLE categories (
    id       TEXT PRIMARY KEY,
    parent   TEXT,
    name     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    deleted  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX categories_by_revision ON categories (revision);

CREATE TABLE responses (
    id          TEXT PRIMARY KEY,
    owner_id    TEXT REFERENCES agents (id),   -- NULL: everybody's
    was_shared  INTEGER NOT NULL,              -- 1 if it ever was everybody's: then everybody hears that it is no longer
    category_id TEXT,
    shortcut    TEXT,                          -- in lower case; NULL once it is gone
    content     TEXT NOT NULL,                 -- ResponseContent as JSON
    version     INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    changed_by  TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    deleted     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX responses_by_revision ON responses (revision);
CREATE INDEX responses_by_category ON responses (category_id) WHERE deleted = 0;
CREATE UNIQUE INDEX one_shared_shortcut ON responses (shortcut) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX one_own_shortcut ON responses (owner_id, shortcut) WHERE owner_id IS NOT NULL;

-- What responses were before their newest change.
CREATE TABLE response_versions (
    response_id TEXT NOT NULL REFERENCES responses (id),
    version     INTEGER NOT NULL,
    content     TEXT NOT NULL,                 -- ResponseContent as JSON
    changed_at  INTEGER NOT NULL,
    changed_by  TEXT NOT NULL,
    PRIMARY KEY (response_id, version)
);

-- The files of the library. state: 'ready', 'erased' (no response needs it: it is to go, and then the row).
CREATE TABLE library_files (
    id         TEXT PRIMARY KEY,
    file       TEXT NOT NULL,                  -- what our copy is called; messages may share it
    kind       TEXT NOT NULL,                  -- MediaKind as JSON
    file_name  TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    state      TEXT NOT NULL,
    about      TEXT NOT NULL,                  -- About as JSON
    seen       TEXT                            -- Seen as JSON
);
CREATE INDEX library_files_by_file ON library_files (file);
CREATE INDEX library_files_erased ON library_files (id) WHERE state = 'erased';

-- Which version of which response needs which file.
CREATE TABLE response_files (
    response_id TEXT NOT NULL REFERENCES responses (id),
    version     INTEGER NOT NULL,
    file_id     TEXT NOT NULL REFERENCES library_files (id),
    PRIMARY KEY (response_id, version, file_id)
);
CREATE INDEX response_files_by_file ON response_files (file_id);

CREATE TABLE favourites (
    agent_id    TEXT NOT NULL REFERENCES agents (id),
    response_id TEXT NOT NULL REFERENCES responses (id),
    position    INTEGER NOT NULL,
    PRIMARY KEY (agent_id, response_id)
);

CREATE TABLE response_uses (
    response_id  TEXT NOT NULL REFERENCES responses (id),
    agent_id     TEXT NOT NULL REFERENCES agents (id),
    uses         INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (response_id, agent_id)
);
CREATE INDEX response_uses_by_agent ON response_uses (agent_id, last_used_at);

-- Files also come for the library, and then belong to no interaction.
CREATE TABLE uploads_of_all (
    id             TEXT PRIMARY KEY,
    agent_id       TEXT NOT NULL REFERENCES agents (id),
    interaction_id TEXT REFERENCES interactions (id),  -- NULL: for the library
    client_ref     TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL,                 -- MediaKind as JSON
    file_name      TEXT NOT NULL,
    size_bytes     INTEGER NOT NULL,
    sha256         TEXT NOT NULL,                 -- as the desktop announced it
    file           TEXT NOT NULL UNIQUE,
    state          TEXT NOT NULL,
    next_piece     INTEGER NOT NULL DEFAULT 0,
    swept          INTEGER NOT NULL DEFAULT 0,
    about          TEXT,                          -- About as JSON, once it is ready
    seen           TEXT,                          -- Seen as JSON, likewise
    reason         TEXT,                          -- why it was refused
    begun_at       INTEGER NOT NULL
);
INSERT INTO uploads_of_all
    SELECT id, agent_id, interaction_id, client_ref, kind, file_name, size_bytes, sha256, file, state, next_piece, swept,
           about, seen, reason, begun_at
    FROM uploads;
DROP TABLE uploads;
ALTER TABLE uploads_of_all RENAME TO uploads;
CREATE INDEX uploads_by_agent ON uploads (agent_id) WHERE state IN ('receiving', 'ready');
CREATE INDEX uploads_unswept ON uploads (id) WHERE state <> 'receiving' AND swept = 0;
CREATE INDEX uploads_by_interaction ON uploads (interaction_id);
CREATE INDEX uploads_by_age ON uploads (begun_at);
