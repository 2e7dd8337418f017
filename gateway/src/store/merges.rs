//! Contacts that agents made one, with what went over, so that they can be taken apart again.
//!
//! Names and sessions go over; what agents said of the other contact is copied, so that it is still there as it was when they
//! are two again. [`Undo`] tells what came, and only that goes back: what was said and changed since then stays.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    directory::MergeInfo,
    id::{ContactId, MergeId},
};

use super::{StoreError, codec, contacts};

/// A name by which WhatsApp calls a contact: its kind, itself, and whether it is the one to write to.
type Name = (String, String, bool);

/// What made two contacts one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// When.
    at: i64,
    /// Names that went over.
    names: Vec<Name>,
    /// Names of whoever stayed, as they were.
    own_names: Vec<Name>,
    /// Sessions that went over.
    sessions: Vec<String>,
    /// Details that were copied, by kind and by what makes them the same.
    details: Vec<(String, String)>,
    /// Attributes that were copied.
    attributes: Vec<(String, String)>,
    /// Whose favourite the one who stayed became.
    favourites: Vec<String>,
    /// What was said of whoever stayed, before and after.
    said: (Said, Said),
    /// Who was part of the other before.
    parts: Vec<String>,
    /// What is held of the other.
    held: Vec<i64>,
}

/// What a contact is called, and what is noted about them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
struct Said {
    profile_name: Option<String>,
    user_name: Option<String>,
    name: Option<String>,
    note: Option<String>,
    last_agent_id: Option<String>,
}

/// A merge as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Who stayed.
    pub kept: ContactId,
    /// Who went.
    pub gone: ContactId,
    /// What went over.
    pub undo: Undo,
}

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

/// One merge.
pub async fn get(db: &mut SqliteConnection, id: MergeId) -> Result<Option<Kept>, StoreError> {
    let row: Option<(String, String, String)> =
        sqlx::query_as("SELECT kept, gone, undo FROM contact_merges WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(db)
            .await?;
    let read = |(kept, gone, undo): (String, String, String)| {
        Ok(Kept {
            kept: codec::id(&kept, "contact_merges.kept")?,
            gone: codec::id(&gone, "contact_merges.gone")?,
            undo: codec::from_json(&undo, "contact_merges.undo")?,
        })
    };
    row.map(read).transpose()
}

/// Keeps that two contacts were made one.
pub async fn keep(
    db: &mut SqliteConnection,
    id: MergeId,
    (merge, name): (&Kept, &str),
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO contact_merges (id, kept, gone, name, at, by_name, undo) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.to_string())
    .bind(merge.kept.to_string())
    .bind(merge.gone.to_string())
    .bind(name)
    .bind(now.timestamp_millis())
    .bind(by)
    .bind(codec::to_json(&merge.undo)?)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets a merge that was undone.
pub async fn forget(db: &mut SqliteConnection, id: MergeId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM contact_merges WHERE id = $1").bind(id.to_string()).execute(db).await?;
    Ok(())
}

/// Whether `kept` and `gone` have sessions under way on the same number.
pub async fn collide(
    db: &mut SqliteConnection,
    (kept, gone): (ContactId, ContactId),
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (
        SELECT 1 FROM sessions a JOIN sessions b ON b.business_number_id = a.business_number_id
        WHERE a.contact_id = $1 AND b.contact_id = $2 AND a.ended_at IS NULL AND b.ended_at IS NULL)";
    Ok(sqlx::query_scalar(sql).bind(kept.to_string()).bind(gone.to_string()).fetch_one(db).await?)
}

/// What those were called who became part of a contact, or of one who did.
pub(super) async fn names_of_parts(
    db: &mut SqliteConnection,
    kept: ContactId,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT name FROM contact_merges
               WHERE kept = $1 OR kept IN (SELECT id FROM contacts WHERE merged_into = $1) ORDER BY at, id";
    list(db, sql, &kept.to_string()).await
}

/// Makes `gone` a part of `kept`, and tells what went over.
pub async fn unite(
    db: &mut SqliteConnection,
    ids: (ContactId, ContactId),
    note_limit: usize,
    now: DateTime<Utc>,
) -> Result<Undo, StoreError> {
    let (kept, gone) = (ids.0.to_string(), ids.1.to_string());
    let before = said(&mut *db, &kept).await?;
    let other = said(&mut *db, &gone).await?;
    // Whoever stays goes by the name they went by: of names, only such come as have less weight than that.
    let has = |name: &Option<String>| name.as_deref().is_some_and(|name| !name.trim().is_empty());
    let goes_by_user_name = has(&before.user_name) && !has(&before.profile_name);
    let has_name = has(&before.profile_name) || has(&before.user_name);
    let after = Said {
        profile_name: before
            .profile_name
            .clone()
            .or(other.profile_name.filter(|_name| has(&before.name) || !goes_by_user_name)),
        user_name: before.user_name.clone().or(other.user_name),
        name: before.name.clone().or(other.name.filter(|_name| !has_name)),
        note: joined(before.note.as_ref(), other.note.as_ref(), note_limit),
        last_agent_id: before.last_agent_id.clone().or(other.last_agent_id),
    };
    let undo = Undo {
        at: now.timestamp_millis(),
        names: names(&mut *db, &gone).await?,
        own_names: names(&mut *db, &kept).await?,
        sessions: list(&mut *db, "SELECT id FROM sessions WHERE contact_id = $1 ORDER BY id", &gone).await?,
        details: copied(&mut *db, COPY_DETAILS, (&kept, &gone)).await?,
        attributes: copied(&mut *db, COPY_ATTRIBUTES, (&kept, &gone)).await?,
        favourites: copied_favourites(&mut *db, &kept, &gone).await?,
        said: (before, after.clone()),
        parts: list(&mut *db, "SELECT id FROM contacts WHERE merged_into = $1 ORDER BY id", &gone).await?,
        held: sqlx::query_scalar("SELECT id FROM held_messages WHERE contact_id = $1 ORDER BY id")
            .bind(&gone)
            .fetch_all(&mut *db)
            .await?,
    };
    contacts::retire_silent(&mut *db, ids.0, ids.1).await?;
    contacts::take_names(&mut *db, ids.0, ids.1).await?;
    for statement in [
        "UPDATE sessions SET contact_id = $1 WHERE contact_id = $2",
        "UPDATE interactions SET contact_id = $1 WHERE contact_id = $2",
        "UPDATE outbox SET contact_id = $1 WHERE contact_id = $2",
        "UPDATE held_messages SET contact_id = $1 WHERE contact_id = $2",
        "UPDATE contacts SET merged_into = $1 WHERE id = $2 OR merged_into = $2",
        "UPDATE contacts SET revision = revision + 1 WHERE id IN ($1, $2)",
    ] {
        sqlx::query(statement).bind(&kept).bind(&gone).execute(&mut *db).await?;
    }
    say(db, &kept, &after).await?;
    Ok(undo)
}

/// Two notes one under the other, if there is room for both.
fn joined(one: Option<&String>, other: Option<&String>, limit: usize) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => {
            let both = format!("{one}\n\n{other}");
            Some(if both.len() > limit { one.clone() } else { both })
        }
        (one, other) => one.or(other).cloned(),
    }
}

async fn said(db: &mut SqliteConnection, id: &str) -> Result<Said, StoreError> {
    let sql = "SELECT profile_name, user_name, name, note, last_agent_id FROM contacts WHERE id = $1";
    Ok(sqlx::query_as(sql).bind(id).fetch_one(db).await?)
}

async fn say(db: &mut SqliteConnection, id: &str, said: &Said) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE contacts SET profile_name = $2, user_name = $3, name = $4, note = $5, last_agent_id = $6 WHERE id = $1",
    )
    .bind(id)
    .bind(&said.profile_name)
    .bind(&said.user_name)
    .bind(&said.name)
    .bind(&said.note)
    .bind(&said.last_agent_id)
    .execute(db)
    .await?;
    Ok(())
}

async fn names(db: &mut SqliteConnection, id: &str) -> Result<Vec<Name>, StoreError> {
    let sql = "SELECT kind, name, current FROM contact_names WHERE contact_id = $1 ORDER BY kind, name";
    Ok(sqlx::query_as(sql).bind(id).fetch_all(db).await?)
}

async fn list(db: &mut SqliteConnection, sql: &'static str, id: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(sql).bind(id).fetch_all(db).await?)
}

const COPY_DETAILS: &str = "INSERT INTO contact_details (contact_id, position, kind, value, name, same)
    SELECT $1, position + (SELECT COALESCE(MAX(position), 0) FROM contact_details WHERE contact_id = $1),
        kind, value, name, same
    FROM contact_details WHERE contact_id = $2
    ON CONFLICT (contact_id, kind, same) DO NOTHING RETURNING kind, same";

const COPY_ATTRIBUTES: &str = "INSERT INTO contact_attributes (contact_id, key, position, value)
    SELECT $1, key, position + (SELECT COALESCE(MAX(position), 0) FROM contact_attributes WHERE contact_id = $1), value
    FROM contact_attributes WHERE contact_id = $2
    ON CONFLICT (contact_id, key) DO NOTHING RETURNING key, value";

async fn copied(
    db: &mut SqliteConnection,
    sql: &'static str,
    (kept, gone): (&str, &str),
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(sqlx::query_as(sql).bind(kept).bind(gone).fetch_all(db).await?)
}

async fn copied_favourites(
    db: &mut SqliteConnection,
    kept: &str,
    gone: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO favourite_contacts (agent_id, contact_id, position)
         SELECT agent_id, $1, position FROM favourite_contacts WHERE contact_id = $2
         ON CONFLICT (agent_id, contact_id) DO NOTHING RETURNING agent_id",
    )
    .bind(kept)
    .bind(gone)
    .fetch_all(db)
    .await?)
}

/// Makes two of one again. What has become of what came since then stays where it is.
pub async fn part(db: &mut SqliteConnection, merge: &Kept) -> Result<(), StoreError> {
    let (kept, gone, undo) = (merge.kept.to_string(), merge.gone.to_string(), &merge.undo);
    let later = goes_with_names(&mut *db, &kept, undo).await?;
    for (kind, name, current) in &undo.names {
        sqlx::query(
            "UPDATE contact_names SET contact_id = $1, current = $2 WHERE kind = $3 AND name = $4 AND contact_id = $5",
        )
        .bind(&gone)
        .bind(current)
        .bind(kind)
        .bind(name)
        .bind(&kept)
        .execute(&mut *db)
        .await?;
    }
    for (kind, name, current) in undo.own_names.iter().filter(|(_, _, current)| *current) {
        sqlx::query(
            "UPDATE contact_names SET current = $1 WHERE kind = $2 AND name = $3 AND contact_id = $4
                 AND NOT EXISTS (SELECT 1 FROM contact_names k WHERE k.contact_id = $4 AND k.kind = $2 AND k.current = 1)",
        )
        .bind(current)
        .bind(kind)
        .bind(name)
        .bind(&kept)
        .execute(&mut *db)
        .await?;
    }
    for session in undo.sessions.iter().chain(&later) {
        for statement in [
            "UPDATE outbox SET contact_id = $1 WHERE message_id IN (SELECT id FROM messages WHERE session_id = $2)",
            "UPDATE interactions SET contact_id = $1 WHERE session_id = $2 AND contact_id = $3",
            "UPDATE sessions SET contact_id = $1 WHERE id = $2 AND contact_id = $3",
        ] {
            sqlx::query(statement).bind(&gone).bind(session).bind(&kept).execute(&mut *db).await?;
        }
    }
    take_back(&mut *db, &kept, undo).await?;
    for held in &undo.held {
        sqlx::query("UPDATE held_messages SET contact_id = $1 WHERE id = $2")
            .bind(&gone)
            .bind(held)
            .execute(&mut *db)
            .await?;
    }
    for contact in undo.parts.iter().chain([&gone]) {
        let into = (contact != &gone).then_some(&gone);
        sqlx::query("UPDATE contacts SET merged_into = $1 WHERE id = $2 AND merged_into = $3")
            .bind(into)
            .bind(contact)
            .bind(&kept)
            .execute(&mut *db)
            .await?;
    }
    sqlx::query("UPDATE contacts SET revision = revision + 1 WHERE id IN ($1, $2)")
        .bind(&kept)
        .bind(&gone)
        .execute(db)
        .await?;
    Ok(())
}

/// The sessions that began since then and belong to whoever went: all of them, if theirs is the name that was written to
/// meanwhile, while whoever stayed had one, too.
async fn goes_with_names(
    db: &mut SqliteConnection,
    kept: &str,
    undo: &Undo,
) -> Result<Vec<String>, StoreError> {
    let now = names(&mut *db, kept).await?;
    let is_theirs = |kind: &str| {
        let current = now.iter().find(|(other, _, current)| other == kind && *current);
        current.is_some_and(|(_, name, _)| {
            undo.names.iter().any(|(other, theirs, _)| other == kind && theirs == name)
        })
    };
    let had = |kind: &str| undo.own_names.iter().any(|(other, _, current)| other == kind && *current);
    let kinds = ["user_id", "phone"];
    if !kinds.iter().any(|kind| had(kind)) || !kinds.iter().all(|kind| !had(kind) || is_theirs(kind)) {
        return Ok(Vec::new());
    }
    let sql = "SELECT id FROM sessions WHERE contact_id = $1 AND started_at >= $2 ORDER BY id";
    let later: Vec<String> = sqlx::query_scalar(sql).bind(kept).bind(undo.at).fetch_all(db).await?;
    Ok(later.into_iter().filter(|session| !undo.sessions.contains(session)).collect())
}

/// Takes what was copied away from whoever stayed, unless it has been changed since.
async fn take_back(db: &mut SqliteConnection, kept: &str, undo: &Undo) -> Result<(), StoreError> {
    let copies = undo.details.iter().map(|(kind, same)| {
        ("DELETE FROM contact_details WHERE contact_id = $1 AND kind = $2 AND same = $3", kind, same)
    });
    let attributes = undo.attributes.iter().map(|(key, value)| {
        ("DELETE FROM contact_attributes WHERE contact_id = $1 AND key = $2 AND value = $3", key, value)
    });
    for (statement, one, other) in copies.chain(attributes) {
        sqlx::query(statement).bind(kept).bind(one).bind(other).execute(&mut *db).await?;
    }
    for agent in &undo.favourites {
        sqlx::query("DELETE FROM favourite_contacts WHERE contact_id = $1 AND agent_id = $2")
            .bind(kept)
            .bind(agent)
            .execute(&mut *db)
            .await?;
    }
    let now = said(&mut *db, kept).await?;
    let (before, after) = &undo.said;
    let back = |now: Option<String>, before: &Option<String>, after: &Option<String>| {
        if now == *after { before.clone() } else { now }
    };
    let said = Said {
        profile_name: back(now.profile_name, &before.profile_name, &after.profile_name),
        user_name: back(now.user_name, &before.user_name, &after.user_name),
        name: back(now.name, &before.name, &after.name),
        note: back(now.note, &before.note, &after.note),
        last_agent_id: back(now.last_agent_id, &before.last_agent_id, &after.last_agent_id),
    };
    say(db, kept, &said).await
}
