//! Messages as they are kept: what was said, how far ours got, what was done to them since.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    delivery::DeliveryState,
    id::{ClientRef, InteractionId, MessageId},
    interaction::Interaction,
    message::{Author, Body, Earlier, Message},
};

use super::{StoreError, codec, reactions, said, search};

#[derive(FromRow)]
pub(super) struct Row {
    id: String,
    interaction_id: String,
    session_id: String,
    author: String,
    body: String,
    fallback: String,
    sent_at: i64,
    stored_at: i64,
    client_ref: Option<String>,
    attempt: Option<u32>,
    delivery: Option<String>,
    delivery_at: Option<i64>,
    quote: Option<String>,
    forwarded: Option<String>,
    reactions: String,
    reached: String,
    earlier: String,
    referral: Option<String>,
}

impl Row {
    pub(super) fn into_message(self) -> Result<Message, StoreError> {
        let delivery = match (self.attempt, self.delivery, self.delivery_at) {
            (Some(attempt), Some(delivery), Some(at)) => Some(DeliveryState {
                attempt,
                delivery: codec::from_json(&delivery, "messages.delivery")?,
                at: codec::time(at, "messages.delivery_at")?,
                reached: codec::from_json(&self.reached, "messages.reached")?,
            }),
            _ => None,
        };
        Ok(Message {
            id: codec::id(&self.id, "messages.id")?,
            interaction: codec::id(&self.interaction_id, "messages.interaction_id")?,
            session: codec::id(&self.session_id, "messages.session_id")?,
            author: codec::from_json(&self.author, "messages.author")?,
            body: codec::from_json(&self.body, "messages.body")?,
            fallback: self.fallback,
            sent_at: codec::time(self.sent_at, "messages.sent_at")?,
            stored_at: codec::time(self.stored_at, "messages.stored_at")?,
            client_ref: self.client_ref.map(|id| codec::id(&id, "messages.client_ref")).transpose()?,
            delivery,
            quote: self.quote.map(|quote| codec::from_json(&quote, "messages.quote")).transpose()?,
            forwarded: self
                .forwarded
                .map(|text| codec::from_json(&text, "messages.forwarded"))
                .transpose()?,
            reactions: reactions::shown(&self.reactions)?,
            earlier: codec::from_json(&self.earlier, "messages.earlier")?,
            referral: self.referral.map(|text| codec::from_json(&text, "messages.referral")).transpose()?,
        })
    }
}

/// What is kept of a message beside the message itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// WhatsApp's id of it.
    pub wamid: Option<&'a str>,
    /// WhatsApp's own object.
    pub raw: Option<&'a str>,
    /// The start of the pending response that it answers.
    pub answered_since: Option<DateTime<Utc>>,
}

/// Keeps a new message.
pub async fn add(db: &mut SqliteConnection, message: &Message, beside: Beside<'_>) -> Result<(), StoreError> {
    let delivery = message.delivery.as_ref();
    let folded = search::folded(&message.body, &message.fallback);
    sqlx::query(
        "INSERT INTO messages (id, interaction_id, session_id, author, body, fallback, raw, sent_at, stored_at,
             wamid, client_ref, attempt, delivery, delivery_at, reached, answered_since, quote, forwarded, referral, folded)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
    )
    .bind(message.id.to_string())
    .bind(message.interaction.to_string())
    .bind(message.session.to_string())
    .bind(codec::to_json(&message.author)?)
    .bind(codec::to_json(&message.body)?)
    .bind(&message.fallback)
    .bind(beside.raw)
    .bind(message.sent_at.timestamp_millis())
    .bind(message.stored_at.timestamp_millis())
    .bind(beside.wamid)
    .bind(message.client_ref.map(|id| id.to_string()))
    .bind(delivery.map(|state| state.attempt))
    .bind(delivery.map(|state| codec::to_json(&state.delivery)).transpose()?)
    .bind(delivery.map(|state| state.at.timestamp_millis()))
    .bind(codec::to_json(delivery.map_or(&[][..], |state| &state.reached))?)
    .bind(beside.answered_since.map(|at| at.timestamp_millis()))
    .bind(message.quote.as_ref().map(codec::to_json).transpose()?)
    .bind(message.forwarded.as_ref().map(codec::to_json).transpose()?)
    .bind(message.referral.as_ref().map(codec::to_json).transpose()?)
    .bind(&folded)
    .execute(&mut *db)
    .await?;
    said::add(db, message.id, message.interaction, &folded).await
}

/// One message.
pub async fn get(db: &mut SqliteConnection, id: MessageId) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM messages WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    row.map(Row::into_message).transpose()
}

/// The message that a desktop calls by this name.
pub async fn called(db: &mut SqliteConnection, client_ref: ClientRef) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM messages WHERE client_ref = $1")
        .bind(client_ref.to_string())
        .fetch_optional(db)
        .await?;
    row.map(Row::into_message).transpose()
}

/// The message that WhatsApp calls by this name, whichever attempt it was.
pub async fn by_wamid(db: &mut SqliteConnection, wamid: &str) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT * FROM messages WHERE wamid = $1
             OR id IN (SELECT message_id FROM attempts WHERE wamid = $1 AND kind = 'message') LIMIT 1",
    )
    .bind(wamid)
    .fetch_optional(db)
    .await?;
    row.map(Row::into_message).transpose()
}

/// What WhatsApp calls a message; none if it has not got it.
pub async fn wamid(db: &mut SqliteConnection, id: MessageId) -> Result<Option<String>, StoreError> {
    let wamid: Option<Option<String>> = sqlx::query_scalar("SELECT wamid FROM messages WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    Ok(wamid.flatten())
}

/// Everything said in an interaction, oldest first.
pub async fn transcript(
    db: &mut SqliteConnection,
    interaction: InteractionId,
) -> Result<Vec<Message>, StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT * FROM messages WHERE interaction_id = $1 ORDER BY sent_at, stored_at, id")
            .bind(interaction.to_string())
            .fetch_all(db)
            .await?;
    rows.into_iter().map(Row::into_message).collect()
}

/// Keeps how far a message got.
pub async fn set_delivery(
    db: &mut SqliteConnection,
    id: MessageId,
    state: &DeliveryState,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE messages SET attempt = $2, delivery = $3, delivery_at = $4, failed = $5, reached = $6 WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(state.attempt)
    .bind(codec::to_json(&state.delivery)?)
    .bind(state.at.timestamp_millis())
    .bind(state.delivery.is_failed())
    .bind(codec::to_json(&state.reached)?)
    .execute(db)
    .await?;
    Ok(())
}

/// Begins another attempt: it has no name of WhatsApp's yet, and answers what is pending now.
pub async fn begin_attempt(
    db: &mut SqliteConnection,
    id: MessageId,
    state: &DeliveryState,
    answered_since: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    set_delivery(&mut *db, id, state).await?;
    sqlx::query(
        "UPDATE messages SET wamid = NULL, answered_since = COALESCE($2, answered_since) WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(answered_since.map(|at| at.timestamp_millis()))
    .execute(db)
    .await?;
    Ok(())
}

/// The start of the pending response that our newest message here answered.
pub async fn newest_answered_since(
    db: &mut SqliteConnection,
    interaction: InteractionId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let millis: Option<Option<i64>> = sqlx::query_scalar(
        "SELECT answered_since FROM messages WHERE interaction_id = $1 AND attempt IS NOT NULL
         ORDER BY stored_at DESC, id DESC LIMIT 1",
    )
    .bind(interaction.to_string())
    .fetch_optional(db)
    .await?;
    codec::maybe_time(millis.flatten(), "messages.answered_since")
}

/// Since when the contact is unanswered after all because what answered them failed; none if something else answered them.
pub async fn unanswered_since(
    db: &mut SqliteConnection,
    interaction: InteractionId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let millis: Option<i64> = sqlx::query_scalar(
        "SELECT MIN(m.answered_since) FROM messages m
         WHERE m.interaction_id = $1 AND m.failed = 1 AND NOT EXISTS (
             SELECT 1 FROM messages n
             WHERE n.interaction_id = $1 AND n.attempt IS NOT NULL AND n.failed = 0
               AND n.stored_at >= m.answered_since)",
    )
    .bind(interaction.to_string())
    .fetch_one(db)
    .await?;
    codec::maybe_time(millis, "messages.answered_since")
}

/// When the contact's first message after `after` was stored.
pub async fn first_of_contact_after(
    db: &mut SqliteConnection,
    interaction: InteractionId,
    after: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let millis: Option<i64> = sqlx::query_scalar(
        "SELECT MIN(stored_at) FROM messages WHERE interaction_id = $1 AND author = $2 AND stored_at > $3",
    )
    .bind(interaction.to_string())
    .bind(codec::to_json(&Author::Contact)?)
    .bind(after.timestamp_millis())
    .fetch_one(db)
    .await?;
    codec::maybe_time(millis, "messages.stored_at")
}

/// What WhatsApp calls the contact's newest message in an interaction, and its timestamp.
pub async fn newest_of_contact(
    db: &mut SqliteConnection,
    interaction: InteractionId,
) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
    let row: Option<(String, i64)> = sqlx::query_as(
        "SELECT wamid, sent_at FROM messages WHERE interaction_id = $1 AND author = $2 AND wamid IS NOT NULL
         ORDER BY sent_at DESC, stored_at DESC, id DESC LIMIT 1",
    )
    .bind(interaction.to_string())
    .bind(codec::to_json(&Author::Contact)?)
    .fetch_optional(db)
    .await?;
    row.map(|(wamid, sent_at)| Ok((wamid, codec::time(sent_at, "messages.sent_at")?))).transpose()
}

/// When the newest message here was stored.
pub async fn last_stored_at(
    db: &mut SqliteConnection,
    interaction: InteractionId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let millis: Option<i64> =
        sqlx::query_scalar("SELECT MAX(stored_at) FROM messages WHERE interaction_id = $1")
            .bind(interaction.to_string())
            .fetch_one(db)
            .await?;
    codec::maybe_time(millis, "messages.stored_at")
}

/// Says a message differently, unless it has been said differently later already.
pub async fn rewrite(
    db: &mut SqliteConnection,
    id: MessageId,
    body: &Body,
    fallback: &str,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let place = said::lift(&mut *db, id).await?;
    let rewritten = sqlx::query(
        "UPDATE messages SET body = $2, fallback = $3, edited_at = $4, folded = $6
         WHERE id = $1 AND body <> $5 AND COALESCE(edited_at, 0) <= $4",
    )
    .bind(id.to_string())
    .bind(codec::to_json(body)?)
    .bind(fallback)
    .bind(at.timestamp_millis())
    .bind(codec::to_json(&Body::Deleted)?)
    .bind(search::folded(body, fallback))
    .execute(&mut *db)
    .await?;
    said::lay(db, id, place).await?;
    Ok(rewritten.rows_affected() == 1)
}

/// WhatsApp's timestamp of a message's newest edit.
pub async fn edited_at(
    db: &mut SqliteConnection,
    id: MessageId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let millis: Option<i64> = sqlx::query_scalar("SELECT edited_at FROM messages WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(db)
        .await?;
    codec::maybe_time(millis, "messages.edited_at")
}

/// Keeps more of what a message says than was known; it says the same.
pub async fn set_body(db: &mut SqliteConnection, id: MessageId, body: &Body) -> Result<(), StoreError> {
    sqlx::query("UPDATE messages SET body = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(codec::to_json(body)?)
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps what a message said before.
pub async fn set_earlier(
    db: &mut SqliteConnection,
    id: MessageId,
    earlier: &[Earlier],
) -> Result<(), StoreError> {
    sqlx::query("UPDATE messages SET earlier = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(codec::to_json(earlier)?)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets what a message said, because its author took it back.
pub async fn erase(db: &mut SqliteConnection, id: MessageId, fallback: &str) -> Result<(), StoreError> {
    said::lift(&mut *db, id).await?;
    sqlx::query("UPDATE messages SET body = $2, fallback = $3, raw = NULL, folded = '' WHERE id = $1")
        .bind(id.to_string())
        .bind(codec::to_json(&Body::Deleted)?)
        .bind(fallback)
        .execute(db)
        .await?;
    Ok(())
}

/// Moves everything said in one interaction to another.
pub async fn move_to(
    db: &mut SqliteConnection,
    from: InteractionId,
    to: &Interaction,
) -> Result<(), StoreError> {
    said::move_to(&mut *db, from, to.id).await?;
    sqlx::query("UPDATE messages SET interaction_id = $2, session_id = $3 WHERE interaction_id = $1")
        .bind(from.to_string())
        .bind(to.id.to_string())
        .bind(to.session.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Keeps what is to be done to a message that is not known yet.
pub async fn keep_waiting(
    db: &mut SqliteConnection,
    target: &str,
    operation: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO waiting_operations (target, operation, at) VALUES ($1, $2, $3)")
        .bind(target)
        .bind(operation)
        .bind(at.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Takes out what was to be done to a message that is known now, oldest first.
pub async fn take_waiting(
    db: &mut SqliteConnection,
    target: &str,
) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
    let mut rows: Vec<(i64, String)> =
        sqlx::query_as("DELETE FROM waiting_operations WHERE target = $1 RETURNING at, operation")
            .bind(target)
            .fetch_all(db)
            .await?;
    rows.sort();
    rows.into_iter()
        .map(|(at, operation)| Ok((operation, codec::time(at, "waiting_operations.at")?)))
        .collect()
}
