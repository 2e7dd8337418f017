//! What must be true before something leaves and after WhatsApp has named it: attempts, their wamids, the row in the outbox.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    id::{BusinessNumberId, ContactId, MessageId},
    interaction::Interaction,
};

use super::{StoreError, codec};

/// What leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message.
    Message,
    /// Our reaction to a message.
    Reaction,
}

impl Kind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Reaction => "reaction",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, StoreError> {
        match word {
            "message" => Ok(Self::Message),
            "reaction" => Ok(Self::Reaction),
            _ => Err(StoreError::Unreadable { what: "kind of what leaves" }),
        }
    }
}

/// One attempt to send a message, or our reaction to one.
///
/// Written out, it is what WhatsApp gives back with each status: `msg_…:1`, `msg_…:r1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The message, or the one reacted to.
    pub message: MessageId,
    /// Which of the two it is.
    pub kind: Kind,
    /// Counts *Try again* of a message, or our reactions to it, from 1.
    pub number: u32,
}

impl Attempt {
    /// An attempt to send a message.
    #[must_use]
    pub const fn of_message(message: MessageId, number: u32) -> Self {
        Self { message, kind: Kind::Message, number }
    }

    /// An attempt to react to a message.
    #[must_use]
    pub const fn of_reaction(message: MessageId, number: u32) -> Self {
        Self { message, kind: Kind::Reaction, number }
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.kind {
            Kind::Message => "",
            Kind::Reaction => "r",
        };
        write!(f, "{}:{mark}{}", self.message, self.number)
    }
}

/// A text that names no attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an attempt")]
pub struct NotAnAttempt;

impl FromStr for Attempt {
    type Err = NotAnAttempt;

    fn from_str(text: &str) -> Result<Self, NotAnAttempt> {
        let (message, number) = text.split_once(':').ok_or(NotAnAttempt)?;
        let (kind, number) =
            number.strip_prefix('r').map_or((Kind::Message, number), |number| (Kind::Reaction, number));
        let message = message.parse().map_err(|_invalid| NotAnAttempt)?;
        Ok(Self { message, kind, number: number.parse().map_err(|_invalid| NotAnAttempt)? })
    }
}

/// Puts an attempt at the end of the outbox.
pub async fn enqueue(
    db: &mut SqliteConnection,
    attempt: Attempt,
    interaction: &Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (number, contact): (BusinessNumberId, ContactId) =
        (interaction.business_number.id, interaction.contact.id);
    sqlx::query("INSERT INTO attempts (message_id, kind, attempt) VALUES ($1, $2, $3)")
        .bind(attempt.message.to_string())
        .bind(attempt.kind.word())
        .bind(attempt.number)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO outbox (message_id, kind, position, business_number_id, contact_id, attempt, state, next_try_at)
         SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3, $4, $5, 'waiting', $6 FROM outbox",
    )
    .bind(attempt.message.to_string())
    .bind(attempt.kind.word())
    .bind(number.to_string())
    .bind(contact.to_string())
    .bind(attempt.number)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Takes an attempt out of the outbox, because WhatsApp has shown that it has it.
pub async fn withdraw(db: &mut SqliteConnection, attempt: Attempt) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM outbox WHERE message_id = $1 AND kind = $2 AND attempt = $3")
        .bind(attempt.message.to_string())
        .bind(attempt.kind.word())
        .bind(attempt.number)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes out our reaction to a message if it has not left yet: another one takes its place.
pub async fn withdraw_waiting_reaction(
    db: &mut SqliteConnection,
    message: MessageId,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM outbox WHERE message_id = $1 AND kind = 'reaction' AND state IN ('waiting', 'held')",
    )
    .bind(message.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// The number of the next attempt to react to a message.
pub async fn next_reaction(db: &mut SqliteConnection, message: MessageId) -> Result<Attempt, StoreError> {
    let number: u32 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(attempt), 0) + 1 FROM attempts WHERE message_id = $1 AND kind = 'reaction'",
    )
    .bind(message.to_string())
    .fetch_one(db)
    .await?;
    Ok(Attempt::of_reaction(message, number))
}

/// Which attempt WhatsApp calls by this name.
pub async fn attempt_called(db: &mut SqliteConnection, wamid: &str) -> Result<Option<Attempt>, StoreError> {
    let row: Option<(String, String, u32)> =
        sqlx::query_as("SELECT message_id, kind, attempt FROM attempts WHERE wamid = $1")
            .bind(wamid)
            .fetch_optional(db)
            .await?;
    let read = |(message, kind, number): (String, String, u32)| {
        let message = codec::id(&message, "attempts.message_id")?;
        Ok(Attempt { message, kind: Kind::read(&kind)?, number })
    };
    row.map(read).transpose()
}

/// Notes what WhatsApp calls an attempt that has no such name yet; false if there is no such attempt.
pub async fn name_attempt(
    db: &mut SqliteConnection,
    attempt: Attempt,
    wamid: &str,
) -> Result<bool, StoreError> {
    let named = sqlx::query(
        "UPDATE attempts SET wamid = $4 WHERE message_id = $1 AND kind = $2 AND attempt = $3 AND wamid IS NULL",
    )
    .bind(attempt.message.to_string())
    .bind(attempt.kind.word())
    .bind(attempt.number)
    .bind(wamid)
    .execute(&mut *db)
    .await?;
    if named.rows_affected() == 0 {
        return Ok(false);
    }
    if attempt.kind == Kind::Message {
        sqlx::query("UPDATE messages SET wamid = $3 WHERE id = $1 AND attempt = $2")
            .bind(attempt.message.to_string())
            .bind(attempt.number)
            .bind(wamid)
            .execute(db)
            .await?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_reads_back_as_itself_and_nothing_else_reads_as_one() {
        let message = MessageId::new(DateTime::UNIX_EPOCH, [7; 10]);
        for attempt in [Attempt::of_message(message, 2), Attempt::of_reaction(message, 12)] {
            assert_eq!(attempt.to_string().parse(), Ok(attempt));
        }
        for other in ["", ":1", "msg_x:1", &format!("{message}"), &format!("{message}:x1")] {
            assert_eq!(other.parse::<Attempt>(), Err(NotAnAttempt), "{other}");
        }
    }
}
