//! What agents make of the library, as it is kept: their favourites, and what they used how often.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    id::{AgentId, ResponseId},
    library::ResponseUsage,
};

use super::{StoreError, codec};

/// How many responses an agent is reminded of.
const RECENT: i64 = 20;

fn ids(rows: &[String]) -> Result<Vec<ResponseId>, StoreError> {
    rows.iter().map(|id| codec::id(id, "response_id")).collect()
}

/// An agent's favourites that are there for them to see, in their order.
pub async fn favourites(db: &mut SqliteConnection, agent: AgentId) -> Result<Vec<ResponseId>, StoreError> {
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT f.response_id FROM favourites f JOIN responses r ON r.id = f.response_id
         WHERE f.agent_id = $1 AND r.deleted = 0 AND (r.owner_id IS NULL OR r.owner_id = $1)
         ORDER BY f.position",
    )
    .bind(agent.to_string())
    .fetch_all(db)
    .await?;
    ids(&rows)
}

/// Keeps an agent's favourites; what they can't see is passed over.
pub async fn set_favourites(
    db: &mut SqliteConnection,
    agent: AgentId,
    responses: &[ResponseId],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM favourites WHERE agent_id = $1")
        .bind(agent.to_string())
        .execute(&mut *db)
        .await?;
    for (position, response) in (0_i64..).zip(responses) {
        sqlx::query(
            "INSERT INTO favourites (agent_id, response_id, position)
             SELECT $1, id, $3 FROM responses
             WHERE id = $2 AND deleted = 0 AND (owner_id IS NULL OR owner_id = $1)
             ON CONFLICT (agent_id, response_id) DO NOTHING",
        )
        .bind(agent.to_string())
        .bind(response.to_string())
        .bind(position)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Counts that an agent has used a response; false if it is not theirs to see.
pub async fn count(
    db: &mut SqliteConnection,
    agent: AgentId,
    response: ResponseId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let counted = sqlx::query(
        "INSERT INTO response_uses (response_id, agent_id, uses, last_used_at)
         SELECT id, $1, 1, $3 FROM responses
         WHERE id = $2 AND deleted = 0 AND (owner_id IS NULL OR owner_id = $1)
         ON CONFLICT (response_id, agent_id) DO UPDATE
         SET uses = response_uses.uses + 1, last_used_at = excluded.last_used_at",
    )
    .bind(agent.to_string())
    .bind(response.to_string())
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(counted.rows_affected() == 1)
}

/// What an agent used last, newest first, as far as it is there for them to see.
pub async fn recent(db: &mut SqliteConnection, agent: AgentId) -> Result<Vec<ResponseId>, StoreError> {
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT u.response_id FROM response_uses u JOIN responses r ON r.id = u.response_id
         WHERE u.agent_id = $1 AND r.deleted = 0 AND (r.owner_id IS NULL OR r.owner_id = $1)
         ORDER BY u.last_used_at DESC, u.response_id LIMIT $2",
    )
    .bind(agent.to_string())
    .bind(RECENT)
    .fetch_all(db)
    .await?;
    ids(&rows)
}

/// How often the responses were used that an agent can see, most used first.
pub async fn usage(db: &mut SqliteConnection, agent: AgentId) -> Result<Vec<ResponseUsage>, StoreError> {
    let rows: Vec<(String, i64, u32, i64)> = sqlx::query_as(
        "SELECT u.response_id, SUM(u.uses), COUNT(*), MAX(u.last_used_at)
         FROM response_uses u JOIN responses r ON r.id = u.response_id
         WHERE r.deleted = 0 AND (r.owner_id IS NULL OR r.owner_id = $1)
         GROUP BY u.response_id ORDER BY SUM(u.uses) DESC, u.response_id",
    )
    .bind(agent.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(response, uses, agents, last_used_at)| {
            Ok(ResponseUsage {
                response: codec::id(&response, "response_uses.response_id")?,
                uses: u64::try_from(uses).unwrap_or(0),
                agents,
                last_used_at: codec::time(last_used_at, "response_uses.last_used_at")?,
            })
        })
        .collect()
}
