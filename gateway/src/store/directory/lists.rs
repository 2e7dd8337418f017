//! Lists of contacts: an agent's favourites, those they had to do with, those who are blocked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::id::{AgentId, ContactId};

use crate::store::{StoreError, codec};

/// How many of an agent's newest interactions are gone through for their contacts.
const RECENT: i64 = 1_000;

fn read(rows: &[String]) -> Result<Vec<ContactId>, StoreError> {
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    for row in rows {
        let id = codec::id(row, "contact_id")?;
        if seen.insert(id) {
            list.push(id);
        }
    }
    Ok(list)
}

/// An agent's favourites, in their order.
pub async fn favourites(db: &mut SqliteConnection, agent: AgentId) -> Result<Vec<ContactId>, StoreError> {
    let sql = "SELECT f.contact_id FROM favourite_contacts f JOIN contacts c ON c.id = f.contact_id
               WHERE f.agent_id = $1 AND c.merged_into IS NULL ORDER BY f.position, f.contact_id";
    read(&sqlx::query_scalar::<_, String>(sql).bind(agent.to_string()).fetch_all(db).await?)
}

/// Whether a contact is an agent's favourite.
pub async fn is_favourite(
    db: &mut SqliteConnection,
    agent: AgentId,
    contact: ContactId,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM favourite_contacts WHERE agent_id = $1 AND contact_id = $2)";
    Ok(sqlx::query_scalar(sql).bind(agent.to_string()).bind(contact.to_string()).fetch_one(db).await?)
}

/// Keeps which contacts are an agent's favourites; those who are part of others stay theirs.
pub async fn set_favourites(
    db: &mut SqliteConnection,
    agent: AgentId,
    contacts: &[ContactId],
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM favourite_contacts WHERE agent_id = $1
             AND contact_id IN (SELECT id FROM contacts WHERE merged_into IS NULL)",
    )
    .bind(agent.to_string())
    .execute(&mut *db)
    .await?;
    for (position, contact) in (1_i64..).zip(contacts) {
        sqlx::query(
            "INSERT INTO favourite_contacts (agent_id, contact_id, position) VALUES ($1, $2, $3)
             ON CONFLICT (agent_id, contact_id) DO UPDATE SET position = excluded.position",
        )
        .bind(agent.to_string())
        .bind(contact.to_string())
        .bind(position)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Those an agent had to do with, the last first.
pub async fn recent(db: &mut SqliteConnection, agent: AgentId) -> Result<Vec<ContactId>, StoreError> {
    let sql = "SELECT i.contact_id FROM interaction_agents a JOIN interactions i ON i.id = a.interaction_id
               WHERE a.agent_id = $1 ORDER BY a.last_at DESC, a.interaction_id DESC LIMIT $2";
    let rows: Vec<String> =
        sqlx::query_scalar(sql).bind(agent.to_string()).bind(RECENT).fetch_all(db).await?;
    read(&rows)
}

/// Everybody, by name.
pub async fn every(db: &mut SqliteConnection) -> Result<Vec<ContactId>, StoreError> {
    let sql = "SELECT contact_id FROM contact_lines ORDER BY sort_name, contact_id";
    read(&sqlx::query_scalar::<_, String>(sql).fetch_all(db).await?)
}

/// Those who are blocked, by name.
pub async fn blocked(db: &mut SqliteConnection) -> Result<Vec<ContactId>, StoreError> {
    let sql = "SELECT c.id FROM contacts c JOIN contact_lines l ON l.contact_id = c.id
               WHERE c.blocked = 1 ORDER BY l.sort_name, l.line";
    read(&sqlx::query_scalar::<_, String>(sql).fetch_all(db).await?)
}

/// When something was last said with each of some contacts, either way.
pub async fn last_in_touch(
    db: &mut SqliteConnection,
    contacts: &[ContactId],
) -> Result<BTreeMap<ContactId, Option<DateTime<Utc>>>, StoreError> {
    // On each number the newest of all stands in one of the last sessions.
    let sql = "SELECT c.value, (SELECT MAX((SELECT m.sent_at FROM messages m WHERE m.session_id = s.id
                                            ORDER BY m.sent_at DESC, m.stored_at DESC, m.id DESC LIMIT 1))
                    FROM (SELECT id FROM sessions WHERE contact_id = c.value ORDER BY started_at DESC, id DESC LIMIT 5) s)
               FROM json_each($1) c";
    let rows: Vec<(String, Option<i64>)> =
        sqlx::query_as(sql).bind(codec::ids(contacts)).fetch_all(db).await?;
    rows.into_iter()
        .map(|(id, at)| Ok((codec::id(&id, "contacts.id")?, codec::maybe_time(at, "messages.sent_at")?)))
        .collect()
}
