-- The gateway's store. Times are integers: milliseconds since 1970-01-01 UTC. Ids are texts with their prefix.
-- Every fact that must happen once has a unique key; nothing relies on asking first.

CREATE TABLE installation (
    -- One row. The epoch is drawn anew when the database is made or restored, and stands in every cursor.
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL
);

CREATE TABLE business_numbers (
    id                TEXT PRIMARY KEY,
    name              TEXT NOT NULL,
    display_number    TEXT NOT NULL,
    phone_number_id   TEXT NOT NULL UNIQUE,
    account_id        TEXT NOT NULL,
    token             TEXT NOT NULL,
    app_secret        TEXT NOT NULL,
    -- A second secret that is valid during a rotation.
    app_secret_before TEXT,
    verify_token      TEXT NOT NULL,
    -- Why nothing is sent from this number; NULL if it can send.
    alert             TEXT,
    alert_since       INTEGER
);

CREATE TABLE agents (
    id            TEXT PRIMARY KEY,
    user_name     TEXT NOT NULL UNIQUE,
    display_name  TEXT NOT NULL,
    role          TEXT NOT NULL,
    capacity      INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    disabled      INTEGER NOT NULL DEFAULT 0,
    status        TEXT NOT NULL,              -- AgentStatus as JSON
    status_since  INTEGER NOT NULL,
    last_assigned_at INTEGER,                 -- when they were last given an interaction
    feed_number   INTEGER NOT NULL DEFAULT 0, -- the last number given out in this agent's feed
    feed_floor    INTEGER NOT NULL DEFAULT 0  -- events up to here are no longer kept
);

CREATE TABLE tokens (
    hash       BLOB PRIMARY KEY,              -- SHA-256 of the bearer token
    agent_id   TEXT NOT NULL REFERENCES agents (id),
    device     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX tokens_by_agent ON tokens (agent_id);

CREATE TABLE contacts (
    id             TEXT PRIMARY KEY,
    profile_name   TEXT,
    user_name      TEXT,
    last_agent_id  TEXT REFERENCES agents (id),
    merged_into    TEXT REFERENCES contacts (id)
);

-- Every name by which WhatsApp has called a contact: user ids and phone numbers. A new name of a known contact is a new
-- row; the newest of each kind is the one to write to.
CREATE TABLE contact_names (
    kind       TEXT NOT NULL CHECK (kind IN ('user_id', 'phone')),
    name       TEXT NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    current    INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (kind, name)
);
CREATE INDEX contact_names_by_contact ON contact_names (contact_id);

-- Webhook bodies as they came, committed before the 200. `state` is 'done', 'quarantined' (a number that is not ours, not
-- JSON) or 'failed' (a fault of ours; replayed by import-webhook).
CREATE TABLE webhooks (
    id          INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    body        BLOB NOT NULL,
    state       TEXT NOT NULL,
    note        TEXT
);

CREATE TABLE sessions (
    id                 TEXT PRIMARY KEY,
    contact_id         TEXT NOT NULL REFERENCES contacts (id),
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    started_at         INTEGER NOT NULL,
    ended_at           INTEGER
);
CREATE UNIQUE INDEX one_open_session ON sessions (contact_id, business_number_id) WHERE ended_at IS NULL;

CREATE TABLE interactions (
    id              TEXT PRIMARY KEY,
    session_id      TEXT NOT NULL REFERENCES sessions (id),
    contact_id      TEXT NOT NULL REFERENCES contacts (id),
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    origin          TEXT NOT NULL,
    phase           TEXT NOT NULL,            -- Phase as JSON
    is_open         INTEGER NOT NULL,         -- 0 once done
    owner_id        TEXT REFERENCES agents (id),
    created_at      INTEGER NOT NULL,
    assigned_at     INTEGER,
    pending_since   INTEGER,
    last_inbound_at INTEGER,                  -- WhatsApp's timestamp of the contact's newest message
    case_data       TEXT NOT NULL DEFAULT '[]',
    revision        INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX one_open_interaction ON interactions (session_id) WHERE is_open = 1;
CREATE INDEX interactions_by_owner ON interactions (owner_id) WHERE is_open = 1;
CREATE INDEX interactions_queued ON interactions (created_at) WHERE is_open = 1 AND owner_id IS NULL;
CREATE INDEX interactions_by_contact ON interactions (contact_id);

CREATE TABLE messages (
    id             TEXT PRIMARY KEY,
    interaction_id TEXT NOT NULL REFERENCES interactions (id),
    session_id     TEXT NOT NULL REFERENCES sessions (id),
    author         TEXT NOT NULL,             -- Author as JSON
    body           TEXT NOT NULL,             -- Body as JSON
    fallback       TEXT NOT NULL,
    raw            TEXT,                      -- WhatsApp's own object, for kinds that are not understood yet
    sent_at        INTEGER NOT NULL,
    stored_at      INTEGER NOT NULL,
    wamid          TEXT UNIQUE,               -- of the newest attempt
    client_ref     TEXT UNIQUE,
    attempt        INTEGER,                   -- NULL on the contact's messages
    delivery       TEXT,                      -- Delivery as JSON
    delivery_at    INTEGER,
    failed         INTEGER NOT NULL DEFAULT 0, -- 1 while `delivery` is a failure
    edited_at      INTEGER,                   -- WhatsApp's timestamp of the contact's newest edit
    answered_since INTEGER,                   -- the start of the pending response that this message answered
    quote          TEXT,                      -- Quote as JSON
    forwarded      TEXT,
    reactions      TEXT NOT NULL DEFAULT '[]' -- Reaction as JSON, each with WhatsApp's timestamp; no emoji: taken off
);
CREATE INDEX messages_by_interaction ON messages (interaction_id, sent_at, stored_at, id);

CREATE INDEX messages_by_storage ON messages (interaction_id, stored_at);

-- Each attempt to send a message, and the id WhatsApp gave it.
CREATE TABLE attempts (
    message_id TEXT NOT NULL REFERENCES messages (id),
    attempt    INTEGER NOT NULL,
    wamid      TEXT UNIQUE,
    PRIMARY KEY (message_id, attempt)
);

-- WhatsApp's ids of everything a contact has sent, also of what is no message of its own (reactions, edits): each counts once.
CREATE TABLE arrivals (
    wamid      TEXT PRIMARY KEY,
    arrived_at INTEGER NOT NULL
);

-- Reactions, edits and deletions whose message is not known yet.
CREATE TABLE waiting_operations (
    id        INTEGER PRIMARY KEY,
    target    TEXT NOT NULL,                  -- wamid of the message they are about
    operation TEXT NOT NULL,
    at        INTEGER NOT NULL                -- WhatsApp's timestamp
);
CREATE INDEX waiting_operations_by_target ON waiting_operations (target);

-- Statuses as they came, once each; also those whose message is not known yet.
CREATE TABLE statuses (
    wamid       TEXT NOT NULL,
    status      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    correlation TEXT,                         -- biz_opaque_callback_data: message id and attempt
    raw         TEXT NOT NULL,
    PRIMARY KEY (wamid, status)
);
CREATE INDEX statuses_by_correlation ON statuses (correlation) WHERE correlation IS NOT NULL;

-- What has still to leave. One row a message; the row goes when WhatsApp has answered for good.
-- state: 'waiting' (not tried, or provably not arrived), 'in_flight' (the request has left, no answer yet),
-- 'uncertain' (the answer got lost: waits for a status), 'held' (the number is stopped).
CREATE TABLE outbox (
    message_id         TEXT PRIMARY KEY REFERENCES messages (id),
    position           INTEGER NOT NULL UNIQUE,
    business_number_id TEXT NOT NULL REFERENCES business_numbers (id),
    contact_id         TEXT NOT NULL REFERENCES contacts (id),
    attempt            INTEGER NOT NULL,
    state              TEXT NOT NULL,
    tries              INTEGER NOT NULL DEFAULT 0,
    next_try_at        INTEGER NOT NULL,
    left_at            INTEGER                -- when the request of an in_flight or uncertain row left
);
CREATE INDEX outbox_by_recipient ON outbox (business_number_id, contact_id, position);
CREATE INDEX outbox_due ON outbox (next_try_at);

CREATE TABLE events (
    agent_id TEXT NOT NULL REFERENCES agents (id),
    number   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    payload  TEXT NOT NULL,                   -- Event as JSON
    PRIMARY KEY (agent_id, number)
) WITHOUT ROWID;
