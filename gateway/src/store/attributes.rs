//! What is known of a contact, as agents wrote it down.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;
use waxwing_protocol::{contact::ContactAttribute, id::ContactId};

use super::{StoreError, codec};

/// The attributes of contacts, as they are written in a JSON array, each contact's in their order.
pub(super) async fn of_each(
    db: &mut SqliteConnection,
    contacts: &str,
) -> Result<BTreeMap<ContactId, Vec<ContactAttribute>>, StoreError> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT contact_id, key, value FROM contact_attributes
         WHERE contact_id IN (SELECT value FROM json_each($1)) ORDER BY contact_id, position, key",
    )
    .bind(contacts)
    .fetch_all(db)
    .await?;
    let mut attributes = BTreeMap::<_, Vec<_>>::new();
    for (contact, key, value) in rows {
        let attribute = ContactAttribute { key, value };
        attributes.entry(codec::id(&contact, "contact_attributes.contact_id")?).or_default().push(attribute);
    }
    Ok(attributes)
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
