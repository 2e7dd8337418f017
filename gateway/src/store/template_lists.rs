//! When the templates of each account are asked for next, so that a request for it outlives a restart.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::{StoreError, codec};

/// An account whose templates are to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Due {
    /// WhatsApp's id of it.
    pub account_id: String,
    /// How often it failed since it last worked.
    pub tries: u32,
}

/// Has every account of ours asked at `now`: at the start, when nothing is under way.
pub async fn want_all(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO template_lists (account_id, due_at) SELECT DISTINCT account_id, $1 FROM business_numbers WHERE true
         ON CONFLICT (account_id) DO UPDATE SET due_at = MIN(due_at, excluded.due_at)",
    )
    .bind(now.timestamp_millis())
    .execute(&mut *db)
    .await?;
    sqlx::query("UPDATE template_lists SET is_running = 0, began_at = 0").execute(db).await?;
    Ok(())
}

/// Has an account asked at `now`, or once more if that is being done.
pub async fn want(db: &mut SqliteConnection, account: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO template_lists (account_id, due_at) VALUES ($1, $2)
         ON CONFLICT (account_id) DO UPDATE SET due_at = MIN(due_at, excluded.due_at)",
    )
    .bind(account)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Has every account asked at `now` that is not being asked already.
pub async fn want_idle(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("UPDATE template_lists SET due_at = MIN(due_at, $1) WHERE is_running = 0")
        .bind(now.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// The accounts that are due at `now` and were not asked within the last `apart`.
pub async fn due(
    db: &mut SqliteConnection,
    apart: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, StoreError> {
    let sql = "SELECT account_id, tries FROM template_lists
               WHERE is_running = 0 AND due_at <= $1 AND began_at <= $2 ORDER BY account_id";
    let now_millis = now.timestamp_millis();
    Ok(sqlx::query_as(sql)
        .bind(now_millis)
        .bind(now_millis.saturating_sub(apart.num_milliseconds()))
        .fetch_all(db)
        .await?)
}

/// When the next account is due.
pub async fn next_due(
    db: &mut SqliteConnection,
    apart: TimeDelta,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let millis: Option<i64> =
        sqlx::query_scalar("SELECT MIN(MAX(due_at, began_at + $1)) FROM template_lists WHERE is_running = 0")
            .bind(apart.num_milliseconds())
            .fetch_one(db)
            .await?;
    codec::maybe_time(millis, "template_lists.due_at")
}

/// Notes that an account is asked from now on; if nobody wants it sooner, it is asked again at `next`.
pub async fn begin(
    db: &mut SqliteConnection,
    account: &str,
    next: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE template_lists SET is_running = 1, began_at = $2, due_at = $3 WHERE account_id = $1")
        .bind(account)
        .bind(now.timestamp_millis())
        .bind(next.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that an account has answered.
pub async fn settle(db: &mut SqliteConnection, account: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE template_lists SET is_running = 0, tries = 0 WHERE account_id = $1")
        .bind(account)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that an account could not be asked, and has it asked again at `next`.
pub async fn try_again(
    db: &mut SqliteConnection,
    account: &str,
    next: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE template_lists SET is_running = 0, tries = tries + 1, due_at = MIN(due_at, $2) WHERE account_id = $1",
    )
    .bind(account)
    .bind(next.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets an account that has no number of ours any more.
pub async fn forget(db: &mut SqliteConnection, account: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM template_lists WHERE account_id = $1").bind(account).execute(db).await?;
    Ok(())
}
