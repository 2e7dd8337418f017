-- Transcripts by the page, drafts that follow the agent.

-- The messages of a conversation, in their order; also those of earlier sessions, so a message belongs to the conversation
-- it is shown in. Sessions stand in the order of their ids, which is that of their beginning. Times in nanoseconds since 1970. From the oldest row to the newest there is no gap.
CREATE TABLE shown (
    conversation TEXT NOT NULL,
    session      TEXT NOT NULL,
    sent_at      INTEGER NOT NULL,
    stored_at    INTEGER NOT NULL,
    id           TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (conversation, session, sent_at, stored_at, id)
) STRICT, WITHOUT ROWID;

INSERT INTO shown (conversation, session, sent_at, stored_at, id, body)
SELECT interaction, json_extract(body, '$.session'),
       CAST(strftime('%s', sent) AS INTEGER) * 1000000000
           + CASE substr(sent, 20, 1) WHEN '.' THEN CAST(substr(rtrim(substr(sent, 21), 'Z') || '000000000', 1, 9) AS INTEGER) ELSE 0 END,
       CAST(strftime('%s', stored) AS INTEGER) * 1000000000
           + CASE substr(stored, 20, 1) WHEN '.' THEN CAST(substr(rtrim(substr(stored, 21), 'Z') || '000000000', 1, 9) AS INTEGER) ELSE 0 END,
       id, body
FROM (SELECT interaction, id, body, json_extract(body, '$.sent_at') AS sent, json_extract(body, '$.stored_at') AS stored
      FROM message);

DROP TABLE message;
ALTER TABLE shown RENAME TO message;
CREATE INDEX message_by_id ON message (id);

-- Whether the gateway holds something older than what is kept of a conversation.
CREATE TABLE transcript (
    conversation TEXT PRIMARY KEY,
    older        INTEGER NOT NULL
) STRICT;
INSERT INTO transcript (conversation, older) SELECT id, 1 FROM interaction;

-- The sessions that a conversation shows, as JSON of the protocol.
CREATE TABLE session (
    conversation TEXT NOT NULL,
    id           TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (conversation, id)
) STRICT;

-- Drafts with how they stand with the gateway, as JSON. What was kept so far was never told.
CREATE TABLE kept_draft (
    interaction TEXT PRIMARY KEY,
    body        TEXT NOT NULL
) STRICT;
INSERT INTO kept_draft (interaction, body)
SELECT interaction, json_object('text', text, 'at', '1970-01-01T00:00:00Z', 'unsynced', json('true')) FROM draft;
DROP TABLE draft;
ALTER TABLE kept_draft RENAME TO draft;
