//! Contacts that agents made one, with what went over, so that they can be taken apart again.

use sqlx::SqliteConnection;
use waxwing_protocol::{directory::MergeInfo, id::ContactId};

use super::{StoreError, codec};

/// What was made one with a contact, newest first.
pub async fn of(db: &mut SqliteConnection, kept: ContactId) -> Result<Vec<MergeInfo>, StoreError> {
    let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT id, name, at, by_name FROM contact_merges WHERE kept = $1 ORDER BY at DESC, id DESC",
    )
    .bind(kept.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, name, at, by)| {
            let (id, at) = (codec::id(&id, "contact_merges.id")?, codec::time(at, "contact_merges.at")?);
            Ok(MergeInfo { id, name, at, by })
        })
        .collect()
}
