//! The rows of the outbox: what has still to leave, in the order in which it was accepted.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, Row as _, SqliteConnection, sqlite::SqliteRow};
use waxwing_protocol::{
    contact::WhatsAppId,
    id::{BusinessNumberId, ContactId},
    message::{Body, Quote},
};

use super::{
    StoreError, messages, reactions,
    sending::{Attempt, Kind},
    whatsapp_files,
};

/// Whose turn it is, by recipient: one business number and one contact.
pub type Recipient = (BusinessNumberId, ContactId);

/// The condition that a row is the first of its recipient.
macro_rules! is_head {
    () => {
        "o.position = (SELECT MIN(position) FROM outbox AS first
            WHERE first.business_number_id = o.business_number_id AND first.contact_id = o.contact_id)"
    };
}

/// A message, or our reaction to one, that has still to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxRow {
    /// What leaves; WhatsApp gives this back with each status.
    pub attempt: Attempt,
    /// From and to whom.
    pub recipient: Recipient,
    /// Counts the tries of this attempt that ended so that it may be tried again.
    pub tries: u32,
}

impl FromRow<'_, SqliteRow> for OutboxRow {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let kind: String = row.try_get("kind")?;
        let kind = Kind::read(&kind)
            .map_err(|error| sqlx::Error::ColumnDecode { index: "kind".to_owned(), source: error.into() })?;
        Ok(Self {
            attempt: Attempt { message: id(row, "message_id")?, kind, number: row.try_get("attempt")? },
            recipient: (id(row, "business_number_id")?, id(row, "contact_id")?),
            tries: row.try_get("tries")?,
        })
    }
}

fn id<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    row: &SqliteRow,
    column: &str,
) -> Result<T, sqlx::Error> {
    let text: String = row.try_get(column)?;
    text.parse()
        .map_err(|error: T::Err| sqlx::Error::ColumnDecode { index: column.to_owned(), source: error.into() })
}

/// What leaves.
#[derive(Debug)]
pub enum Leaving {
    /// A message.
    Message {
        /// What it says.
        body: Body,
        /// WhatsApp's id of the message it answers.
        quoted_wamid: Option<String>,
    },
    /// Our reaction to a message.
    Reaction {
        /// WhatsApp's id of that message; none if it has none any more.
        target_wamid: Option<String>,
        /// One emoji; empty to take ours off.
        emoji: String,
    },
}

/// What a row needs to be sent.
#[derive(Debug)]
pub struct Content {
    /// What leaves; none if it is out of date.
    pub leaving: Option<Leaving>,
    /// To whom.
    pub to: WhatsAppId,
}

/// What is to be done next for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// It is sent.
    Send,
    /// Its file is given to WhatsApp.
    Upload,
}

/// The first rows of up to `limit` recipients of `number` whose turn it is at `now`, longest waiting first.
pub async fn due(
    db: &mut SqliteConnection,
    number: BusinessNumberId,
    (errand, limit): (Errand, u32),
    now: DateTime<Utc>,
) -> Result<Vec<OutboxRow>, StoreError> {
    let sql = concat!(
        "SELECT * FROM outbox AS o WHERE business_number_id = $1 AND state = 'waiting' AND next_try_at <= $2 AND ",
        is_head!(),
        " AND $4 = (kind = 'message' AND EXISTS (
            SELECT 1 FROM attachments a WHERE a.message_id = o.message_id AND NOT EXISTS (
                SELECT 1 FROM whatsapp_files w
                WHERE w.file = a.file AND w.business_number_id = $1 AND w.uploaded_at > $5)))
          ORDER BY position LIMIT $3"
    );
    let rows = sqlx::query_as(sql)
        .bind(number.to_string())
        .bind(now.timestamp_millis())
        .bind(limit)
        .bind(errand == Errand::Upload)
        .bind((now - whatsapp_files::KEPT_FOR).timestamp_millis());
    Ok(rows.fetch_all(db).await?)
}

/// The oldest message of a stopped number, to find out whether the number can send again.
pub async fn probe(
    db: &mut SqliteConnection,
    number: BusinessNumberId,
) -> Result<Option<OutboxRow>, StoreError> {
    let sql = concat!(
        "SELECT * FROM outbox AS o WHERE business_number_id = $1 AND state IN ('waiting', 'held') AND ",
        is_head!(),
        " ORDER BY position LIMIT 1"
    );
    Ok(sqlx::query_as(sql).bind(number.to_string()).fetch_optional(db).await?)
}

/// When something next becomes due after `now` of itself: a try, or the end of the wait for a status.
pub async fn next_due(
    db: &mut SqliteConnection,
    now: DateTime<Utc>,
    status_wait_millis: i64,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let sql = concat!(
        "SELECT MIN(at) FROM (
            SELECT next_try_at AS at FROM outbox AS o WHERE state = 'waiting' AND next_try_at > $1 AND ",
        is_head!(),
        " UNION ALL SELECT left_at + $2 AS at FROM outbox WHERE state = 'uncertain')"
    );
    let at: Option<i64> =
        sqlx::query_scalar(sql).bind(now.timestamp_millis()).bind(status_wait_millis).fetch_one(db).await?;
    Ok(at.and_then(DateTime::from_timestamp_millis))
}

/// Notes that the request of a row leaves now.
pub async fn mark_in_flight(
    db: &mut SqliteConnection,
    row: &OutboxRow,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET state = 'in_flight', left_at = $4, tries = tries + 1
         WHERE message_id = $1 AND attempt = $2 AND kind = $3",
    )
    .bind(row.attempt.message.to_string())
    .bind(row.attempt.number)
    .bind(row.attempt.kind.word())
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that the answer of a row's request got lost; says whether the row was still there.
pub async fn mark_uncertain(db: &mut SqliteConnection, row: &OutboxRow) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 'uncertain' WHERE message_id = $1 AND attempt = $2 AND kind = $3",
    )
    .bind(row.attempt.message.to_string())
    .bind(row.attempt.number)
    .bind(row.attempt.kind.word())
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Counts a try of a row that did not leave.
pub async fn count_try(db: &mut SqliteConnection, row: &OutboxRow) -> Result<(), StoreError> {
    sqlx::query("UPDATE outbox SET tries = tries + 1 WHERE message_id = $1 AND attempt = $2 AND kind = $3")
        .bind(row.attempt.message.to_string())
        .bind(row.attempt.number)
        .bind(row.attempt.kind.word())
        .execute(db)
        .await?;
    Ok(())
}

/// Lets a row wait until `at`.
pub async fn try_again(
    db: &mut SqliteConnection,
    row: &OutboxRow,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET state = 'waiting', left_at = NULL, next_try_at = $4
         WHERE message_id = $1 AND attempt = $2 AND kind = $3",
    )
    .bind(row.attempt.message.to_string())
    .bind(row.attempt.number)
    .bind(row.attempt.kind.word())
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Holds a row, and everything that waits behind it on the same number.
pub async fn hold(db: &mut SqliteConnection, row: &OutboxRow) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET state = 'held', left_at = NULL
         WHERE (message_id = $1 AND attempt = $2 AND kind = $3) OR (business_number_id = $4 AND state = 'waiting')",
    )
    .bind(row.attempt.message.to_string())
    .bind(row.attempt.number)
    .bind(row.attempt.kind.word())
    .bind(row.recipient.0.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Lets everything that is held on a number go at `now`.
pub async fn release(
    db: &mut SqliteConnection,
    number: BusinessNumberId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE outbox SET state = 'waiting', tries = 0, next_try_at = $2
         WHERE business_number_id = $1 AND state = 'held'",
    )
    .bind(number.to_string())
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a row out; says whether it was still there.
pub async fn remove(db: &mut SqliteConnection, row: &OutboxRow) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM outbox WHERE message_id = $1 AND attempt = $2 AND kind = $3")
        .bind(row.attempt.message.to_string())
        .bind(row.attempt.number)
        .bind(row.attempt.kind.word())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The rows whose request has left without an answer ever being noted: what a crash leaves behind.
pub async fn in_flight(db: &mut SqliteConnection) -> Result<Vec<OutboxRow>, StoreError> {
    let sql = "SELECT * FROM outbox WHERE state = 'in_flight' ORDER BY position";
    Ok(sqlx::query_as(sql).fetch_all(db).await?)
}

/// The rows that have waited for a status since `left_before` or longer.
pub async fn unconfirmed(
    db: &mut SqliteConnection,
    left_before: DateTime<Utc>,
) -> Result<Vec<OutboxRow>, StoreError> {
    let sql = "SELECT * FROM outbox WHERE state = 'uncertain' AND left_at <= $1 ORDER BY position";
    Ok(sqlx::query_as(sql).bind(left_before.timestamp_millis()).fetch_all(db).await?)
}

/// What a row needs to be sent.
pub async fn content(db: &mut SqliteConnection, row: &OutboxRow) -> Result<Content, StoreError> {
    let leaving = match row.attempt.kind {
        Kind::Message => Some(message(&mut *db, row).await?),
        Kind::Reaction => reaction(&mut *db, row).await?,
    };
    let names: Vec<(String, String)> =
        sqlx::query_as("SELECT kind, name FROM contact_names WHERE contact_id = $1 AND current = 1")
            .bind(row.recipient.1.to_string())
            .fetch_all(db)
            .await?;
    let name = |kind: &str| names.iter().find(|(of, _)| of == kind).map(|(_, name)| name.clone());
    Ok(Content { leaving, to: WhatsAppId { user_id: name("user_id"), phone: name("phone") } })
}

async fn message(db: &mut SqliteConnection, row: &OutboxRow) -> Result<Leaving, StoreError> {
    let (body, quote): (String, Option<String>) =
        sqlx::query_as("SELECT body, quote FROM messages WHERE id = $1")
            .bind(row.attempt.message.to_string())
            .fetch_one(&mut *db)
            .await?;
    let body = serde_json::from_str(&body).map_err(|_damaged| StoreError::Unreadable { what: "body" })?;
    let quote: Option<Quote> = quote
        .map(|quote| serde_json::from_str(&quote))
        .transpose()
        .map_err(|_damaged| StoreError::Unreadable { what: "quote" })?;
    let mut quoted_wamid = None;
    if let Some(quoted) = quote.and_then(|quote| quote.message) {
        quoted_wamid = messages::wamid(db, quoted).await?;
    }
    Ok(Leaving::Message { body, quoted_wamid })
}

async fn reaction(db: &mut SqliteConnection, row: &OutboxRow) -> Result<Option<Leaving>, StoreError> {
    let kept = reactions::of(&mut *db, row.attempt.message).await?;
    let Some(ours) = kept.into_iter().find(|kept| kept.attempt == Some(row.attempt.number)) else {
        return Ok(None);
    };
    let target_wamid = messages::wamid(db, row.attempt.message).await?;
    Ok(Some(Leaving::Reaction { target_wamid, emoji: ours.reaction.emoji }))
}

/// How many rows are in a state.
pub async fn count(db: &mut SqliteConnection, state: &str) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE state = $1").bind(state).fetch_one(db).await?)
}
