-- Files go both ways now. What a file of ours is called by WhatsApp stands elsewhere, what was looked into is kept, and several
-- messages may share a file: what is forwarded is stored once, and goes with the last row that names it.
CREATE TABLE attachments_of_both (
    id                 TEXT PRIMARY KEY,
    message_id         TEXT NOT NULL REFERENCES messages (id),
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    media_id           TEXT,                      -- WhatsApp's id of a file that a contact sent
    kind               TEXT NOT NULL,             -- MediaKind as JSON
    sha256             TEXT,                      -- of the file, as it was announced
    file               TEXT NOT NULL,             -- what our copy is called: drawn, says nothing
    state              TEXT NOT NULL,
    size_bytes         INTEGER,
    announced_at       INTEGER NOT NULL,
    tries              INTEGER NOT NULL DEFAULT 0,
    next_try_at        INTEGER NOT NULL,
    about              TEXT,                      -- About as JSON; NULL until it was looked into
    seen               TEXT                       -- Seen as JSON: what decides whether it can be sent on
);
INSERT INTO attachments_of_both
    SELECT id, message_id, business_number_id, media_id, kind, sha256, file, state, size_bytes, announced_at, tries,
           next_try_at, NULL, NULL
    FROM attachments;
DROP TABLE attachments;
ALTER TABLE attachments_of_both RENAME TO attachments;
CREATE INDEX attachments_by_message ON attachments (message_id);
CREATE INDEX attachments_by_file ON attachments (file);
CREATE INDEX attachments_fetching ON attachments (announced_at, id) WHERE state = 'fetching';
CREATE INDEX attachments_erased ON attachments (id) WHERE state = 'erased';
CREATE INDEX attachments_unseen ON attachments (announced_at, id) WHERE state = 'ready' AND about IS NULL;

-- Files on their way from a desktop. state: 'receiving', 'ready' (it may be sent), 'refused', 'sent' (the file is the
-- attachment's of the same id), 'erased' (it is to go, and then the row). `swept` is 1 once its pieces are gone.
CREATE TABLE uploads (
    id             TEXT PRIMARY KEY,
    agent_id       TEXT NOT NULL REFERENCES agents (id),
    interaction_id TEXT NOT NULL REFERENCES interactions (id),
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
CREATE INDEX uploads_by_agent ON uploads (agent_id) WHERE state IN ('receiving', 'ready');
CREATE INDEX uploads_unswept ON uploads (id) WHERE state <> 'receiving' AND swept = 0;
CREATE INDEX uploads_by_interaction ON uploads (interaction_id);
CREATE INDEX uploads_by_age ON uploads (begun_at);

-- What WhatsApp calls a file that it has from us, by number: it keeps it for 30 days.
CREATE TABLE whatsapp_files (
    file               TEXT NOT NULL,
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    media_id           TEXT NOT NULL,
    uploaded_at        INTEGER NOT NULL,
    PRIMARY KEY (file, business_number_id)
);
