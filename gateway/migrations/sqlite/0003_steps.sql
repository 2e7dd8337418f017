-- When each step of the newest attempt was reached (Reached as JSON), what a message said before it was changed (Earlier as
-- JSON), and what brought the contact here (Referral as JSON).
ALTER TABLE messages ADD COLUMN reached TEXT NOT NULL DEFAULT '[]';
ALTER TABLE messages ADD COLUMN earlier TEXT NOT NULL DEFAULT '[]';
ALTER TABLE messages ADD COLUMN referral TEXT;
