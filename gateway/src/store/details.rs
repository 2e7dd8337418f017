//! Further ways to reach a contact, as agents added them.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;
use waxwing_protocol::{contact::ContactDetail, id::ContactId};

use super::{StoreError, codec};

/// What is kept of one detail: whose it is, its kind, value and name.
type Row = (String, String, String, Option<String>);

/// The details of contacts, as they are written in a JSON array, each contact's in the order in which they were added.
pub(super) async fn of_each(
    db: &mut SqliteConnection,
    contacts: &str,
) -> Result<BTreeMap<ContactId, Vec<ContactDetail>>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT contact_id, kind, value, name FROM contact_details
         WHERE contact_id IN (SELECT value FROM json_each($1)) ORDER BY contact_id, position, kind, same",
    )
    .bind(contacts)
    .fetch_all(db)
    .await?;
    let mut details = BTreeMap::<_, Vec<_>>::new();
    for (contact, kind, value, name) in rows {
        let detail = ContactDetail { kind: codec::from_json(&kind, "contact_details.kind")?, value, name };
        details.entry(codec::id(&contact, "contact_details.contact_id")?).or_default().push(detail);
    }
    Ok(details)
}

/// Adds a detail; false if one that is the same is there. `same` is its value without what makes no difference.
pub async fn add(
    db: &mut SqliteConnection,
    contact: ContactId,
    detail: &ContactDetail,
    same: &str,
) -> Result<bool, StoreError> {
    let added = sqlx::query(
        "INSERT INTO contact_details (contact_id, position, kind, value, name, same)
         SELECT $1, COALESCE(MAX(position), 0) + 1, $2, $3, $4, $5 FROM contact_details WHERE contact_id = $1
         ON CONFLICT (contact_id, kind, same) DO NOTHING",
    )
    .bind(contact.to_string())
    .bind(codec::to_json(&detail.kind)?)
    .bind(&detail.value)
    .bind(&detail.name)
    .bind(same)
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Keeps a contact's details as they are to be, each with its value without what makes no difference; of two that are the same
/// the first stays.
pub async fn set(
    db: &mut SqliteConnection,
    contact: ContactId,
    wanted: &[(ContactDetail, String)],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM contact_details WHERE contact_id = $1")
        .bind(contact.to_string())
        .execute(&mut *db)
        .await?;
    for (detail, same) in wanted {
        add(&mut *db, contact, detail, same).await?;
    }
    Ok(())
}
