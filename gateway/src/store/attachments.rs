//! Our own copies of files as they are kept: which there are to fetch, which can be had, which are to go.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    id::{AgentId, AttachmentId, BusinessNumberId, MessageId},
    message::MediaKind,
};

use super::{StoreError, codec};

/// A file that WhatsApp has announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// What our copy is called by.
    pub id: AttachmentId,
    /// WhatsApp's id of it.
    pub media_id: String,
    /// What kind of file.
    pub kind: MediaKind,
    /// SHA-256 of it, as announced.
    pub sha256: Option<String>,
    /// What our copy is called where files are kept.
    pub file: String,
}

/// A file that is still to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What was announced.
    pub announced: Announced,
    /// Whose it is.
    pub message: MessageId,
    /// On which number it came.
    pub number: BusinessNumberId,
    /// When it was announced.
    pub announced_at: DateTime<Utc>,
    /// How often it was tried already.
    pub tries: u32,
}

/// Keeps that a file was announced with a message.
pub async fn add(
    db: &mut SqliteConnection,
    announced: &Announced,
    (message, number): (MessageId, BusinessNumberId),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO attachments
             (id, message_id, business_number_id, media_id, kind, sha256, file, state, announced_at, next_try_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'fetching', $8, $8)",
    )
    .bind(announced.id.to_string())
    .bind(message.to_string())
    .bind(number.to_string())
    .bind(&announced.media_id)
    .bind(codec::to_json(&announced.kind)?)
    .bind(&announced.sha256)
    .bind(&announced.file)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    message_id: String,
    business_number_id: String,
    media_id: String,
    kind: String,
    sha256: Option<String>,
    file: String,
    announced_at: i64,
    tries: u32,
}

/// The files of a number that are due, the oldest first.
pub async fn due(
    db: &mut SqliteConnection,
    number: BusinessNumberId,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Wanted>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, message_id, business_number_id, media_id, kind, sha256, file, announced_at, tries
         FROM attachments
         WHERE state = 'fetching' AND business_number_id = $1 AND next_try_at <= $2
         ORDER BY announced_at, id LIMIT $3",
    )
    .bind(number.to_string())
    .bind(now.timestamp_millis())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Wanted {
                announced: Announced {
                    id: codec::id(&row.id, "attachments.id")?,
                    media_id: row.media_id,
                    kind: codec::from_json(&row.kind, "attachments.kind")?,
                    sha256: row.sha256,
                    file: row.file,
                },
                message: codec::id(&row.message_id, "attachments.message_id")?,
                number: codec::id(&row.business_number_id, "attachments.business_number_id")?,
                announced_at: codec::time(row.announced_at, "attachments.announced_at")?,
                tries: row.tries,
            })
        })
        .collect()
}

/// When the next file is due after `now`.
pub async fn next_due(
    db: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let millis: Option<i64> = sqlx::query_scalar(
        "SELECT MIN(next_try_at) FROM attachments WHERE state = 'fetching' AND next_try_at > $1",
    )
    .bind(now.timestamp_millis())
    .fetch_one(db)
    .await?;
    codec::maybe_time(millis, "attachments.next_try_at")
}

/// Puts the next try off.
pub async fn try_again(
    db: &mut SqliteConnection,
    id: AttachmentId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE attachments SET tries = tries + 1, next_try_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(at.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that a file is there (with its size in bytes) or never will be; false if its message was taken back meanwhile.
pub async fn settle(
    db: &mut SqliteConnection,
    id: AttachmentId,
    size_bytes: Option<u64>,
) -> Result<bool, StoreError> {
    let settled = sqlx::query(
        "UPDATE attachments SET state = CASE WHEN $2 IS NULL THEN 'failed' ELSE 'ready' END, size_bytes = $2
         WHERE id = $1 AND state = 'fetching'",
    )
    .bind(id.to_string())
    .bind(size_bytes.map(|size| i64::try_from(size).unwrap_or(i64::MAX)))
    .execute(db)
    .await?;
    Ok(settled.rows_affected() == 1)
}

/// Marks the files of a message as to be removed; says whether there were any.
pub async fn erase(db: &mut SqliteConnection, message: MessageId) -> Result<bool, StoreError> {
    let erased = sqlx::query("UPDATE attachments SET state = 'erased' WHERE message_id = $1")
        .bind(message.to_string())
        .execute(db)
        .await?;
    Ok(erased.rows_affected() > 0)
}

/// Files that are to be removed.
pub async fn erased(db: &mut SqliteConnection) -> Result<Vec<(AttachmentId, String)>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, file FROM attachments WHERE state = 'erased' ORDER BY id")
            .fetch_all(db)
            .await?;
    rows.into_iter().map(|(id, file)| Ok((codec::id(&id, "attachments.id")?, file))).collect()
}

/// Forgets a file that is gone.
pub async fn forget(db: &mut SqliteConnection, id: AttachmentId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM attachments WHERE id = $1 AND state = 'erased'")
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// What a file that can be had is called, for an agent who has an open interaction with the contact it is of, on the number
/// on which it came.
pub async fn file_for(
    db: &mut SqliteConnection,
    id: AttachmentId,
    agent: AgentId,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT a.file FROM attachments a
         JOIN messages m ON m.id = a.message_id
         JOIN sessions s ON s.id = m.session_id
         WHERE a.id = $1 AND a.state = 'ready' AND EXISTS (
             SELECT 1 FROM interactions i
             WHERE i.contact_id = s.contact_id AND i.business_number_id = s.business_number_id
               AND i.owner_id = $2 AND i.is_open = 1)",
    )
    .bind(id.to_string())
    .bind(agent.to_string())
    .fetch_optional(db)
    .await?)
}
