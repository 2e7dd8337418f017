//! Our own copies of files as they are kept: which there are to fetch, which can be had, which are to go.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    id::{AttachmentId, BusinessNumberId, MessageId},
    message::MediaKind,
};

use super::{StoreError, codec};
pub use super::{
    looked::{Looked, Seen},
    readable::{Origin, Readable, of_message, readable},
};

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

/// A file that is here and belongs to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it is called by.
    pub id: AttachmentId,
    /// Whose it is.
    pub message: MessageId,
    /// From which number it goes, or on which it came.
    pub number: BusinessNumberId,
    /// What it goes as, or came as.
    pub kind: MediaKind,
    /// What it is called where files are kept.
    pub file: String,
    /// How long it is.
    pub size_bytes: u64,
    /// What is known of it.
    pub looked: Looked,
}

/// Keeps a file of a message of ours.
pub async fn keep(db: &mut SqliteConnection, kept: &Kept, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (about, seen) = kept.looked.columns()?;
    sqlx::query(
        "INSERT INTO attachments
             (id, message_id, business_number_id, kind, file, state, size_bytes, announced_at, next_try_at, about, seen)
         VALUES ($1, $2, $3, $4, $5, 'ready', $6, $7, $7, $8, $9)",
    )
    .bind(kept.id.to_string())
    .bind(kept.message.to_string())
    .bind(kept.number.to_string())
    .bind(codec::to_json(&kept.kind)?)
    .bind(&kept.file)
    .bind(i64::try_from(kept.size_bytes).unwrap_or(i64::MAX))
    .bind(now.timestamp_millis())
    .bind(about)
    .bind(seen)
    .execute(db)
    .await?;
    Ok(())
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

/// Wants a file once more that could not be had; false if it is none of these.
pub async fn want_again(
    db: &mut SqliteConnection,
    id: AttachmentId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let wanted = sqlx::query(
        "UPDATE attachments SET state = 'fetching', tries = 0, next_try_at = $2 WHERE id = $1 AND state = 'failed'",
    )
    .bind(id.to_string())
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(wanted.rows_affected() == 1)
}

/// Notes that a file is there (with its size in bytes, and what it is) or never will be; false if its message was taken back
/// meanwhile.
pub async fn settle(
    db: &mut SqliteConnection,
    id: AttachmentId,
    ready: Option<(u64, &Looked)>,
) -> Result<bool, StoreError> {
    let size_bytes = ready.map(|(size, _)| i64::try_from(size).unwrap_or(i64::MAX));
    let (about, seen) = ready.map(|(_, looked)| looked.columns()).transpose()?.unzip();
    let settled = sqlx::query(
        "UPDATE attachments
         SET state = CASE WHEN $2 IS NULL THEN 'failed' ELSE 'ready' END, size_bytes = $2, about = $3, seen = $4
         WHERE id = $1 AND state = 'fetching'",
    )
    .bind(id.to_string())
    .bind(size_bytes)
    .bind(about)
    .bind(seen.flatten())
    .execute(db)
    .await?;
    Ok(settled.rows_affected() == 1)
}

/// A file that is here and that nobody has looked into: it was fetched by an earlier gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// What it is called by.
    pub id: AttachmentId,
    /// Whose it is.
    pub message: MessageId,
    /// What it is called where files are kept.
    pub file: String,
    /// How long it is.
    pub size_bytes: u64,
}

/// The newest file that nobody has looked into.
pub async fn unseen(db: &mut SqliteConnection) -> Result<Option<Unseen>, StoreError> {
    let row: Option<(String, String, String, i64)> = sqlx::query_as(
        "SELECT id, message_id, file, size_bytes FROM attachments
         WHERE state = 'ready' AND about IS NULL ORDER BY announced_at DESC, id DESC LIMIT 1",
    )
    .fetch_optional(db)
    .await?;
    row.map(|(id, message, file, size_bytes)| {
        Ok(Unseen {
            id: codec::id(&id, "attachments.id")?,
            message: codec::id(&message, "attachments.message_id")?,
            file,
            size_bytes: u64::try_from(size_bytes).unwrap_or(0),
        })
    })
    .transpose()
}

/// Keeps what is known of a file; false if it is to go, or somebody has looked into it already.
pub async fn set_looked(
    db: &mut SqliteConnection,
    id: AttachmentId,
    looked: &Looked,
) -> Result<bool, StoreError> {
    let (about, seen) = looked.columns()?;
    let set = sqlx::query(
        "UPDATE attachments SET about = $2, seen = $3 WHERE id = $1 AND state = 'ready' AND about IS NULL",
    )
    .bind(id.to_string())
    .bind(about)
    .bind(seen)
    .execute(db)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// How many files are to be fetched, and how many to be looked into.
pub async fn counts(db: &mut SqliteConnection) -> Result<(i64, i64), StoreError> {
    Ok(sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM attachments WHERE state = 'fetching'),
                (SELECT COUNT(*) FROM attachments WHERE state = 'ready' AND about IS NULL)",
    )
    .fetch_one(db)
    .await?)
}

/// Marks the files of a message as to be removed; says whether there were any.
pub async fn erase(db: &mut SqliteConnection, message: MessageId) -> Result<bool, StoreError> {
    let erased = sqlx::query("UPDATE attachments SET state = 'erased' WHERE message_id = $1")
        .bind(message.to_string())
        .execute(db)
        .await?;
    Ok(erased.rows_affected() > 0)
}

/// Files that are to be removed, of messages and of the library.
pub async fn erased(db: &mut SqliteConnection) -> Result<Vec<(AttachmentId, String)>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, file FROM attachments WHERE state = 'erased'
         UNION ALL SELECT id, file FROM library_files WHERE state = 'erased' ORDER BY id",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|(id, file)| Ok((codec::id(&id, "attachments.id")?, file))).collect()
}

/// Whether a file belongs to something else than this, too.
pub async fn is_shared(db: &mut SqliteConnection, id: AttachmentId, file: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (
        SELECT 1 FROM attachments WHERE file = $1 AND id <> $2
        UNION ALL SELECT 1 FROM library_files WHERE file = $1 AND id <> $2)";
    Ok(sqlx::query_scalar(sql).bind(file).bind(id.to_string()).fetch_one(db).await?)
}

/// Forgets a file that is gone.
pub async fn forget(db: &mut SqliteConnection, id: AttachmentId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM attachments WHERE id = $1 AND state = 'erased'",
        "DELETE FROM library_files WHERE id = $1 AND state = 'erased'",
    ] {
        sqlx::query(sql).bind(id.to_string()).execute(&mut *db).await?;
    }
    Ok(())
}
