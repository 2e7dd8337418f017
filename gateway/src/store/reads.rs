//! How far conversations were read, and what of that WhatsApp has still to be told: the newest message of each alone.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::id::{BusinessNumberId, InteractionId, MessageId};

use super::{StoreError, codec};

/// Something that WhatsApp has still to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Where.
    pub interaction: InteractionId,
    /// The newest message that was read.
    pub message: MessageId,
    /// What WhatsApp calls it; none if it has been forgotten since.
    pub wamid: Option<String>,
    /// WhatsApp's timestamp of it.
    pub sent_at: DateTime<Utc>,
    /// To which of our numbers it was sent.
    pub number: BusinessNumberId,
    /// How often it was tried in vain.
    pub tries: u32,
}

/// The newest message that was read in an interaction.
pub async fn up_to(
    db: &mut SqliteConnection,
    interaction: InteractionId,
) -> Result<Option<MessageId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar("SELECT message_id FROM reads WHERE interaction_id = $1")
        .bind(interaction.to_string())
        .fetch_optional(db)
        .await?;
    id.map(|id| codec::id(&id, "reads.message_id")).transpose()
}

/// Notes how far an interaction was read, and whether there is nothing to be told of it.
pub async fn put(
    db: &mut SqliteConnection,
    interaction: InteractionId,
    (message, told): (MessageId, bool),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO reads (interaction_id, message_id, told, next_try_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (interaction_id) DO UPDATE SET
             message_id = excluded.message_id, told = excluded.told, tries = 0, next_try_at = excluded.next_try_at",
    )
    .bind(interaction.to_string())
    .bind(message.to_string())
    .bind(told)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// What is to be told at `now`, longest due first.
pub async fn due(
    db: &mut SqliteConnection,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Unread>, StoreError> {
    let rows: Vec<(String, String, Option<String>, i64, String, u32)> = sqlx::query_as(
        "SELECT r.interaction_id, r.message_id, m.wamid, m.sent_at, i.business_number_id, r.tries
         FROM reads r JOIN messages m ON m.id = r.message_id JOIN interactions i ON i.id = r.interaction_id
         WHERE r.told = 0 AND r.next_try_at <= $1 ORDER BY r.next_try_at LIMIT $2",
    )
    .bind(now.timestamp_millis())
    .bind(limit)
    .fetch_all(db)
    .await?;
    let read =
        |(interaction, message, wamid, sent_at, number, tries): (String, String, _, i64, String, u32)| {
            Ok(Unread {
                interaction: codec::id(&interaction, "reads.interaction_id")?,
                message: codec::id(&message, "reads.message_id")?,
                wamid,
                sent_at: codec::time(sent_at, "messages.sent_at")?,
                number: codec::id(&number, "interactions.business_number_id")?,
                tries,
            })
        };
    rows.into_iter().map(read).collect()
}

/// When something is next to be told.
pub async fn next_due(db: &mut SqliteConnection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> =
        sqlx::query_scalar("SELECT MIN(next_try_at) FROM reads WHERE told = 0").fetch_one(db).await?;
    codec::maybe_time(at, "reads.next_try_at")
}

/// Notes that WhatsApp knows, or never will; unless more has been read meanwhile.
pub async fn settle(db: &mut SqliteConnection, unread: &Unread) -> Result<(), StoreError> {
    sqlx::query("UPDATE reads SET told = 1 WHERE interaction_id = $1 AND message_id = $2")
        .bind(unread.interaction.to_string())
        .bind(unread.message.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Lets it wait until `at`; unless more has been read meanwhile.
pub async fn try_again(
    db: &mut SqliteConnection,
    unread: &Unread,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE reads SET tries = tries + 1, next_try_at = $3 WHERE interaction_id = $1 AND message_id = $2",
    )
    .bind(unread.interaction.to_string())
    .bind(unread.message.to_string())
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// How many conversations WhatsApp has still to be told of.
pub async fn count(db: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM reads WHERE told = 0").fetch_one(db).await?)
}
