//! Transcripts in the journal: of each conversation one part without gaps, up to the newest message.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use sqlx::{SqliteConnection, query, query_as, query_scalar};
use waxwing_protocol::{
    api::{SessionMark, TranscriptPage},
    delivery::DeliveryState,
    id::{InteractionId, MessageId, SessionId},
    message::Message,
};

use super::tables::{json, parse, run};
use crate::desk::effect::Part;

/// The place of a message: its session, when it was sent, when stored, its id.
pub(super) type Place = (String, i64, i64, String);

pub(super) fn nanos(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(if at.timestamp() < 0 { i64::MIN } else { i64::MAX })
}

fn place(message: &Message) -> Place {
    let (sent_at, stored_at) = (nanos(message.sent_at), nanos(message.stored_at));
    (message.session.to_string(), sent_at, stored_at, message.id.to_string())
}

/// Keeps a message of a conversation, unless it is older than what is kept without gaps.
pub(super) async fn keep(
    to: &mut SqliteConnection,
    conversation: InteractionId,
    message: &Message,
) -> Result<(), sqlx::Error> {
    if has_older(to, conversation).await?
        && oldest(to, conversation).await?.is_some_and(|oldest| place(message) < oldest)
    {
        return change(to, message).await;
    }
    change(to, message).await?;
    insert(to, conversation, message).await
}

/// Changes a message wherever it is kept.
pub(super) async fn change(to: &mut SqliteConnection, message: &Message) -> Result<(), sqlx::Error> {
    let sql = "UPDATE message SET body = $1, session = $2, sent_at = $3, stored_at = $4 WHERE id = $5";
    let (session, sent_at, stored_at, id) = place(message);
    let placed = query(sql).bind(json(message)?).bind(session).bind(sent_at).bind(stored_at);
    run(placed.bind(id), to).await
}

/// Notes that a message of ours got further, if it is kept.
pub(super) async fn advance(
    to: &mut SqliteConnection,
    id: MessageId,
    state: &DeliveryState,
) -> Result<(), sqlx::Error> {
    let sql = "SELECT body FROM message WHERE id = $1 LIMIT 1";
    let body: Option<String> = query_scalar(sql).bind(id.to_string()).fetch_optional(&mut *to).await?;
    let Some(body) = body else { return Ok(()) };
    let mut message: Message = parse(&body)?;
    if message.delivery.as_mut().is_some_and(|delivery| delivery.advance(state)) {
        change(to, &message).await?;
    }
    Ok(())
}

/// Keeps the newest part as the gateway tells it, instead of what was kept.
pub(super) async fn renew(
    to: &mut SqliteConnection,
    conversation: InteractionId,
    messages: &[Arc<Message>],
    older: bool,
) -> Result<(), sqlx::Error> {
    forget(to, conversation).await?;
    set_older(to, conversation, older).await?;
    for message in messages {
        change(to, message).await?;
        insert(to, conversation, message).await?;
    }
    Ok(())
}

/// Keeps a page that came from the gateway, if it joins what is kept.
pub(super) async fn join(
    to: &mut SqliteConnection,
    conversation: InteractionId,
    part: Part,
    page: &TranscriptPage,
) -> Result<(), sqlx::Error> {
    let before = oldest(to, conversation).await?;
    let mut joins = match part {
        Part::Before(id) | Part::After(id) => holds(to, conversation, id).await?,
        Part::Newest | Part::Around(_) | Part::At(_) => before.is_none() && !page.newer,
    };
    for message in &page.messages {
        joins = joins || holds(to, conversation, message.id).await?;
    }
    if !joins {
        return Ok(());
    }
    for message in &page.messages {
        insert(to, conversation, message).await?;
    }
    for mark in &page.sessions {
        keep_session(to, conversation, mark).await?;
    }
    let reaches_back =
        page.messages.first().is_none_or(|first| before.is_none_or(|before| place(first) <= before));
    if reaches_back {
        set_older(to, conversation, page.older).await?;
    }
    Ok(())
}

/// Forgets what was said in a conversation.
pub(super) async fn forget(
    to: &mut SqliteConnection,
    conversation: InteractionId,
) -> Result<(), sqlx::Error> {
    for sql in [
        "DELETE FROM message WHERE conversation = $1",
        "DELETE FROM transcript WHERE conversation = $1",
        "DELETE FROM session WHERE conversation = $1",
    ] {
        run(query(sql).bind(conversation.to_string()), to).await?;
    }
    Ok(())
}

async fn insert(
    to: &mut SqliteConnection,
    conversation: InteractionId,
    message: &Message,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT OR IGNORE INTO message (conversation, session, sent_at, stored_at, id, body)
               VALUES ($1, $2, $3, $4, $5, $6)";
    let (session, sent_at, stored_at, id) = place(message);
    let placed = query(sql).bind(conversation.to_string()).bind(session).bind(sent_at).bind(stored_at);
    run(placed.bind(id).bind(json(message)?), to).await
}

async fn keep_session(
    to: &mut SqliteConnection,
    conversation: InteractionId,
    mark: &SessionMark,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO session (conversation, id, body) VALUES ($1, $2, $3)
               ON CONFLICT (conversation, id) DO UPDATE SET body = excluded.body";
    run(query(sql).bind(conversation.to_string()).bind(mark.session.to_string()).bind(json(mark)?), to).await
}

async fn set_older(
    to: &mut SqliteConnection,
    conversation: InteractionId,
    older: bool,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO transcript (conversation, older) VALUES ($1, $2)
               ON CONFLICT (conversation) DO UPDATE SET older = excluded.older";
    run(query(sql).bind(conversation.to_string()).bind(older), to).await
}

pub(super) async fn has_older(
    from: &mut SqliteConnection,
    conversation: InteractionId,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT older FROM transcript WHERE conversation = $1";
    let older: Option<bool> = query_scalar(sql).bind(conversation.to_string()).fetch_optional(from).await?;
    Ok(older.unwrap_or(false))
}

pub(super) async fn oldest(
    from: &mut SqliteConnection,
    conversation: InteractionId,
) -> Result<Option<Place>, sqlx::Error> {
    query_as(OLDEST).bind(conversation.to_string()).fetch_optional(from).await
}

async fn holds(
    from: &mut SqliteConnection,
    conversation: InteractionId,
    id: MessageId,
) -> Result<bool, sqlx::Error> {
    Ok(place_of(from, conversation, id).await?.is_some())
}

pub(super) async fn place_of(
    from: &mut SqliteConnection,
    conversation: InteractionId,
    id: MessageId,
) -> Result<Option<Place>, sqlx::Error> {
    query_as(PLACE).bind(id.to_string()).bind(conversation.to_string()).fetch_optional(from).await
}

/// The sessions of these messages, as the conversation shows them.
pub(super) async fn sessions(
    from: &mut SqliteConnection,
    conversation: InteractionId,
    messages: &[Message],
) -> Result<Vec<SessionMark>, sqlx::Error> {
    let told: BTreeSet<SessionId> = messages.iter().map(|message| message.session).collect();
    let bodies = query_scalar(MARKS).bind(conversation.to_string()).bind(json(&told)?);
    let bodies: Vec<String> = bodies.fetch_all(from).await?;
    bodies.iter().map(|body| parse(body)).collect()
}

/// The oldest message of a conversation.
pub(super) const OLDEST: &str = "SELECT session, sent_at, stored_at, id FROM message WHERE conversation = $1
    ORDER BY session, sent_at, stored_at, id LIMIT 1";

/// What is known of some sessions, given as a JSON list of their ids.
pub(super) const MARKS: &str = "SELECT body FROM session WHERE conversation = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id";

/// Where a message stands.
pub(super) const PLACE: &str =
    "SELECT session, sent_at, stored_at, id FROM message WHERE id = $1 AND conversation = $2";
