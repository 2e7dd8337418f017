//! Files that WhatsApp has from us: what it calls each, and since when, so that none is uploaded twice.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    attachment::About,
    id::{AttachmentId, BusinessNumberId, MessageId},
};

use super::{StoreError, codec};

/// How long a file of ours counts as known: WhatsApp keeps it for 30 days (Cloud API, media), and a message may wait a day.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(29);

/// What WhatsApp calls a file, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// WhatsApp's id of it.
    pub media_id: String,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
}

/// A file of a message that is to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileToSend {
    /// What our copy is called by in the message.
    pub id: AttachmentId,
    /// What it is called where files are kept.
    pub file: String,
    /// How long it is.
    pub size_bytes: u64,
    /// What it is.
    pub about: About,
    /// Under which name WhatsApp has it still, if it has.
    pub known: Option<Known>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    file: String,
    size_bytes: i64,
    about: String,
    media_id: Option<String>,
    uploaded_at: Option<i64>,
}

/// The files of a message.
pub async fn of(
    db: &mut SqliteConnection,
    message: MessageId,
    number: BusinessNumberId,
    now: DateTime<Utc>,
) -> Result<Vec<FileToSend>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.id, a.file, a.size_bytes, a.about, w.media_id, w.uploaded_at FROM attachments a
         LEFT JOIN whatsapp_files w ON w.file = a.file AND w.business_number_id = $2 AND w.uploaded_at > $3
         WHERE a.message_id = $1 AND a.state = 'ready' AND a.about IS NOT NULL ORDER BY a.id",
    )
    .bind(message.to_string())
    .bind(number.to_string())
    .bind((now - KEPT_FOR).timestamp_millis())
    .fetch_all(db)
    .await?;
    let files = rows.into_iter().map(|row| {
        let id = codec::id(&row.id, "attachments.id")?;
        let uploaded_at = codec::maybe_time(row.uploaded_at, "whatsapp_files.uploaded_at")?;
        let known =
            row.media_id.zip(uploaded_at).map(|(media_id, uploaded_at)| Known { media_id, uploaded_at });
        let size_bytes = u64::try_from(row.size_bytes).unwrap_or(0);
        let about = codec::from_json(&row.about, "attachments.about")?;
        Ok(FileToSend { id, file: row.file, size_bytes, about, known })
    });
    files.collect()
}

/// Keeps that WhatsApp has a file.
pub async fn put(
    db: &mut SqliteConnection,
    file: &str,
    number: BusinessNumberId,
    known: &Known,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO whatsapp_files (file, business_number_id, media_id, uploaded_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (file, business_number_id)
         DO UPDATE SET media_id = excluded.media_id, uploaded_at = excluded.uploaded_at",
    )
    .bind(file)
    .bind(number.to_string())
    .bind(&known.media_id)
    .bind(known.uploaded_at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets that WhatsApp has the files of a message: it says that it has not.
pub async fn forget(
    db: &mut SqliteConnection,
    message: MessageId,
    number: BusinessNumberId,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM whatsapp_files
         WHERE business_number_id = $2 AND file IN (SELECT file FROM attachments WHERE message_id = $1)",
    )
    .bind(message.to_string())
    .bind(number.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what WhatsApp has forgotten.
pub async fn prune(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM whatsapp_files WHERE uploaded_at <= $1")
        .bind((now - KEPT_FOR).timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}
