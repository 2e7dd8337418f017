//! Workbins as they are kept: each agent's own, and those that are configured.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    agent::Colleague,
    id::{AgentId, WorkbinId},
    workbin::WorkbinKind,
};

use super::{Change, StoreError, codec, lying};
use crate::{
    random,
    rules::{WorkbinRule, workbins::RuledKind},
};

/// A workbin with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbin {
    /// Which.
    pub id: WorkbinId,
    /// Whose.
    pub kind: WorkbinKind,
    /// What it is called; an agent's own by their name.
    pub name: String,
    /// The teams that may see it, if that was said.
    pub see: Option<Vec<String>>,
    /// The teams that may take from it, if that was said.
    pub take: Option<Vec<String>>,
    /// How many may lie there.
    pub limit: Option<u32>,
    /// After how many hours what lies there is too old.
    pub stale_after_hours: Option<u32>,
    /// Whether it is there to stay.
    pub state: WorkbinState,
}

/// Whether a workbin is there to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbinState {
    /// It is.
    InUse,
    /// It was taken out of the configuration, or its agent has left; something lies there still, and nothing more may be put there.
    Closing,
    /// The same, and nothing lies there.
    Gone,
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    owner_id: Option<String>,
    owner_name: Option<String>,
    owner_team: Option<String>,
    name: Option<String>,
    team: Option<String>,
    see: Option<String>,
    take: Option<String>,
    capacity: Option<i64>,
    stale_after_hours: Option<i64>,
    removed: bool,
    used: bool,
}

impl Row {
    fn into_workbin(self) -> Result<Workbin, StoreError> {
        let kind = match (self.kind.as_str(), self.owner_id, self.team) {
            ("personal", Some(owner), _) => WorkbinKind::Personal {
                owner: Colleague {
                    id: codec::id(&owner, "workbins.owner_id")?,
                    display_name: self.owner_name.clone().unwrap_or_default(),
                },
                team: self.owner_team,
            },
            ("team", _, Some(team)) => WorkbinKind::Team { team },
            ("shared", ..) => WorkbinKind::Shared,
            _ => return Err(StoreError::Unreadable { what: "workbins.kind" }),
        };
        let teams = |text: Option<String>| {
            text.map(|text| codec::from_json::<Vec<String>>(&text, "workbins.take")).transpose()
        };
        let number = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
        Ok(Workbin {
            id: codec::id(&self.id, "workbins.id")?,
            kind,
            name: self.name.or(self.owner_name).unwrap_or_default(),
            see: teams(self.see)?,
            take: teams(self.take)?,
            limit: number(self.capacity),
            stale_after_hours: number(self.stale_after_hours),
            state: match (self.removed, self.used) {
                (false, _) => WorkbinState::InUse,
                (true, true) => WorkbinState::Closing,
                (true, false) => WorkbinState::Gone,
            },
        })
    }
}

/// An agent's own workbin.
#[must_use]
pub const fn own(agent: AgentId) -> WorkbinId {
    WorkbinId::from_uuid(agent.uuid())
}

/// Gives a new agent a workbin of their own.
pub async fn add_own(change: &mut Change, agent: AgentId) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO workbins (id, kind, owner_id) VALUES ($1, 'personal', $2)")
        .bind(own(agent).to_string())
        .bind(agent.to_string())
        .execute(change.db())
        .await?;
    lying::announce(change).await
}

const SELECT: &str = "SELECT w.id, w.kind, w.owner_id, a.display_name AS owner_name, a.team AS owner_team,
        w.name, w.team, w.see, w.take, w.capacity, w.stale_after_hours, (w.removed OR COALESCE(a.disabled, 0)) AS removed,
        EXISTS (SELECT 1 FROM lying l WHERE l.place = w.id) AS used
     FROM workbins w LEFT JOIN agents a ON a.id = w.owner_id
     WHERE $1 IS NULL OR w.id = $1 ORDER BY COALESCE(w.name, a.display_name), w.id";

/// All workbins, by name.
pub async fn all(db: &mut SqliteConnection) -> Result<Vec<Workbin>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(SELECT).bind(None::<String>).fetch_all(db).await?;
    rows.into_iter().map(Row::into_workbin).collect()
}

/// One workbin.
pub async fn get(db: &mut SqliteConnection, id: WorkbinId) -> Result<Option<Workbin>, StoreError> {
    let row: Option<Row> = sqlx::query_as(SELECT).bind(id.to_string()).fetch_optional(db).await?;
    row.map(Row::into_workbin).transpose()
}

/// Takes over what is configured. A workbin that is configured no longer stays for as long as something lies in it.
pub async fn configure(
    change: &mut Change,
    rules: &[WorkbinRule],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = all(change.db()).await?;
    sqlx::query("UPDATE workbins SET removed = 1 WHERE owner_id IS NULL").execute(change.db()).await?;
    for rule in rules {
        let kind = match rule.kind {
            RuledKind::Shared => "shared",
            RuledKind::Team => "team",
        };
        sqlx::query(
            "INSERT INTO workbins (id, kind, name, team, see, take, capacity, stale_after_hours)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (name) WHERE name IS NOT NULL DO UPDATE
             SET kind = excluded.kind, team = excluded.team, see = excluded.see, take = excluded.take,
                 capacity = excluded.capacity, stale_after_hours = excluded.stale_after_hours, removed = 0",
        )
        .bind(WorkbinId::new(now, random::bytes()).to_string())
        .bind(kind)
        .bind(&rule.name)
        .bind(&rule.team)
        .bind(rule.see.as_ref().map(codec::to_json).transpose()?)
        .bind(rule.take.as_ref().map(codec::to_json).transpose()?)
        .bind(rule.limit)
        .bind(rule.stale_after_hours)
        .execute(change.db())
        .await?;
    }
    if all(change.db()).await? == before { Ok(()) } else { lying::announce(change).await }
}
