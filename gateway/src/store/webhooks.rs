//! Webhook bodies as they came: kept before WhatsApp is answered, so that nothing it said can be lost by a fault of ours.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::StoreError;

/// How long WhatsApp may repeat a webhook, and longer.
const ARRIVALS_KEPT_FOR: TimeDelta = TimeDelta::days(30);
/// How long bodies are kept that were never ours. Then they could not be taken in any more: [`ARRIVALS_KEPT_FOR`] is over.
const ALIEN_BODIES_KEPT_FOR: TimeDelta = TimeDelta::days(30);
/// How long handled bodies are kept.
const BODIES_KEPT_FOR: TimeDelta = TimeDelta::days(7);

/// What became of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Handled.
    Done,
    /// Not for us, or nothing that can be read: kept for people to look at.
    Quarantined(String),
    /// A fault of ours: kept to be handled again.
    Failed(String),
}

impl Outcome {
    const fn columns(&self) -> (&str, Option<&String>) {
        match self {
            Self::Done => ("done", None),
            Self::Quarantined(note) => ("quarantined", Some(note)),
            Self::Failed(note) => ("failed", Some(note)),
        }
    }
}

/// Keeps a body with what became of it.
pub async fn keep(
    db: &mut SqliteConnection,
    body: &[u8],
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (state, note) = outcome.columns();
    sqlx::query("INSERT INTO webhooks (received_at, body, state, note) VALUES ($1, $2, $3, $4)")
        .bind(now.timestamp_millis())
        .bind(body)
        .bind(state)
        .bind(note)
        .execute(db)
        .await?;
    Ok(())
}

/// The next body after `after` that failed, or that was not for us when it came.
pub async fn next_unhandled(
    db: &mut SqliteConnection,
    after: i64,
) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT id, body FROM webhooks WHERE id > $1 AND state IN ('failed', 'quarantined') ORDER BY id LIMIT 1",
    )
    .bind(after)
    .fetch_optional(db)
    .await?)
}

/// Notes what became of a body that was handled again.
pub async fn settle(db: &mut SqliteConnection, id: i64, outcome: &Outcome) -> Result<(), StoreError> {
    let (state, note) = outcome.columns();
    sqlx::query("UPDATE webhooks SET state = $2, note = $3 WHERE id = $1")
        .bind(id)
        .bind(state)
        .bind(note)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that something of a contact's arrived; false if it had arrived before.
pub async fn arrive(db: &mut SqliteConnection, wamid: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let added = sqlx::query(
        "INSERT INTO arrivals (wamid, arrived_at) VALUES ($1, $2) ON CONFLICT (wamid) DO NOTHING",
    )
    .bind(wamid)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Forgets what can't come again and handled bodies that nobody needs any more.
pub async fn prune(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM arrivals WHERE arrived_at < $1")
        .bind((now - ARRIVALS_KEPT_FOR).timestamp_millis())
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM webhooks WHERE state = 'done' AND received_at < $1")
        .bind((now - BODIES_KEPT_FOR).timestamp_millis())
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM webhooks WHERE state = 'quarantined' AND received_at < $1")
        .bind((now - ALIEN_BODIES_KEPT_FOR).timestamp_millis())
        .execute(&mut *db)
        .await?;
    // A reaction to a message from before this gateway waits for nothing.
    sqlx::query("DELETE FROM waiting_operations WHERE at < $1")
        .bind((now - ARRIVALS_KEPT_FOR).timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}
