//! Prepared replies as they are kept: what each is now, what it was before, and that it is gone.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    id::{AgentId, CategoryId, ResponseId},
    response::{ResponseContent, StandardResponse},
};

use super::{StoreError, codec, library::Span};

/// How many versions of a response are kept beside that of now.
const KEPT_VERSIONS: u32 = 50;

/// A response as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What it is, or was before it went.
    pub response: StandardResponse,
    /// Whether it is gone.
    pub deleted: bool,
}

impl Kept {
    /// Whether an agent may see it, or could before it went.
    #[must_use]
    pub fn is_seen_by(&self, agent: AgentId) -> bool {
        self.response.content.owner.is_none_or(|owner| owner == agent)
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    content: String,
    version: u32,
    changed_at: i64,
    changed_by: String,
    deleted: bool,
}

impl Row {
    fn into_kept(self) -> Result<Kept, StoreError> {
        let response = StandardResponse {
            id: codec::id(&self.id, "responses.id")?,
            content: codec::from_json(&self.content, "responses.content")?,
            version: self.version,
            changed_at: codec::time(self.changed_at, "responses.changed_at")?,
            changed_by: self.changed_by,
        };
        Ok(Kept { response, deleted: self.deleted })
    }
}

/// One response, also one that is gone.
pub async fn get(db: &mut SqliteConnection, id: ResponseId) -> Result<Option<Kept>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, content, version, changed_at, changed_by, deleted FROM responses WHERE id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(db)
    .await?;
    row.map(Row::into_kept).transpose()
}

/// All responses, also those that are gone, in the order of their ids.
pub async fn all(db: &mut SqliteConnection) -> Result<Vec<Kept>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, content, version, changed_at, changed_by, deleted FROM responses ORDER BY id",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Row::into_kept).collect()
}

/// The form in which shortcuts are compared.
#[must_use]
pub fn plain_shortcut(shortcut: &str) -> String {
    shortcut.to_lowercase()
}

/// Keeps a response as it is now; what it was before becomes one of its versions.
pub async fn put(
    db: &mut SqliteConnection,
    response: &StandardResponse,
    revision: i64,
) -> Result<(), StoreError> {
    let (id, content) = (response.id.to_string(), &response.content);
    sqlx::query(
        "INSERT INTO response_versions (response_id, version, content, changed_at, changed_by)
         SELECT id, version, content, changed_at, changed_by FROM responses WHERE id = $1 AND deleted = 0",
    )
    .bind(&id)
    .execute(&mut *db)
    .await?;
    let is_shared = content.owner.is_none();
    sqlx::query(
        "INSERT INTO responses
             (id, owner_id, was_shared, category_id, shortcut, content, version, changed_at, changed_by, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (id) DO UPDATE
         SET owner_id = excluded.owner_id,
             was_shared = CASE WHEN excluded.was_shared = 1 THEN 1 ELSE responses.was_shared END,
             category_id = excluded.category_id, shortcut = excluded.shortcut, content = excluded.content,
             version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by,
             revision = excluded.revision, deleted = 0",
    )
    .bind(&id)
    .bind(content.owner.map(|owner| owner.to_string()))
    .bind(is_shared)
    .bind(content.category.map(|category| category.to_string()))
    .bind(content.shortcut.as_deref().map(plain_shortcut))
    .bind(codec::to_json(content)?)
    .bind(response.version)
    .bind(response.changed_at.timestamp_millis())
    .bind(&response.changed_by)
    .bind(revision)
    .execute(&mut *db)
    .await?;
    forget_versions(db, response.id, response.version.saturating_sub(KEPT_VERSIONS)).await
}

/// Forgets the versions of a response before one, and what they needed.
async fn forget_versions(db: &mut SqliteConnection, id: ResponseId, before: u32) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM response_versions WHERE response_id = $1 AND version < $2",
        "DELETE FROM response_files WHERE response_id = $1 AND version < $2",
    ] {
        sqlx::query(sql).bind(id.to_string()).bind(before).execute(&mut *db).await?;
    }
    Ok(())
}

/// Keeps that a response is gone, with all its versions.
pub async fn remove(db: &mut SqliteConnection, id: ResponseId, revision: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE responses SET deleted = 1, shortcut = NULL, revision = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(revision)
        .execute(&mut *db)
        .await?;
    forget_versions(db, id, u32::MAX).await
}

/// Moves a response without that being a change of what it says.
pub async fn set_category(
    db: &mut SqliteConnection,
    mut response: StandardResponse,
    category: Option<CategoryId>,
    revision: i64,
) -> Result<(), StoreError> {
    response.content.category = category;
    sqlx::query("UPDATE responses SET category_id = $2, content = $3, revision = $4 WHERE id = $1")
        .bind(response.id.to_string())
        .bind(category.map(|category| category.to_string()))
        .bind(codec::to_json(&response.content)?)
        .bind(revision)
        .execute(db)
        .await?;
    Ok(())
}

/// What stands in a category.
pub async fn in_category(
    db: &mut SqliteConnection,
    category: CategoryId,
) -> Result<Vec<StandardResponse>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, content, version, changed_at, changed_by, deleted FROM responses
         WHERE category_id = $1 AND deleted = 0 ORDER BY id",
    )
    .bind(category.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| Ok(row.into_kept()?.response)).collect()
}

/// What another response is called that has this shortcut: one of everybody's or, for one that is to be an agent's own, one of
/// theirs.
pub async fn with_shortcut(
    db: &mut SqliteConnection,
    shortcut: &str,
    owner: Option<AgentId>,
    but: ResponseId,
) -> Result<Option<String>, StoreError> {
    let content: Option<String> = sqlx::query_scalar(
        "SELECT content FROM responses
         WHERE shortcut = $1 AND id <> $2 AND deleted = 0 AND (owner_id IS NULL OR owner_id = $3) LIMIT 1",
    )
    .bind(plain_shortcut(shortcut))
    .bind(but.to_string())
    .bind(owner.map(|owner| owner.to_string()))
    .fetch_optional(db)
    .await?;
    let read = |content: String| codec::from_json::<ResponseContent>(&content, "responses.content");
    Ok(content.map(read).transpose()?.map(|content| content.name))
}

/// Takes the shortcuts off responses that are about to be kept anew, so that they can change them among themselves.
pub async fn free_shortcut(db: &mut SqliteConnection, id: ResponseId) -> Result<(), StoreError> {
    sqlx::query("UPDATE responses SET shortcut = NULL WHERE id = $1")
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// What a response was before its newest change, newest first.
pub async fn versions(
    db: &mut SqliteConnection,
    id: ResponseId,
) -> Result<Vec<StandardResponse>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT response_id AS id, content, version, changed_at, changed_by, 0 AS deleted FROM response_versions
         WHERE response_id = $1 ORDER BY version DESC",
    )
    .bind(id.to_string())
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| Ok(row.into_kept()?.response)).collect()
}

/// What has changed within a span and is an agent's to see, and what is gone or no longer theirs to see.
pub async fn changed(
    db: &mut SqliteConnection,
    agent: AgentId,
    span: Span,
) -> Result<(Vec<StandardResponse>, Vec<ResponseId>), StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, content, version, changed_at, changed_by, deleted FROM responses
         WHERE revision > $1 AND revision <= $2 AND (owner_id IS NULL OR owner_id = $3 OR was_shared = 1)
         ORDER BY revision, id",
    )
    .bind(span.after)
    .bind(span.up_to)
    .bind(agent.to_string())
    .fetch_all(db)
    .await?;
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    for row in rows {
        let kept = row.into_kept()?;
        if kept.deleted || !kept.is_seen_by(agent) {
            gone.push(kept.response.id);
        } else {
            there.push(kept.response);
        }
    }
    Ok((there, gone))
}

/// When a response was changed, as it is kept: to the millisecond.
#[must_use]
pub fn kept_time(now: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}
