//! What contacts wrote while they were blocked.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::id::{BusinessNumberId, ContactId};

use super::{StoreError, codec};

/// Something that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// On which of our numbers it came.
    pub number: BusinessNumberId,
    /// The message as JSON.
    pub message: String,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// Holds a message.
pub async fn add(
    db: &mut SqliteConnection,
    (contact, number): (ContactId, BusinessNumberId),
    message: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO held_messages (contact_id, business_number_id, message, held_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(contact.to_string())
    .bind(number.to_string())
    .bind(message)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Takes out what is held of a contact's, in the order in which it came.
pub async fn take(db: &mut SqliteConnection, contact: ContactId) -> Result<Vec<Held>, StoreError> {
    let mut rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
        "DELETE FROM held_messages WHERE contact_id = $1 RETURNING id, business_number_id, message, held_at",
    )
    .bind(contact.to_string())
    .fetch_all(db)
    .await?;
    rows.sort();
    rows.into_iter()
        .map(|(_, number, message, at)| {
            Ok(Held {
                number: codec::id(&number, "held_messages.business_number_id")?,
                message,
                at: codec::time(at, "held_messages.held_at")?,
            })
        })
        .collect()
}
