//! Looks into the directory. What is read depends on how much a page holds, and not on how many contacts there are.

use std::collections::BTreeSet;

use sqlx::SqliteConnection;
use waxwing_protocol::id::ContactId;

use super::Sought;
use crate::store::{StoreError, codec};

/// Up to how many contacts are sorted; of more, the sorted directory is walked through instead.
const SORTED: i64 = 3_000;

/// What stands behind everything that begins with something.
fn end_of(beginning: &str) -> String {
    format!("{beginning}\u{10ffff}")
}

fn ids(rows: &[String]) -> Result<Vec<ContactId>, StoreError> {
    rows.iter().map(|id| codec::id(id, "contact_lines.contact_id")).collect()
}

/// Those who are found, by name.
pub async fn by_name(
    db: &mut SqliteConnection,
    sought: &Sought,
    (offset, limit): (u32, u32),
) -> Result<Vec<ContactId>, StoreError> {
    let sql = match &sought.expression {
        None => {
            "SELECT contact_id FROM contact_lines WHERE $1 IS NULL ORDER BY sort_name, line LIMIT $2 OFFSET $3"
        }
        Some(expression) => {
            let count: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM (SELECT rowid FROM contact_words WHERE contact_words MATCH $1 LIMIT $2)",
            )
            .bind(expression)
            .bind(SORTED + 1)
            .fetch_one(&mut *db)
            .await?;
            if count > SORTED {
                "SELECT contact_id FROM contact_lines INDEXED BY contact_lines_by_name
                 WHERE line IN (SELECT rowid FROM contact_words WHERE contact_words MATCH $1)
                 ORDER BY sort_name, line LIMIT $2 OFFSET $3"
            } else {
                "SELECT l.contact_id FROM contact_words w JOIN contact_lines l ON l.line = w.rowid
                 WHERE contact_words MATCH $1 ORDER BY l.sort_name, l.line LIMIT $2 OFFSET $3"
            }
        }
    };
    let rows: Vec<String> =
        sqlx::query_scalar(sql).bind(&sought.expression).bind(limit).bind(offset).fetch_all(db).await?;
    ids(&rows)
}

/// Those who are found by words: first whose title or number begins as was typed, by that; then the others, newest first.
pub async fn by_words(
    db: &mut SqliteConnection,
    sought: &Sought,
    (offset, limit): (u32, u32),
) -> Result<Vec<ContactId>, StoreError> {
    let Some(expression) = &sought.expression else { return by_name(db, sought, (offset, limit)).await };
    let (page, count, others, beginning) = match (&sought.phone, &sought.title) {
        (Some(phone), _) => (FIRST_BY_PHONE, COUNT_BY_PHONE, OTHERS_BY_PHONE, phone),
        (None, Some(title)) => (FIRST_BY_NAME, COUNT_BY_NAME, OTHERS_BY_NAME, title),
        (None, None) => return by_name(db, sought, (offset, limit)).await,
    };
    let end = end_of(beginning);
    let mut rows: Vec<String> = sqlx::query_scalar(page)
        .bind(beginning)
        .bind(&end)
        .bind(limit)
        .bind(offset)
        .fetch_all(&mut *db)
        .await?;
    let found = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    if found < limit {
        let first: u32 = if found == 0 && offset > 0 {
            sqlx::query_scalar(count).bind(beginning).bind(&end).fetch_one(&mut *db).await?
        } else {
            offset + found
        };
        let more: Vec<String> = sqlx::query_scalar(others)
            .bind(beginning)
            .bind(&end)
            .bind(expression)
            .bind(limit - found)
            .bind(offset.saturating_sub(first))
            .fetch_all(db)
            .await?;
        rows.extend(more);
    }
    ids(&rows)
}

const FIRST_BY_NAME: &str = "SELECT contact_id FROM contact_lines WHERE sort_name >= $1 AND sort_name < $2
    ORDER BY sort_name, line LIMIT $3 OFFSET $4";
const COUNT_BY_NAME: &str = "SELECT COUNT(*) FROM contact_lines WHERE sort_name >= $1 AND sort_name < $2";
const OTHERS_BY_NAME: &str =
    "SELECT l.contact_id FROM contact_words w CROSS JOIN contact_lines l ON l.line = w.rowid
    WHERE contact_words MATCH $3 AND NOT (l.sort_name >= $1 AND l.sort_name < $2)
    ORDER BY w.rowid DESC LIMIT $4 OFFSET $5";

const FIRST_BY_PHONE: &str = "SELECT contact_id FROM contact_lines WHERE phone >= $1 AND phone < $2
    ORDER BY phone, line LIMIT $3 OFFSET $4";
const COUNT_BY_PHONE: &str = "SELECT COUNT(*) FROM contact_lines WHERE phone >= $1 AND phone < $2";
const OTHERS_BY_PHONE: &str =
    "SELECT l.contact_id FROM contact_words w CROSS JOIN contact_lines l ON l.line = w.rowid
    WHERE contact_words MATCH $3 AND (l.phone IS NULL OR NOT (l.phone >= $1 AND l.phone < $2))
    ORDER BY w.rowid DESC LIMIT $4 OFFSET $5";

/// Those of `among` who are found.
pub async fn those_of(
    db: &mut SqliteConnection,
    sought: &Sought,
    among: Vec<ContactId>,
) -> Result<Vec<ContactId>, StoreError> {
    let Some(expression) = &sought.expression else { return Ok(among) };
    let mut query = sqlx::QueryBuilder::new(
        "SELECT l.contact_id FROM contact_words w JOIN contact_lines l ON l.line = w.rowid WHERE contact_words MATCH ",
    );
    // The sign keeps the index from being asked for each of them by itself.
    query
        .push_bind(expression)
        .push(" AND +w.rowid IN (SELECT line FROM contact_lines WHERE contact_id IN (");
    let mut those = query.separated(", ");
    for id in &among {
        those.push_bind(id.to_string());
    }
    query.push("))");
    let rows: Vec<String> = query.build_query_scalar().fetch_all(db).await?;
    let found: BTreeSet<ContactId> = ids(&rows)?.into_iter().collect();
    Ok(among.into_iter().filter(|id| found.contains(id)).collect())
}
