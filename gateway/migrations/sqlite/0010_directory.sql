-- Contacts as agents know them: what to call them, what is known and noted of them, whether they are blocked. `revision` rises with
-- every change by an agent.
ALTER TABLE contacts ADD COLUMN name TEXT;
ALTER TABLE contacts ADD COLUMN note TEXT;
ALTER TABLE contacts ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contacts_blocked ON contacts (id) WHERE blocked = 1;
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE contact_attributes (
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    key        TEXT NOT NULL,
    position   INTEGER NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (contact_id, key)
);

CREATE TABLE favourite_contacts (
    agent_id   TEXT NOT NULL REFERENCES agents (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    position   INTEGER NOT NULL,
    PRIMARY KEY (agent_id, contact_id)
);
CREATE INDEX favourite_contacts_by_contact ON favourite_contacts (contact_id);

-- The directory: a line for each contact who is not part of another one, with what they are found by (store/directory.rs). A
-- contact without a line is one of an earlier gateway that has not been gone through yet.
CREATE TABLE contact_lines (
    line       INTEGER PRIMARY KEY,
    contact_id TEXT NOT NULL UNIQUE REFERENCES contacts (id),
    sort_name  TEXT NOT NULL,                 -- the title, folded
    phone      TEXT,                          -- digits, as WhatsApp has them
    names      TEXT NOT NULL,
    words      TEXT NOT NULL,
    mails      TEXT NOT NULL,
    facts      TEXT NOT NULL,
    digits     TEXT NOT NULL
);
CREATE INDEX contact_lines_by_name ON contact_lines (sort_name, line);
CREATE INDEX contact_lines_by_phone ON contact_lines (phone, line) WHERE phone IS NOT NULL;

-- The index over the last five columns of the lines; its rowid is `line`. What is taken out leaves no trace in its pages.
CREATE VIRTUAL TABLE contact_words USING fts5 (
    names, words, mails, facts, digits,
    content = '', prefix = '1 2 3 4', tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
);
INSERT INTO contact_words (contact_words, rank) VALUES ('secure-delete', 1);

-- Contacts that agents made one. `undo` (Undo as JSON) is what went over, for the two to be taken apart again.
CREATE TABLE contact_merges (
    id      TEXT PRIMARY KEY,
    kept    TEXT NOT NULL REFERENCES contacts (id),
    gone    TEXT NOT NULL REFERENCES contacts (id),
    name    TEXT NOT NULL,                    -- what `gone` was called
    at      INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    undo    TEXT NOT NULL
);
CREATE INDEX contact_merges_by_kept ON contact_merges (kept);

-- What contacts wrote while they were blocked: it reaches the transcript when they no longer are.
CREATE TABLE held_messages (
    id                 INTEGER PRIMARY KEY,
    contact_id         TEXT NOT NULL REFERENCES contacts (id),
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    message            TEXT NOT NULL,         -- InboundMessage as JSON
    held_at            INTEGER NOT NULL
);
CREATE INDEX held_messages_by_contact ON held_messages (contact_id);
