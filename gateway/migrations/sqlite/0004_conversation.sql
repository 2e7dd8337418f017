-- What leaves for WhatsApp is a message or a reaction of ours to one: both wait in the same order for their recipient, so
-- every row says which of the two it is. `attempt` counts either: each *Try again*, each change of our reaction.
CREATE TABLE outbox_of_both (
    message_id         TEXT NOT NULL REFERENCES messages (id),
    kind               TEXT NOT NULL CHECK (kind IN ('message', 'reaction')),
    position           INTEGER NOT NULL UNIQUE,
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    contact_id         TEXT NOT NULL REFERENCES contacts (id),
    attempt            INTEGER NOT NULL,
    state              TEXT NOT NULL,
    tries              INTEGER NOT NULL DEFAULT 0,
    next_try_at        INTEGER NOT NULL,
    left_at            INTEGER,               -- when the request of an in_flight or uncertain row left
    PRIMARY KEY (message_id, kind, attempt)
);
INSERT INTO outbox_of_both
    SELECT message_id, 'message', position, business_number_id, contact_id, attempt, state, tries, next_try_at, left_at
    FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_of_both RENAME TO outbox;
CREATE INDEX outbox_by_recipient ON outbox (business_number_id, contact_id, position);
CREATE INDEX outbox_due ON outbox (next_try_at);

CREATE TABLE attempts_of_both (
    message_id TEXT NOT NULL REFERENCES messages (id),
    kind       TEXT NOT NULL CHECK (kind IN ('message', 'reaction')),
    attempt    INTEGER NOT NULL,
    wamid      TEXT UNIQUE,
    PRIMARY KEY (message_id, kind, attempt)
);
INSERT INTO attempts_of_both SELECT message_id, 'message', attempt, wamid FROM attempts;
DROP TABLE attempts;
ALTER TABLE attempts_of_both RENAME TO attempts;

-- WhatsApp's timestamp of the contact's message after which WhatsApp said that the reply window is closed: only a later one
-- opens it again.
ALTER TABLE interactions ADD COLUMN window_refused_up_to INTEGER;

-- How far each conversation was read, for WhatsApp to be told. `told` is 1 once it knows, or never will.
CREATE TABLE reads (
    interaction_id TEXT PRIMARY KEY REFERENCES interactions (id),
    message_id     TEXT NOT NULL REFERENCES messages (id),
    told           INTEGER NOT NULL,
    tries          INTEGER NOT NULL DEFAULT 0,
    next_try_at    INTEGER NOT NULL
);
CREATE INDEX reads_due ON reads (next_try_at) WHERE told = 0;

-- What agents are writing. Each text is kept with the sign-in that wrote it.
CREATE TABLE drafts (
    agent_id       TEXT NOT NULL REFERENCES agents (id),
    interaction_id TEXT NOT NULL REFERENCES interactions (id),
    draft          TEXT NOT NULL,             -- KeptDraft as JSON
    PRIMARY KEY (agent_id, interaction_id)
);
CREATE INDEX drafts_by_interaction ON drafts (interaction_id);

-- Further ways to reach a contact. `same` is the value without what makes no difference, such as blanks in a phone number.
CREATE TABLE contact_details (
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    position   INTEGER NOT NULL,
    kind       TEXT NOT NULL,                 -- DetailKind as JSON
    value      TEXT NOT NULL,
    name       TEXT,
    same       TEXT NOT NULL,
    PRIMARY KEY (contact_id, kind, same)
);
