//! The shelves of the library as they are kept. There are few: they are read all at once.

use sqlx::SqliteConnection;
use waxwing_protocol::{id::CategoryId, response::Category};

use super::{StoreError, codec, library::Span};

type Row = (String, Option<String>, String);

fn read((id, parent, name): Row) -> Result<Category, StoreError> {
    let parent = parent.map(|parent| codec::id(&parent, "categories.parent")).transpose()?;
    Ok(Category { id: codec::id(&id, "categories.id")?, parent, name })
}

/// All that there are.
pub async fn all(db: &mut SqliteConnection) -> Result<Vec<Category>, StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT id, parent, name FROM categories WHERE deleted = 0 ORDER BY name, id")
            .fetch_all(db)
            .await?;
    rows.into_iter().map(read).collect()
}

/// Whether there was one that is gone.
pub async fn is_gone(db: &mut SqliteConnection, id: CategoryId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM categories WHERE id = $1 AND deleted = 1)";
    Ok(sqlx::query_scalar(sql).bind(id.to_string()).fetch_one(db).await?)
}

/// Keeps one as it is now.
pub async fn put(db: &mut SqliteConnection, category: &Category, revision: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO categories (id, parent, name, revision) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE
         SET parent = excluded.parent, name = excluded.name, revision = excluded.revision, deleted = 0",
    )
    .bind(category.id.to_string())
    .bind(category.parent.map(|parent| parent.to_string()))
    .bind(&category.name)
    .bind(revision)
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps that one is gone.
pub async fn remove(db: &mut SqliteConnection, id: CategoryId, revision: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE categories SET deleted = 1, revision = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(revision)
        .execute(db)
        .await?;
    Ok(())
}

/// What has changed within a span, in the order of names, and what has gone.
pub async fn changed(
    db: &mut SqliteConnection,
    span: Span,
) -> Result<(Vec<Category>, Vec<CategoryId>), StoreError> {
    let rows: Vec<(bool, String, Option<String>, String)> = sqlx::query_as(
        "SELECT deleted, id, parent, name FROM categories WHERE revision > $1 AND revision <= $2 ORDER BY name, id",
    )
    .bind(span.after)
    .bind(span.up_to)
    .fetch_all(db)
    .await?;
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    for (deleted, id, parent, name) in rows {
        let category = read((id, parent, name))?;
        if deleted { gone.push(category.id) } else { there.push(category) }
    }
    Ok((there, gone))
}
