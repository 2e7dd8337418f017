//! Sign-ins as they are kept: the SHA-256 of each token, whose it is, until when.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::id::AgentId;

use super::{StoreError, codec};
use crate::auth::{AuthLimits, TokenHash};

/// Keeps a token from `span.0` until `span.1`.
pub async fn add(
    db: &mut SqliteConnection,
    token: &TokenHash,
    agent: AgentId,
    device: &str,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO tokens (hash, agent_id, device, created_at, used_at, expires_at)
         VALUES ($1, $2, $3, $4, $4, $5)",
    )
    .bind(token.bytes())
    .bind(agent.to_string())
    .bind(device)
    .bind(span.0.timestamp_millis())
    .bind(span.1.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Whose token this is and when it was used last; none if it is unknown, revoked, expired or its agent disabled.
pub async fn holder(
    db: &mut SqliteConnection,
    token: &TokenHash,
    limits: AuthLimits,
    now: DateTime<Utc>,
) -> Result<Option<(AgentId, DateTime<Utc>)>, StoreError> {
    let row: Option<(String, i64)> = sqlx::query_as(
        "SELECT t.agent_id, t.used_at FROM tokens t JOIN agents a ON a.id = t.agent_id
         WHERE t.hash = $1 AND t.expires_at > $2 AND t.used_at > $3 AND a.disabled = 0",
    )
    .bind(token.bytes())
    .bind(now.timestamp_millis())
    .bind((now - limits.idle).timestamp_millis())
    .fetch_optional(db)
    .await?;
    row.map(|(agent, used_at)| {
        Ok((codec::id(&agent, "tokens.agent_id")?, codec::time(used_at, "tokens.used_at")?))
    })
    .transpose()
}

/// Notes that a token was used.
pub async fn touch(
    db: &mut SqliteConnection,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE tokens SET used_at = $2 WHERE hash = $1 AND used_at < $2")
        .bind(token.bytes())
        .bind(now.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets a token.
pub async fn revoke(db: &mut SqliteConnection, token: &TokenHash) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tokens WHERE hash = $1").bind(token.bytes()).execute(db).await?;
    Ok(())
}

/// Forgets tokens that have ended and says who is still signed in as far as their status goes, but holds no token any more.
pub async fn forget_ended(
    db: &mut SqliteConnection,
    limits: AuthLimits,
    now: DateTime<Utc>,
) -> Result<Vec<AgentId>, StoreError> {
    sqlx::query("DELETE FROM tokens WHERE expires_at <= $1 OR used_at <= $2")
        .bind(now.timestamp_millis())
        .bind((now - limits.idle).timestamp_millis())
        .execute(&mut *db)
        .await?;
    let gone: Vec<String> = sqlx::query_scalar(
        "SELECT a.id FROM agents a LEFT JOIN tokens t ON t.agent_id = a.id
         WHERE t.hash IS NULL AND a.status <> $1 ORDER BY a.id",
    )
    .bind(codec::to_json(&waxwing_protocol::agent::AgentStatus::SignedOut)?)
    .fetch_all(db)
    .await?;
    gone.iter().map(|id| codec::id(id, "agents.id")).collect()
}

/// Whether an agent holds any token.
pub async fn any_of(db: &mut SqliteConnection, agent: AgentId) -> Result<bool, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM tokens WHERE agent_id = $1")
        .bind(agent.to_string())
        .fetch_one(db)
        .await?;
    Ok(count > 0)
}
