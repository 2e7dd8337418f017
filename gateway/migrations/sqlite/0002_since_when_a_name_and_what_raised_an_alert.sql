-- Since when, by WhatsApp's timestamps, a contact has been called by a name: a webhook that comes late must not bring an old
-- name back, and a phone number that has got another owner must not bring that owner their messages.
ALTER TABLE contact_names ADD COLUMN since INTEGER NOT NULL DEFAULT 0;

-- 1 if a status brought the alert, such as an unpaid bill: then WhatsApp still answers calls with 200, and only a message
-- that gets further shows that the number can send again.
ALTER TABLE business_numbers ADD COLUMN alert_by_status INTEGER NOT NULL DEFAULT 0;
