//! The library: prepared replies and the templates of notifications, each with the number of its last change. The numbers
//! rise over the whole library, so a desktop asks for what came after the one it holds.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{event::Event, id::AgentId};

use super::{Change, StoreError, agents};

/// The number of the newest change.
pub async fn revision(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let revision: i64 = sqlx::query_scalar("SELECT library_revision FROM installation").fetch_one(db).await?;
    u64::try_from(revision).map_err(|_negative| StoreError::Unreadable { what: "library_revision" })
}

/// Takes the number for a change of the library; everything that changes in it at once may bear the same. Where that is much,
/// each thing should have its own: a page never ends between two things with the same number.
pub async fn next_revision(change: &mut Change) -> Result<i64, StoreError> {
    let raised = "UPDATE installation SET library_revision = library_revision + 1 RETURNING library_revision";
    Ok(sqlx::query_scalar(raised).fetch_one(change.db()).await?)
}

/// Tells whoever is at work that the library has changed.
pub async fn announce(change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    let event = Event::LibraryChanged { revision: revision(change.db()).await? };
    agents::tell_everybody(change, &event, now).await
}

/// Tells one agent that what they see of the library has changed; nobody else sees that.
pub async fn announce_to(change: &mut Change, agent: AgentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let event = Event::LibraryChanged { revision: revision(change.db()).await? };
    change.emit(agent, &event, now).await
}

/// A stretch of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The number of the last change before it.
    pub after: i64,
    /// The number of its last change.
    pub up_to: i64,
}

/// The numbers of what an agent hears of, kind by kind.
const HEARD: &str = "SELECT revision FROM categories WHERE revision > $1
    UNION ALL
    SELECT revision FROM responses
    WHERE revision > $1 AND (owner_id IS NULL OR owner_id = $2 OR was_shared = 1)
    UNION ALL
    SELECT revision FROM templates WHERE revision > $1
    ORDER BY revision LIMIT $3";

/// The changes after one that go onto a page of so many things, and whether there are more. A page goes on to the end of its
/// last change, so that nothing is lost between two.
pub async fn span(
    db: &mut SqliteConnection,
    agent: AgentId,
    after: u64,
    things: u32,
) -> Result<(Span, bool), StoreError> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let newest = i64::try_from(revision(&mut *db).await?).unwrap_or(i64::MAX);
    let heard: Vec<i64> = sqlx::query_scalar(HEARD)
        .bind(after)
        .bind(agent.to_string())
        .bind(i64::from(things) + 1)
        .fetch_all(db)
        .await?;
    let up_to = match &heard[..] {
        [.., last, _beyond] if heard.len() > things as usize => *last,
        _ => newest,
    };
    Ok((Span { after, up_to }, up_to < newest))
}

/// Whether the library has had its beginning: the sample, or whatever was put into it before.
pub async fn has_begun(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    let sql =
        "SELECT library_begun = 1 OR EXISTS (SELECT 1 FROM responses) OR EXISTS (SELECT 1 FROM categories)
               FROM installation";
    Ok(sqlx::query_scalar(sql).fetch_one(db).await?)
}

/// Notes that the library has had its beginning.
pub async fn begin(db: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("UPDATE installation SET library_begun = 1").execute(db).await?;
    Ok(())
}
