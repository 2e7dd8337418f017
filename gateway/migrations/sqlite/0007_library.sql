-- The number of the newest change of the library: of categories, responses and templates together.
ALTER TABLE installation ADD COLUMN library_revision INTEGER NOT NULL DEFAULT 0;
