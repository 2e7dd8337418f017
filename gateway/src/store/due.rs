//! What falls due by itself: offers that lapse, silences, desktops that are gone, and when the next of these is.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    agent::AgentStatus,
    id::{AgentId, InteractionId},
    interaction::Phase,
};

use super::{StoreError, codec};

/// What is offered just now, and until when.
pub async fn offers(db: &mut SqliteConnection) -> Result<Vec<(DateTime<Utc>, InteractionId)>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, phase FROM interactions WHERE is_open = 1 AND phase LIKE '{\"phase\":\"offered\"%'",
    )
    .fetch_all(db)
    .await?;
    let mut offers = Vec::with_capacity(rows.len());
    for (id, phase) in rows {
        if let Phase::Offered { until } = codec::from_json(&phase, "interactions.phase")? {
            offers.push((until, codec::id(&id, "interactions.id")?));
        }
    }
    offers.sort_unstable();
    Ok(offers)
}

/// When the queue next keeps something for somebody no longer, or since when it should not.
pub async fn next_kept(db: &mut SqliteConnection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let until: Option<i64> =
        sqlx::query_scalar("SELECT MIN(kept_until) FROM interactions WHERE kept_until IS NOT NULL")
            .fetch_one(db)
            .await?;
    codec::maybe_time(until, "interactions.kept_until")
}

/// What was kept for somebody until now is anybody's.
pub async fn release_kept(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("UPDATE interactions SET kept_for = NULL, kept_until = NULL WHERE kept_until <= $1")
        .bind(now.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Whether somebody who is in an open conversation has been reminded of their silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminded {
    /// Not yet.
    No,
    /// Yes.
    Yes,
}

/// Open conversations in which nobody waits for an answer, by when the last words fell.
pub async fn quiet(
    db: &mut SqliteConnection,
    reminded: Option<Reminded>,
) -> Result<Vec<(DateTime<Utc>, InteractionId)>, StoreError> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT said_at, id FROM interactions
         WHERE is_open = 1 AND owner_id IS NOT NULL AND phase = $1 AND pending_since IS NULL AND said_at IS NOT NULL
             AND ($2 IS NULL OR reminded = $2)
         ORDER BY said_at, id",
    )
    .bind(codec::to_json(&Phase::Open)?)
    .bind(reminded.map(|reminded| reminded == Reminded::Yes))
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(at, id)| Ok((codec::time(at, "interactions.said_at")?, codec::id(&id, "interactions.id")?)))
        .collect()
}

/// Notes that a contact was reminded.
pub async fn note_reminded(db: &mut SqliteConnection, id: InteractionId) -> Result<(), StoreError> {
    sqlx::query("UPDATE interactions SET reminded = 1 WHERE id = $1")
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Who is at work as far as their status goes, by when one of their desktops was last heard of.
pub async fn heard_of(db: &mut SqliteConnection) -> Result<Vec<(DateTime<Utc>, AgentId)>, StoreError> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT MAX(t.used_at), a.id FROM agents a JOIN tokens t ON t.agent_id = a.id
         WHERE a.status <> $1 GROUP BY a.id ORDER BY 1, 2",
    )
    .bind(codec::to_json(&AgentStatus::SignedOut)?)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(at, id)| Ok((codec::time(at, "tokens.used_at")?, codec::id(&id, "agents.id")?)))
        .collect()
}

/// Who is not at work and has something before them all the same, as an earlier gateway has left it.
pub async fn left_behind(db: &mut SqliteConnection) -> Result<Vec<AgentId>, StoreError> {
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT a.id FROM interactions i JOIN agents a ON a.id = i.owner_id
         WHERE i.is_open = 1 AND (a.status = $1 OR a.disabled = 1) ORDER BY a.id",
    )
    .bind(codec::to_json(&AgentStatus::SignedOut)?)
    .fetch_all(db)
    .await?;
    rows.iter().map(|id| codec::id(id, "agents.id")).collect()
}
