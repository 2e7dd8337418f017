//! WhatsApp's statuses as they came, each once, whether or not the message they are about is known yet.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::StoreError;

/// A status to be kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// WhatsApp's id of the message.
    pub wamid: &'a str,
    /// WhatsApp's word.
    pub status: &'a str,
    /// What we attached when sending.
    pub correlation: Option<&'a str>,
    /// WhatsApp's own object.
    pub raw: &'a str,
}

/// Keeps a status; false if it was there already.
pub async fn keep(
    db: &mut SqliteConnection,
    status: Kept<'_>,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let added = sqlx::query(
        "INSERT INTO statuses (wamid, status, at, correlation, raw) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (wamid, status) DO NOTHING",
    )
    .bind(status.wamid)
    .bind(status.status)
    .bind(at.timestamp_millis())
    .bind(status.correlation)
    .bind(status.raw)
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// WhatsApp's own objects of all statuses about a message, oldest first.
pub async fn about(db: &mut SqliteConnection, wamid: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT raw FROM statuses WHERE wamid = $1 ORDER BY at, status")
        .bind(wamid)
        .fetch_all(db)
        .await?)
}
