//! Contacts as they are kept: the names WhatsApp has called them by, who served them last, who turned out to be whom.

use std::{cmp::Ordering, collections::BTreeMap};

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    contact::{Contact, WhatsAppId},
    id::{AgentId, ContactId},
};

use super::{StoreError, attributes, codec, details};
use crate::random;

/// Adds a contact who has no name yet.
pub async fn add(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<ContactId, StoreError> {
    let id = ContactId::new(now, random::bytes());
    sqlx::query("INSERT INTO contacts (id) VALUES ($1)").bind(id.to_string()).execute(db).await?;
    Ok(id)
}

/// Adds a contact by an id that is free.
pub async fn add_as(db: &mut SqliteConnection, id: ContactId) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO contacts (id) VALUES ($1)").bind(id.to_string()).execute(db).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_id: Option<String>,
    phone: Option<String>,
    profile_name: Option<String>,
    user_name: Option<String>,
    name: Option<String>,
    note: Option<String>,
    blocked: bool,
    revision: i64,
}

/// One contact with the names to write to them by.
pub async fn get(db: &mut SqliteConnection, id: ContactId) -> Result<Contact, StoreError> {
    let found = each(db, [id]).await?.remove(&id);
    found.ok_or(StoreError::Unreadable { what: "contact that something points to" })
}

const EACH: &str = "SELECT c.id, c.profile_name, c.user_name, c.name, c.note, c.blocked, c.revision,
        (SELECT n.name FROM contact_names n WHERE n.contact_id = c.id AND n.kind = 'user_id' AND n.current = 1) AS user_id,
        (SELECT n.name FROM contact_names n WHERE n.contact_id = c.id AND n.kind = 'phone' AND n.current = 1) AS phone
    FROM contacts c WHERE c.id IN (SELECT value FROM json_each($1))";

/// Contacts with the names to write to them by: as many questions as for one.
pub async fn each(
    db: &mut SqliteConnection,
    ids: impl IntoIterator<Item = ContactId>,
) -> Result<BTreeMap<ContactId, Contact>, StoreError> {
    let ids = codec::ids(ids);
    let rows: Vec<Row> = sqlx::query_as(EACH).bind(&ids).fetch_all(&mut *db).await?;
    let mut details = details::of_each(&mut *db, &ids).await?;
    let mut attributes = attributes::of_each(db, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let id = codec::id(&row.id, "contacts.id")?;
            let contact = Contact {
                id,
                whatsapp: WhatsAppId { user_id: row.user_id, phone: row.phone },
                profile_name: row.profile_name,
                user_name: row.user_name,
                name: row.name,
                details: details.remove(&id).unwrap_or_default(),
                attributes: attributes.remove(&id).unwrap_or_default(),
                note: row.note,
                blocked: row.blocked,
                revision: u64::try_from(row.revision).unwrap_or(0),
            };
            Ok((id, contact))
        })
        .collect()
}

/// Who somebody is: themselves, or whoever they are part of. None if there is nobody of that id.
pub async fn resolve(db: &mut SqliteConnection, id: ContactId) -> Result<Option<ContactId>, StoreError> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT COALESCE(merged_into, id) FROM contacts WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(db)
            .await?;
    found.map(|id| codec::id(&id, "contacts.merged_into")).transpose()
}

/// Whether a contact is part of another one.
pub async fn is_part(db: &mut SqliteConnection, id: ContactId) -> Result<bool, StoreError> {
    let sql = "SELECT merged_into IS NOT NULL FROM contacts WHERE id = $1";
    Ok(sqlx::query_scalar(sql).bind(id.to_string()).fetch_one(db).await?)
}

/// Whether nothing that a contact writes reaches an agent.
pub async fn is_blocked(db: &mut SqliteConnection, id: ContactId) -> Result<bool, StoreError> {
    let sql = "SELECT blocked FROM contacts WHERE id = $1";
    Ok(sqlx::query_scalar(sql).bind(id.to_string()).fetch_one(db).await?)
}

/// Every name by which WhatsApp called a contact before.
pub async fn former(db: &mut SqliteConnection, id: ContactId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT CASE kind WHEN 'phone' THEN '+' || name ELSE name END FROM contact_names
               WHERE contact_id = $1 AND current = 0 ORDER BY since DESC, kind, name";
    Ok(sqlx::query_scalar(sql).bind(id.to_string()).fetch_all(db).await?)
}

/// Keeps what agents say of a contact, beside details and attributes, under the next revision.
pub async fn set_said(
    db: &mut SqliteConnection,
    id: ContactId,
    (name, note): (Option<&str>, Option<&str>),
) -> Result<(), StoreError> {
    sqlx::query("UPDATE contacts SET name = $2, note = $3, revision = revision + 1 WHERE id = $1")
        .bind(id.to_string())
        .bind(name)
        .bind(note)
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps whether a contact is blocked, under the next revision.
pub async fn set_blocked(db: &mut SqliteConnection, id: ContactId, blocked: bool) -> Result<(), StoreError> {
    sqlx::query("UPDATE contacts SET blocked = $2, revision = revision + 1 WHERE id = $1")
        .bind(id.to_string())
        .bind(blocked)
        .execute(db)
        .await?;
    Ok(())
}

/// Who has a name, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub contact: ContactId,
    /// WhatsApp's timestamp of what first called them so.
    pub since: DateTime<Utc>,
}

/// Whom each of the two names belongs to.
pub async fn holders(
    db: &mut SqliteConnection,
    id: &WhatsAppId,
) -> Result<(Option<Holder>, Option<Holder>), StoreError> {
    let by_user_id = holder(&mut *db, "user_id", id.user_id.as_deref()).await?;
    let by_phone = holder(db, "phone", id.phone.as_deref()).await?;
    Ok((by_user_id, by_phone))
}

async fn holder(
    db: &mut SqliteConnection,
    kind: &str,
    name: Option<&str>,
) -> Result<Option<Holder>, StoreError> {
    let Some(name) = name else { return Ok(None) };
    let row: Option<(String, i64)> =
        sqlx::query_as("SELECT contact_id, since FROM contact_names WHERE kind = $1 AND name = $2")
            .bind(kind)
            .bind(name)
            .fetch_optional(db)
            .await?;
    let read = |(contact, since): (String, i64)| {
        Ok(Holder {
            contact: codec::id(&contact, "contact_names.contact_id")?,
            since: codec::time(since, "contact_names.since")?,
        })
    };
    row.map(read).transpose()
}

/// Whether a contact is called by a user id just now.
pub async fn has_user_id(db: &mut SqliteConnection, contact: ContactId) -> Result<bool, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM contact_names WHERE contact_id = $1 AND kind = 'user_id' AND current = 1",
    )
    .bind(contact.to_string())
    .fetch_one(db)
    .await?;
    Ok(count > 0)
}

/// Notes that a contact has another user id since `at`, though not which.
pub async fn retire_user_id(
    db: &mut SqliteConnection,
    contact: ContactId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE contact_names SET current = 0, since = $2
         WHERE contact_id = $1 AND kind = 'user_id' AND current = 1 AND since < $2",
    )
    .bind(contact.to_string())
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that a contact was called by these names at `at`; the former ones are still known as theirs. Of each kind, the name
/// with the latest beginning is the one to write to. A name that is somebody else's since later stays with them.
///
/// Gives those from whom a name was taken.
pub async fn call(
    db: &mut SqliteConnection,
    contact: ContactId,
    id: &WhatsAppId,
    at: DateTime<Utc>,
) -> Result<Vec<ContactId>, StoreError> {
    let mut robbed = Vec::new();
    for (kind, name) in [("user_id", &id.user_id), ("phone", &id.phone)] {
        let Some(name) = name else { continue };
        let former = holder(&mut *db, kind, Some(name)).await?;
        let called = sqlx::query(
            "INSERT INTO contact_names (kind, name, contact_id, current, since) VALUES ($1, $2, $3, 1, $4)
             ON CONFLICT (kind, name) DO UPDATE SET
                 contact_id = excluded.contact_id, current = 1, since = excluded.since
             WHERE contact_names.since <= excluded.since
                 AND (contact_names.contact_id <> excluded.contact_id OR contact_names.current = 0)",
        )
        .bind(kind)
        .bind(name)
        .bind(contact.to_string())
        .bind(at.timestamp_millis())
        .execute(&mut *db)
        .await?;
        keep_latest(&mut *db, contact, kind, name).await?;
        if called.rows_affected() > 0 {
            robbed.extend(former.map(|holder| holder.contact).filter(|other| *other != contact));
        }
    }
    Ok(robbed)
}

/// The numbers on WhatsApp that lead to a contact: their own, those they had, those of whoever became part of them.
pub(super) async fn phones(db: &mut SqliteConnection, id: ContactId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT name FROM contact_names WHERE contact_id = $1 AND kind = 'phone' ORDER BY name";
    Ok(sqlx::query_scalar(sql).bind(id.to_string()).fetch_all(db).await?)
}

/// Of two contacts who are to be one, has the one who wrote last be written to, so that an answer gets to where the question came
/// from; if neither ever wrote, it is the one who stays.
pub(super) async fn retire_silent(
    db: &mut SqliteConnection,
    kept: ContactId,
    gone: ContactId,
) -> Result<(), StoreError> {
    let mut heard = Vec::new();
    for id in [kept, gone] {
        let sql = "SELECT MAX(last_inbound_at) FROM interactions WHERE contact_id = $1";
        let at: Option<i64> = sqlx::query_scalar(sql).bind(id.to_string()).fetch_one(&mut *db).await?;
        heard.push(at);
    }
    let (wrote, silent) = match heard[0].cmp(&heard[1]) {
        Ordering::Greater | Ordering::Equal => (kept, gone),
        Ordering::Less => (gone, kept),
    };
    sqlx::query(
        "UPDATE contact_names SET current = 0 WHERE contact_id = $2 AND kind IN
             (SELECT kind FROM contact_names WHERE contact_id = $1 AND current = 1)",
    )
    .bind(wrote.to_string())
    .bind(silent.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Gives the names of `gone` to `kept`. Of two of the same kind, the one that began later is the one to write to.
pub(super) async fn take_names(
    db: &mut SqliteConnection,
    kept: ContactId,
    gone: ContactId,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE contact_names SET contact_id = $1,
             current = CASE WHEN since <= (SELECT k.since FROM contact_names k WHERE k.contact_id = $1
                                           AND k.kind = contact_names.kind AND k.current = 1)
                       THEN 0 ELSE current END
         WHERE contact_id = $2",
    )
    .bind(kept.to_string())
    .bind(gone.to_string())
    .execute(&mut *db)
    .await?;
    for kind in ["user_id", "phone"] {
        keep_latest(&mut *db, kept, kind, "").await?;
    }
    Ok(())
}

/// Leaves one name of a kind current; `preferred`, if two began at the same time.
async fn keep_latest(
    db: &mut SqliteConnection,
    contact: ContactId,
    kind: &str,
    preferred: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE contact_names SET current = 0
         WHERE contact_id = $1 AND kind = $2 AND current = 1 AND name <> (
             SELECT name FROM contact_names WHERE contact_id = $1 AND kind = $2 AND current = 1
             ORDER BY since DESC, CASE WHEN name = $3 THEN 0 ELSE 1 END LIMIT 1)",
    )
    .bind(contact.to_string())
    .bind(kind)
    .bind(preferred)
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps what a contact calls themselves; what is not said stays as it is.
pub async fn set_profile(
    db: &mut SqliteConnection,
    contact: ContactId,
    profile_name: Option<&str>,
    user_name: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE contacts SET profile_name = COALESCE($2, profile_name), user_name = COALESCE($3, user_name)
         WHERE id = $1",
    )
    .bind(contact.to_string())
    .bind(profile_name)
    .bind(user_name)
    .execute(db)
    .await?;
    Ok(())
}

/// Who served this contact last.
pub async fn last_agent(
    db: &mut SqliteConnection,
    contact: ContactId,
) -> Result<Option<AgentId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar("SELECT last_agent_id FROM contacts WHERE id = $1")
        .bind(contact.to_string())
        .fetch_one(db)
        .await?;
    id.map(|id| codec::id(&id, "contacts.last_agent_id")).transpose()
}

/// Notes who serves this contact now.
pub async fn note_agent(
    db: &mut SqliteConnection,
    contact: ContactId,
    agent: AgentId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE contacts SET last_agent_id = $2 WHERE id = $1")
        .bind(contact.to_string())
        .bind(agent.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Gives everything that `gone` has to `kept`. Their open sessions on the same number must have become one before.
pub async fn merge(db: &mut SqliteConnection, kept: ContactId, gone: ContactId) -> Result<(), StoreError> {
    take_names(&mut *db, kept, gone).await?;
    for statement in [
        "UPDATE sessions SET contact_id = $1 WHERE contact_id = $2",
        "UPDATE interactions SET contact_id = $1 WHERE contact_id = $2",
        "UPDATE outbox SET contact_id = $1 WHERE contact_id = $2",
        "INSERT INTO contact_details (contact_id, position, kind, value, name, same)
         SELECT $1, position + (SELECT COALESCE(MAX(position), 0) FROM contact_details WHERE contact_id = $1),
             kind, value, name, same
         FROM contact_details WHERE contact_id = $2
         ON CONFLICT (contact_id, kind, same) DO NOTHING",
        "DELETE FROM contact_details WHERE contact_id = $2 AND contact_id <> $1",
        "INSERT INTO contact_attributes (contact_id, key, position, value)
         SELECT $1, key, position + (SELECT COALESCE(MAX(position), 0) FROM contact_attributes WHERE contact_id = $1), value
         FROM contact_attributes WHERE contact_id = $2
         ON CONFLICT (contact_id, key) DO NOTHING",
        "DELETE FROM contact_attributes WHERE contact_id = $2 AND contact_id <> $1",
        "INSERT INTO favourite_contacts (agent_id, contact_id, position)
         SELECT agent_id, $1, position FROM favourite_contacts WHERE contact_id = $2
         ON CONFLICT (agent_id, contact_id) DO NOTHING",
        "DELETE FROM favourite_contacts WHERE contact_id = $2 AND contact_id <> $1",
        "UPDATE held_messages SET contact_id = $1 WHERE contact_id = $2",
        "UPDATE contact_merges SET kept = $1 WHERE kept = $2",
        "UPDATE contacts SET merged_into = $1 WHERE id = $2 OR merged_into = $2",
        "UPDATE contacts SET
             profile_name = COALESCE(profile_name, (SELECT profile_name FROM contacts WHERE id = $2)),
             user_name = COALESCE(user_name, (SELECT user_name FROM contacts WHERE id = $2)),
             name = COALESCE(name, (SELECT name FROM contacts WHERE id = $2)),
             note = COALESCE(note, (SELECT note FROM contacts WHERE id = $2)),
             blocked = MAX(blocked, (SELECT blocked FROM contacts WHERE id = $2)),
             revision = revision + 1,
             last_agent_id = COALESCE(last_agent_id, (SELECT last_agent_id FROM contacts WHERE id = $2))
         WHERE id = $1",
    ] {
        sqlx::query(statement).bind(kept.to_string()).bind(gone.to_string()).execute(&mut *db).await?;
    }
    Ok(())
}
