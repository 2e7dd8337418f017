//! What is known of a contact, as agents wrote it down.

use sqlx::SqliteConnection;
use waxwing_protocol::{contact::ContactAttribute, id::ContactId};

use super::StoreError;

/// A contact's attributes, in their order.
pub async fn of(db: &mut SqliteConnection, contact: ContactId) -> Result<Vec<ContactAttribute>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT key, value FROM contact_attributes WHERE contact_id = $1 ORDER BY position, key",
    )
    .bind(contact.to_string())
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(key, value)| ContactAttribute { key, value }).collect())
}

/// Keeps a contact's attributes as they are to be; each key once.
pub async fn set(
    db: &mut SqliteConnection,
    contact: ContactId,
    attributes: &[ContactAttribute],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM contact_attributes WHERE contact_id = $1")
        .bind(contact.to_string())
        .execute(&mut *db)
        .await?;
    for (position, attribute) in (1_i64..).zip(attributes) {
        sqlx::query(
            "INSERT INTO contact_attributes (contact_id, key, position, value) VALUES ($1, $2, $3, $4)",
        )
        .bind(contact.to_string())
        .bind(&attribute.key)
        .bind(position)
        .bind(&attribute.value)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
