-- Transcripts by the page and by what was said. A page is read in the order of this index, and a search reads this index
-- alone. `folded` is the text as it is searched (store/search.rs); NULL in messages of an earlier gateway until they have been
-- gone through.
ALTER TABLE messages ADD COLUMN folded TEXT;
CREATE INDEX messages_by_session ON messages (session_id, sent_at, stored_at, id, folded);
CREATE INDEX messages_unfolded ON messages (id) WHERE folded IS NULL;
CREATE INDEX sessions_by_contact ON sessions (contact_id, business_number_id, started_at, id);
CREATE INDEX interactions_by_session ON interactions (session_id);

-- Our own copies of the files that messages carry. state: 'fetching', 'ready', 'failed' (it can't be had), 'erased' (the message
-- was taken back: the file is to go, and then the row).
CREATE TABLE attachments (
    id                 TEXT PRIMARY KEY,
    message_id         TEXT NOT NULL REFERENCES messages (id),
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    media_id           TEXT NOT NULL,             -- WhatsApp's id of the file
    kind               TEXT NOT NULL,             -- MediaKind as JSON
    sha256             TEXT,                      -- of the file, as WhatsApp announced it
    file               TEXT NOT NULL UNIQUE,      -- what our copy is called: drawn, says nothing
    state              TEXT NOT NULL,
    size_bytes         INTEGER,
    announced_at       INTEGER NOT NULL,
    tries              INTEGER NOT NULL DEFAULT 0,
    next_try_at        INTEGER NOT NULL
);
CREATE INDEX attachments_by_message ON attachments (message_id);
CREATE INDEX attachments_fetching ON attachments (announced_at, id) WHERE state = 'fetching';
CREATE INDEX attachments_erased ON attachments (id) WHERE state = 'erased';
