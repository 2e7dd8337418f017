-- Interactions in the order in which they began: by this they are paged and found.
ALTER TABLE interactions ADD COLUMN number INTEGER;
UPDATE interactions SET number = n.number
    FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY created_at, id) AS number FROM interactions) AS n
    WHERE n.id = interactions.id;
CREATE UNIQUE INDEX interactions_by_number ON interactions (number);
CREATE INDEX interactions_of_contact ON interactions (contact_id, number);

-- Who handled an interaction, and when it was last given to them. `number` is the interaction's.
CREATE TABLE interaction_agents (
    interaction_id TEXT NOT NULL REFERENCES interactions (id),
    agent_id       TEXT NOT NULL REFERENCES agents (id),
    number         INTEGER NOT NULL,
    last_at        INTEGER NOT NULL,
    PRIMARY KEY (interaction_id, agent_id)
);
CREATE INDEX interaction_agents_by_time ON interaction_agents (agent_id, last_at);
CREATE INDEX interaction_agents_by_number ON interaction_agents (agent_id, number);
INSERT INTO interaction_agents
    SELECT id, owner_id, number, COALESCE(assigned_at, created_at) FROM interactions WHERE owner_id IS NOT NULL;
-- Whoever wrote in it had it, too.
INSERT INTO interaction_agents
    SELECT i.id, a.id, i.number, MIN(m.stored_at)
    FROM messages m
    JOIN interactions i ON i.id = m.interaction_id
    JOIN agents a ON a.id = CASE WHEN json_valid(m.author) THEN json_extract(m.author, '$.agent') END
    WHERE m.attempt IS NOT NULL GROUP BY i.id, a.id
    ON CONFLICT (interaction_id, agent_id) DO NOTHING;

-- A message found by its words is known by its place: the number of its interaction, and its own in it (store/past.rs). NULL
-- until it is in the index.
ALTER TABLE messages ADD COLUMN place INTEGER;
CREATE UNIQUE INDEX messages_by_place ON messages (place);
CREATE INDEX messages_unplaced ON messages (id) WHERE place IS NULL;

-- The index over what was said; its rowid is the place. What is taken out leaves no trace in its pages.
CREATE VIRTUAL TABLE message_words USING fts5 (
    said, content = '', prefix = '1 2 3', tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
);
INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
CREATE INDEX interactions_by_creation ON interactions (created_at, number);
