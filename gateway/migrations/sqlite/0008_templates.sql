-- Templates of notifications, as WhatsApp has them. A template that is gone keeps its row, so that it has the same id when it comes
-- back, and desktops hear that it went.
CREATE TABLE templates (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL,              -- WhatsApp's id of the account
    name        TEXT NOT NULL,
    language    TEXT NOT NULL,
    content     TEXT NOT NULL,              -- Template as JSON
    is_removed  INTEGER NOT NULL DEFAULT 0,
    revision    INTEGER NOT NULL,           -- the number of its last change in the library
    UNIQUE (account_id, name, language)
);
CREATE INDEX templates_by_revision ON templates (revision);

-- When the templates of an account are asked for next.
CREATE TABLE template_lists (
    account_id TEXT PRIMARY KEY,
    due_at     INTEGER NOT NULL,
    began_at   INTEGER NOT NULL DEFAULT 0,  -- when they were last asked for
    is_running INTEGER NOT NULL DEFAULT 0,
    tries      INTEGER NOT NULL DEFAULT 0   -- how often that failed since it last worked
);
