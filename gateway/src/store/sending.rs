//! What must be true before a message leaves and after WhatsApp has named it: attempts, their wamids, the row in the outbox.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    id::{BusinessNumberId, ContactId, MessageId},
    interaction::Interaction,
};

use super::{StoreError, codec};

/// Puts an attempt at the end of the outbox.
pub async fn enqueue(
    db: &mut SqliteConnection,
    message: MessageId,
    attempt: u32,
    interaction: &Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (number, contact): (BusinessNumberId, ContactId) =
        (interaction.business_number.id, interaction.contact.id);
    sqlx::query("INSERT INTO attempts (message_id, attempt) VALUES ($1, $2)")
        .bind(message.to_string())
        .bind(attempt)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO outbox (message_id, position, business_number_id, contact_id, attempt, state, next_try_at)
         SELECT $1, COALESCE(MAX(position), 0) + 1, $2, $3, $4, 'waiting', $5 FROM outbox",
    )
    .bind(message.to_string())
    .bind(number.to_string())
    .bind(contact.to_string())
    .bind(attempt)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Takes an attempt out of the outbox, because WhatsApp has shown that it has it.
pub async fn withdraw(db: &mut SqliteConnection, message: MessageId, attempt: u32) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM outbox WHERE message_id = $1 AND attempt = $2")
        .bind(message.to_string())
        .bind(attempt)
        .execute(db)
        .await?;
    Ok(())
}

/// Which attempt of which message WhatsApp calls by this name.
pub async fn attempt_called(
    db: &mut SqliteConnection,
    wamid: &str,
) -> Result<Option<(MessageId, u32)>, StoreError> {
    let row: Option<(String, u32)> =
        sqlx::query_as("SELECT message_id, attempt FROM attempts WHERE wamid = $1")
            .bind(wamid)
            .fetch_optional(db)
            .await?;
    row.map(|(message, attempt)| Ok((codec::id(&message, "attempts.message_id")?, attempt))).transpose()
}

/// Notes what WhatsApp calls an attempt that has no such name yet; false if there is no such attempt.
pub async fn name_attempt(
    db: &mut SqliteConnection,
    message: MessageId,
    attempt: u32,
    wamid: &str,
) -> Result<bool, StoreError> {
    let named = sqlx::query(
        "UPDATE attempts SET wamid = $3 WHERE message_id = $1 AND attempt = $2 AND wamid IS NULL",
    )
    .bind(message.to_string())
    .bind(attempt)
    .bind(wamid)
    .execute(&mut *db)
    .await?;
    if named.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("UPDATE messages SET wamid = $3 WHERE id = $1 AND attempt = $2")
        .bind(message.to_string())
        .bind(attempt)
        .bind(wamid)
        .execute(db)
        .await?;
    Ok(true)
}
