//! Agents as they are kept: who they are, their password's hash, their status, whether they may still sign in.
//!
//! Passwords come here hashed already; see [`crate::auth`].

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    agent::{Agent, AgentStatus, Role, StatusSince},
    event::Event,
    id::AgentId,
};

use super::{Change, StoreError, codec, lying, workbins};
use crate::random;

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// What they will sign in with; kept in lower case.
    pub user_name: String,
    /// What colleagues and transcripts call them.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// How many interactions they are given at most at once.
    pub capacity: u32,
    /// The team they belong to.
    pub team: Option<String>,
    /// From [`crate::auth::hash_password`].
    pub password_hash: String,
}

/// An agent with all that the gateway knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRecord {
    /// Who.
    pub agent: Agent,
    /// Their status.
    pub status: StatusSince,
    /// Whether they may no longer sign in.
    pub disabled: bool,
}

impl AgentRecord {
    /// Whether somebody sits there who can answer a customer.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        !self.disabled && self.status.status != AgentStatus::SignedOut
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    user_name: String,
    display_name: String,
    role: String,
    capacity: i64,
    team: Option<String>,
    disabled: bool,
    status: String,
    status_since: i64,
}

impl Row {
    fn into_record(self) -> Result<AgentRecord, StoreError> {
        Ok(AgentRecord {
            agent: Agent {
                id: codec::id(&self.id, "agents.id")?,
                user_name: self.user_name,
                display_name: self.display_name,
                role: codec::from_json(&self.role, "agents.role")?,
                capacity: u32::try_from(self.capacity).unwrap_or(0),
                team: self.team,
            },
            status: StatusSince {
                status: codec::from_json(&self.status, "agents.status")?,
                since: codec::time(self.status_since, "agents.status_since")?,
            },
            disabled: self.disabled,
        })
    }
}

/// The form in which a user name is kept and looked up.
#[must_use]
pub fn plain_user_name(user_name: &str) -> String {
    user_name.trim().to_lowercase()
}

/// Adds an agent, signed out. None if the user name is taken.
pub async fn add_agent(
    change: &mut Change,
    new: &NewAgent,
    now: DateTime<Utc>,
) -> Result<Option<AgentId>, StoreError> {
    let id = AgentId::new(now, random::bytes());
    let added = sqlx::query(
        "INSERT INTO agents (id, user_name, display_name, role, capacity, password_hash, status, status_since, team)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (user_name) DO NOTHING",
    )
    .bind(id.to_string())
    .bind(plain_user_name(&new.user_name))
    .bind(&new.display_name)
    .bind(codec::to_json(&new.role)?)
    .bind(i64::from(new.capacity))
    .bind(&new.password_hash)
    .bind(codec::to_json(&AgentStatus::SignedOut)?)
    .bind(now.timestamp_millis())
    .bind(new.team.as_deref())
    .execute(change.db())
    .await?;
    if added.rows_affected() == 0 {
        return Ok(None);
    }
    workbins::add_own(change, id).await?;
    Ok(Some(id))
}

/// All agents, by user name.
pub async fn list_agents(db: &mut SqliteConnection) -> Result<Vec<AgentRecord>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, user_name, display_name, role, capacity, team, disabled, status, status_since
         FROM agents ORDER BY user_name",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Row::into_record).collect()
}

/// Puts an event into the feed of each agent who is signed in and not disabled.
pub async fn tell_everybody(
    change: &mut Change,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for record in list_agents(change.db()).await? {
        if record.is_at_work() {
            change.emit(record.agent.id, event, now).await?;
        }
    }
    Ok(())
}

/// One agent.
pub async fn get(db: &mut SqliteConnection, id: AgentId) -> Result<Option<AgentRecord>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, user_name, display_name, role, capacity, team, disabled, status, status_since
         FROM agents WHERE id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(db)
    .await?;
    row.map(Row::into_record).transpose()
}

/// Who a user name belongs to, disabled or not, and the hash of their password.
pub async fn credentials(
    db: &mut SqliteConnection,
    user_name: &str,
) -> Result<Option<(AgentId, String)>, StoreError> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT id, password_hash FROM agents WHERE user_name = $1")
            .bind(plain_user_name(user_name))
            .fetch_optional(db)
            .await?;
    row.map(|(id, hash)| Ok((codec::id(&id, "agents.id")?, hash))).transpose()
}

/// Takes away an agent's right to sign in and every token they hold. None if nobody has that user name.
///
/// Their interactions go back to the queue with [`crate::handling::status::disable`], which calls this.
pub async fn disable_agent(change: &mut Change, user_name: &str) -> Result<Option<AgentId>, StoreError> {
    let id: Option<String> =
        sqlx::query_scalar("UPDATE agents SET disabled = 1 WHERE user_name = $1 RETURNING id")
            .bind(plain_user_name(user_name))
            .fetch_optional(change.db())
            .await?;
    revoke_all(change, id).await
}

/// Gives an agent another password and takes away every token they hold. None if nobody has that user name.
pub async fn set_password(
    change: &mut Change,
    user_name: &str,
    password_hash: &str,
) -> Result<Option<AgentId>, StoreError> {
    let id: Option<String> =
        sqlx::query_scalar("UPDATE agents SET password_hash = $2 WHERE user_name = $1 RETURNING id")
            .bind(plain_user_name(user_name))
            .bind(password_hash)
            .fetch_optional(change.db())
            .await?;
    revoke_all(change, id).await
}

/// Keeps another hash of the same password, unless the password has been changed meanwhile.
pub async fn renew_hash(
    db: &mut SqliteConnection,
    id: AgentId,
    (before, after): (&str, &str),
) -> Result<(), StoreError> {
    sqlx::query("UPDATE agents SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(id.to_string())
        .bind(before)
        .bind(after)
        .execute(db)
        .await?;
    Ok(())
}

async fn revoke_all(change: &mut Change, id: Option<String>) -> Result<Option<AgentId>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    sqlx::query("DELETE FROM tokens WHERE agent_id = $1").bind(&id).execute(change.db()).await?;
    let id = codec::id(&id, "agents.id")?;
    change.wake(id);
    Ok(Some(id))
}

/// Keeps what an agent may do.
pub async fn set_role(db: &mut SqliteConnection, id: AgentId, role: Role) -> Result<(), StoreError> {
    sqlx::query("UPDATE agents SET role = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(codec::to_json(&role)?)
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps what may be changed about an agent: what colleagues read, role, capacity, team.
pub async fn set(change: &mut Change, agent: &Agent) -> Result<(), StoreError> {
    sqlx::query("UPDATE agents SET display_name = $2, role = $3, capacity = $4, team = $5 WHERE id = $1")
        .bind(agent.id.to_string())
        .bind(&agent.display_name)
        .bind(codec::to_json(&agent.role)?)
        .bind(i64::from(agent.capacity))
        .bind(agent.team.as_deref())
        .execute(change.db())
        .await?;
    lying::announce(change).await
}

/// Keeps an agent's status.
pub async fn set_status(
    db: &mut SqliteConnection,
    id: AgentId,
    status: &StatusSince,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE agents SET status = $2, status_since = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(codec::to_json(&status.status)?)
        .bind(status.since.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Whom work is looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Who should have it, if they can.
    pub preferred: Option<AgentId>,
    /// Who does not want it.
    pub except: Option<AgentId>,
}

/// The ready agent with room who should get the next piece of work: the preferred one if they are one, then whoever has the
/// fewest open interactions, then whoever has waited longest for one.
pub async fn next_free(db: &mut SqliteConnection, wanted: Wanted) -> Result<Option<AgentId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar(
        "SELECT a.id FROM agents a LEFT JOIN interactions i ON i.owner_id = a.id AND i.is_open = 1
         WHERE a.disabled = 0 AND a.status = $1 AND ($3 IS NULL OR a.id <> $3)
         GROUP BY a.id, a.capacity, a.last_assigned_at
         HAVING COUNT(i.id) < a.capacity
         ORDER BY CASE WHEN a.id = $2 THEN 0 ELSE 1 END, COUNT(i.id), COALESCE(a.last_assigned_at, 0), a.id
         LIMIT 1",
    )
    .bind(codec::to_json(&AgentStatus::Ready)?)
    .bind(wanted.preferred.map(|id| id.to_string()))
    .bind(wanted.except.map(|id| id.to_string()))
    .fetch_optional(db)
    .await?;
    id.map(|id| codec::id(&id, "agents.id")).transpose()
}

/// Whether an agent is ready and has room.
pub async fn is_free(db: &mut SqliteConnection, id: AgentId) -> Result<bool, StoreError> {
    let wanted = Wanted { preferred: Some(id), except: None };
    Ok(next_free(db, wanted).await? == Some(id))
}

/// How many interactions each agent has before them.
pub async fn loads(db: &mut SqliteConnection) -> Result<BTreeMap<AgentId, u32>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT owner_id, COUNT(*) FROM interactions WHERE is_open = 1 AND owner_id IS NOT NULL GROUP BY owner_id",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, count)| {
            Ok((codec::id(&id, "interactions.owner_id")?, u32::try_from(count).unwrap_or(u32::MAX)))
        })
        .collect()
}

/// Notes that an agent was given work.
pub async fn note_assigned(
    db: &mut SqliteConnection,
    id: AgentId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE agents SET last_assigned_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(at.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}
