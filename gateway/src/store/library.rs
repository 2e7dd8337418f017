//! The library: prepared replies and the templates of notifications, each with the number of its last change. The numbers
//! rise over the whole library, so a desktop asks for what came after the one it holds.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::event::Event;

use super::{Change, StoreError, agents};

/// The number of the newest change.
pub async fn revision(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let revision: i64 = sqlx::query_scalar("SELECT library_revision FROM installation").fetch_one(db).await?;
    u64::try_from(revision).map_err(|_negative| StoreError::Unreadable { what: "library_revision" })
}

/// Takes the number for a change of the library; everything that changes in it at once may bear the same.
pub async fn next_revision(change: &mut Change) -> Result<i64, StoreError> {
    let raised = "UPDATE installation SET library_revision = library_revision + 1 RETURNING library_revision";
    Ok(sqlx::query_scalar(raised).fetch_one(change.db()).await?)
}

/// Tells whoever is at work that the library has changed.
pub async fn announce(change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    let event = Event::LibraryChanged { revision: revision(change.db()).await? };
    agents::tell_everybody(change, &event, now).await
}
