//! Templates of notifications: as WhatsApp last had them, each with the number of its last change in the library.

use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    id::{BusinessNumberId, TemplateId},
    template::Template,
};

use super::{
    Change, StoreError, codec,
    library::{self, Span},
};

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it was last.
    pub template: Template,
    /// Whether it is gone from WhatsApp.
    pub is_removed: bool,
}

#[derive(FromRow)]
struct Row {
    content: String,
    is_removed: bool,
}

impl Row {
    fn into_kept(self) -> Result<Kept, StoreError> {
        let template = codec::from_json(&self.content, "templates.content")?;
        Ok(Kept { template, is_removed: self.is_removed })
    }
}

/// A template that WhatsApp has.
pub async fn get(db: &mut SqliteConnection, id: TemplateId) -> Result<Option<Template>, StoreError> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM templates WHERE id = $1 AND is_removed = 0")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.into_kept()?.template)).transpose()
}

/// A template by what WhatsApp calls it.
pub async fn called(
    db: &mut SqliteConnection,
    account: &str,
    (name, language): (&str, &str),
) -> Result<Option<Kept>, StoreError> {
    let sql = "SELECT * FROM templates WHERE account_id = $1 AND name = $2 AND language = $3";
    let row: Option<Row> =
        sqlx::query_as(sql).bind(account).bind(name).bind(language).fetch_optional(db).await?;
    row.map(Row::into_kept).transpose()
}

/// All templates of an account, those that are gone among them.
pub async fn of_account(db: &mut SqliteConnection, account: &str) -> Result<Vec<Kept>, StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT * FROM templates WHERE account_id = $1 ORDER BY name, language")
            .bind(account)
            .fetch_all(db)
            .await?;
    rows.into_iter().map(Row::into_kept).collect()
}

/// Our numbers that belong to an account.
pub async fn numbers_of(
    db: &mut SqliteConnection,
    account: &str,
) -> Result<Vec<BusinessNumberId>, StoreError> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM business_numbers WHERE account_id = $1 ORDER BY id")
            .bind(account)
            .fetch_all(db)
            .await?;
    ids.iter().map(|id| codec::id(id, "business_numbers.id")).collect()
}

/// Keeps a template that is new or has changed.
pub async fn put(change: &mut Change, account: &str, template: &Template) -> Result<(), StoreError> {
    let revision = library::next_revision(change).await?;
    sqlx::query(
        "INSERT INTO templates (id, account_id, name, language, content, is_removed, revision)
         VALUES ($1, $2, $3, $4, $5, 0, $6)
         ON CONFLICT (account_id, name, language)
         DO UPDATE SET content = excluded.content, is_removed = 0, revision = excluded.revision",
    )
    .bind(template.id.to_string())
    .bind(account)
    .bind(&template.name)
    .bind(&template.language)
    .bind(codec::to_json(template)?)
    .bind(revision)
    .execute(change.db())
    .await?;
    Ok(())
}

/// Notes that a template is gone.
pub async fn remove(change: &mut Change, id: TemplateId) -> Result<(), StoreError> {
    let revision = library::next_revision(change).await?;
    sqlx::query("UPDATE templates SET is_removed = 1, revision = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(revision)
        .execute(change.db())
        .await?;
    Ok(())
}

/// What has changed within a span, in the order of names, and what has gone.
pub async fn changed(
    db: &mut SqliteConnection,
    span: Span,
) -> Result<(Vec<Template>, Vec<TemplateId>), StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT * FROM templates WHERE revision > $1 AND revision <= $2 ORDER BY name, language, id",
    )
    .bind(span.after)
    .bind(span.up_to)
    .fetch_all(db)
    .await?;
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    for row in rows {
        let Kept { template, is_removed } = row.into_kept()?;
        if is_removed { gone.push(template.id) } else { there.push(template) }
    }
    Ok((there, gone))
}

/// How many templates there are, and how many of them can be sent.
pub async fn counts(db: &mut SqliteConnection) -> Result<(i64, i64), StoreError> {
    Ok(sqlx::query_as(
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE json_extract(content, '$.status') = 'approved')
         FROM templates WHERE is_removed = 0",
    )
    .fetch_one(db)
    .await?)
}
