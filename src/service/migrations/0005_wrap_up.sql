-- What is not settled of the ends of interactions, as JSON: words of a note that the gateway does not have yet, the place an
-- interaction was opened from, until when Done can be taken back.
CREATE TABLE wrap_up (
    interaction TEXT PRIMARY KEY,
    body        TEXT NOT NULL
) STRICT;
