-- Teams, by their names.
ALTER TABLE agents ADD COLUMN team TEXT;

-- What the operator has set that everything decided about interactions depends on, as JSON: every process that writes here
-- decides alike.
CREATE TABLE settings (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    sessions TEXT NOT NULL,                    -- SessionRules
    wrap_up  TEXT NOT NULL                     -- WrapUpRules
);

-- Where interactions lie that nobody handles just now. An agent's own has the agent's UUID. One that was configured goes by its
-- name; taken out of the configuration, it is `removed` and stays for as long as something lies in it.
CREATE TABLE workbins (
    id                TEXT PRIMARY KEY,
    kind              TEXT NOT NULL CHECK (kind IN ('personal', 'team', 'shared')),
    owner_id          TEXT UNIQUE REFERENCES agents (id),
    name              TEXT,                    -- NULL: an agent's own
    team              TEXT,
    see               TEXT,                    -- names of teams as JSON; NULL: as the kind has it
    take              TEXT,
    capacity          INTEGER,
    stale_after_hours INTEGER,
    removed           INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX one_workbin_a_name ON workbins (name) WHERE name IS NOT NULL;
INSERT INTO workbins (id, kind, owner_id) SELECT 'wbn_' || substr(id, 5), 'personal', id FROM agents;

ALTER TABLE interactions ADD COLUMN stored TEXT;           -- Stored as JSON, while it lies in a workbin
ALTER TABLE interactions ADD COLUMN opened_from TEXT;      -- Place as JSON: from where its owner took it
ALTER TABLE interactions ADD COLUMN last_agent_id TEXT REFERENCES agents (id);
ALTER TABLE interactions ADD COLUMN unread INTEGER NOT NULL DEFAULT 0; -- of the contact's, since an agent had it open
ALTER TABLE interactions ADD COLUMN kept_for TEXT REFERENCES agents (id); -- in the queue: for whom, and until when
ALTER TABLE interactions ADD COLUMN kept_until INTEGER;
ALTER TABLE interactions ADD COLUMN said_at INTEGER;       -- when the last message was stored
ALTER TABLE interactions ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0; -- 1 once the contact was reminded of the silence
ALTER TABLE interactions ADD COLUMN note TEXT;             -- Note as JSON
ALTER TABLE interactions ADD COLUMN disposition TEXT;
UPDATE interactions SET last_agent_id = owner_id;
UPDATE interactions SET said_at = (SELECT MAX(stored_at) FROM messages m WHERE m.interaction_id = interactions.id)
    WHERE is_open = 1;
CREATE INDEX interactions_kept ON interactions (kept_until) WHERE kept_until IS NOT NULL;
CREATE INDEX interactions_offered ON interactions (id) WHERE is_open = 1 AND phase LIKE '{"phase":"offered"%';

-- Every step in the life of every interaction. Nothing changes phase or owner without one.
CREATE TABLE life_steps (
    number         INTEGER PRIMARY KEY,
    interaction_id TEXT NOT NULL REFERENCES interactions (id),
    at             INTEGER NOT NULL,
    phase          TEXT NOT NULL,              -- Phase as JSON
    owner_id       TEXT REFERENCES agents (id),
    by_id          TEXT REFERENCES agents (id), -- NULL: it happened by itself
    why            TEXT NOT NULL               -- LifeReason as JSON
);
CREATE INDEX life_steps_by_interaction ON life_steps (interaction_id, number);
CREATE INDEX life_steps_by_owner ON life_steps (owner_id, interaction_id) WHERE owner_id IS NOT NULL;
INSERT INTO life_steps (interaction_id, at, phase, owner_id, why)
    SELECT id, COALESCE(assigned_at, created_at), phase, owner_id, '"contact_wrote"' FROM interactions ORDER BY created_at, id;

-- What lies in a place, or lay in one not long ago, by the number of its last change; the numbers rise over all places.
CREATE TABLE lying (
    change         INTEGER PRIMARY KEY,
    interaction_id TEXT NOT NULL UNIQUE REFERENCES interactions (id),
    place          TEXT,                       -- id of a workbin or, in the queue, of a business number; NULL: in none
    lain           TEXT NOT NULL DEFAULT '',   -- where it lay before, separated by blanks
    changed_at     INTEGER NOT NULL
);
CREATE INDEX lying_in ON lying (place) WHERE place IS NOT NULL;
CREATE INDEX lying_gone ON lying (changed_at, change) WHERE place IS NULL;
ALTER TABLE installation ADD COLUMN workbins_change INTEGER NOT NULL DEFAULT 0; -- the number of the newest change
ALTER TABLE installation ADD COLUMN workbins_floor INTEGER NOT NULL DEFAULT 0;  -- what went up to here is no longer kept
ALTER TABLE installation ADD COLUMN workbins_prunes INTEGER NOT NULL DEFAULT 0;
INSERT INTO lying (change, interaction_id, place, changed_at)
    SELECT ROW_NUMBER() OVER (ORDER BY created_at, id), id, business_number_id, created_at
    FROM interactions WHERE is_open = 1 AND owner_id IS NULL;
UPDATE installation SET workbins_change = (SELECT COALESCE(MAX(change), 0) FROM lying);
