//! Transcripts by the page: what was said with a contact on a number, through all their sessions.
//!
//! Sessions stand in the order in which they began, and messages of one session in the order of `sent_at`, `stored_at` and id.
//! A page goes from a place in that order into one direction, a session at a time, each read off its index: what it costs
//! depends on how much it holds and never on how long the conversation is. Only finding that place by its time costs a look
//! into the index for each session before it: messages say to which session they belong, not to which conversation.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    api::SessionMark,
    delivery::DeliveryState,
    id::{BusinessNumberId, ContactId, InteractionId, MessageId, SessionId},
    interaction::Interaction,
    message::{Author, Message},
};

use super::{StoreError, codec, messages::Row};

/// How many messages are told of an interaction unasked.
pub const RECENT: usize = 100;
/// How many are told if more than [`RECENT`] are unanswered.
pub const RECENT_UNANSWERED: usize = 500;

/// Everything said between one contact and one of our numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    /// With whom.
    pub contact: ContactId,
    /// On which number.
    pub number: BusinessNumberId,
}

impl Thread {
    /// What an interaction is a part of.
    #[must_use]
    pub const fn of(interaction: &Interaction) -> Self {
        Self { contact: interaction.contact.id, number: interaction.business_number.id }
    }
}

/// A session's place in its thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SessionPlace {
    started_at: i64,
    id: String,
}

impl SessionPlace {
    /// The session, as it is kept.
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

/// A message's place in its thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    session: SessionPlace,
    sent_at: i64,
    stored_at: i64,
    id: String,
}

/// Which way to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards the beginning.
    Older,
    /// Towards the end.
    Newer,
}

/// Messages in the order in which they were read, and whether there is more that way.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// What was read, the nearest first.
    pub messages: Vec<Message>,
    /// Whether there is more.
    pub more: bool,
}

/// Where a message stands, if it belongs to the thread.
pub async fn place_of(
    db: &mut SqliteConnection,
    thread: Thread,
    message: MessageId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<(String, i64, i64, i64)> = sqlx::query_as(
        "SELECT s.id, s.started_at, m.sent_at, m.stored_at
         FROM messages m JOIN sessions s ON s.id = m.session_id
         WHERE m.id = $1 AND s.contact_id = $2 AND s.business_number_id = $3",
    )
    .bind(message.to_string())
    .bind(thread.contact.to_string())
    .bind(thread.number.to_string())
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(session, started_at, sent_at, stored_at)| Place {
        session: SessionPlace { started_at, id: session },
        sent_at,
        stored_at,
        id: message.to_string(),
    }))
}

const FIRST_SESSION_SINCE: &str = "SELECT s.id FROM sessions s
    WHERE s.contact_id = $1 AND s.business_number_id = $2
        AND EXISTS (SELECT 1 FROM messages m WHERE m.session_id = s.id AND m.sent_at >= $3)
    ORDER BY s.started_at, s.id LIMIT 1";

const FIRST_SINCE: &str = "SELECT id FROM messages WHERE session_id = $1 AND sent_at >= $2
    ORDER BY sent_at, stored_at, id LIMIT 1";

/// The first message of the thread that was sent at `at` or later: in the first session that has any.
pub async fn first_since(
    db: &mut SqliteConnection,
    thread: Thread,
    at: DateTime<Utc>,
) -> Result<Option<MessageId>, StoreError> {
    let session: Option<String> = sqlx::query_scalar(FIRST_SESSION_SINCE)
        .bind(thread.contact.to_string())
        .bind(thread.number.to_string())
        .bind(at.timestamp_millis())
        .fetch_optional(&mut *db)
        .await?;
    let Some(session) = session else { return Ok(None) };
    let id: String =
        sqlx::query_scalar(FIRST_SINCE).bind(session).bind(at.timestamp_millis()).fetch_one(db).await?;
    codec::id(&id, "messages.id").map(Some)
}

/// Reads at most `limit` messages on from a place, which is not among them; without one, from the far end. Of the sessions
/// that lie beyond that of the place, at most `sessions` are gone into.
pub async fn read_on(
    db: &mut SqliteConnection,
    thread: Thread,
    (from, direction): (Option<&Place>, Direction),
    (limit, sessions): (usize, Option<u32>),
) -> Result<Stretch, StoreError> {
    let mut messages = Vec::new();
    let mut place = from.cloned();
    let mut session = match from {
        Some(place) => Some(place.session.clone()),
        None => next_session(db, thread, None, direction).await?,
    };
    let mut left = sessions;
    while let Some(within) = session {
        let wanted = limit + 1 - messages.len();
        messages.extend(read_session(db, &within.id, (place.take().as_ref(), direction), wanted).await?);
        if messages.len() > limit {
            messages.truncate(limit);
            return Ok(Stretch { messages, more: true });
        }
        session = next_session(db, thread, Some(&within), direction).await?;
        if left == Some(0) {
            return Ok(Stretch { messages, more: session.is_some() });
        }
        left = left.map(|left| left - 1);
    }
    Ok(Stretch { messages, more: false })
}

const OLDER_SESSION: &str = "SELECT s.started_at, s.id FROM sessions s
    WHERE s.contact_id = $1 AND s.business_number_id = $2 AND (s.started_at, s.id) < ($3, $4)
        AND EXISTS (SELECT 1 FROM messages m WHERE m.session_id = s.id)
    ORDER BY s.started_at DESC, s.id DESC LIMIT 1";

const NEWER_SESSION: &str = "SELECT s.started_at, s.id FROM sessions s
    WHERE s.contact_id = $1 AND s.business_number_id = $2 AND (s.started_at, s.id) > ($3, $4)
        AND EXISTS (SELECT 1 FROM messages m WHERE m.session_id = s.id)
    ORDER BY s.started_at, s.id LIMIT 1";

/// The next session that way in which anything was said; without one to go on from, the first from the other end.
pub(super) async fn next_session(
    db: &mut SqliteConnection,
    thread: Thread,
    from: Option<&SessionPlace>,
    direction: Direction,
) -> Result<Option<SessionPlace>, StoreError> {
    let (sql, end) = match direction {
        Direction::Older => (OLDER_SESSION, i64::MAX),
        Direction::Newer => (NEWER_SESSION, i64::MIN),
    };
    let row: Option<(i64, String)> = sqlx::query_as(sql)
        .bind(thread.contact.to_string())
        .bind(thread.number.to_string())
        .bind(from.map_or(end, |from| from.started_at))
        .bind(from.map_or("", |from| &from.id))
        .fetch_optional(db)
        .await?;
    Ok(row.map(|(started_at, id)| SessionPlace { started_at, id }))
}

const OLDER_IN_SESSION: &str = "SELECT * FROM messages
    WHERE session_id = $1 AND (sent_at, stored_at, id) < ($2, $3, $4)
    ORDER BY sent_at DESC, stored_at DESC, id DESC LIMIT $5";

const NEWER_IN_SESSION: &str = "SELECT * FROM messages
    WHERE session_id = $1 AND (sent_at, stored_at, id) > ($2, $3, $4)
    ORDER BY sent_at, stored_at, id LIMIT $5";

async fn read_session(
    db: &mut SqliteConnection,
    session: &str,
    (from, direction): (Option<&Place>, Direction),
    limit: usize,
) -> Result<Vec<Message>, StoreError> {
    let (sql, end) = match direction {
        Direction::Older => (OLDER_IN_SESSION, i64::MAX),
        Direction::Newer => (NEWER_IN_SESSION, i64::MIN),
    };
    let rows: Vec<Row> = sqlx::query_as(sql)
        .bind(session)
        .bind(from.map_or(end, |from| from.sent_at))
        .bind(from.map_or(end, |from| from.stored_at))
        .bind(from.map_or("", |from| &from.id))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(db)
        .await?;
    rows.into_iter().map(Row::into_message).collect()
}

/// The newest part of an interaction, oldest first, and whether there is something older in its thread: [`RECENT`] messages,
/// or as many as the contact has got no answer to, up to [`RECENT_UNANSWERED`].
pub async fn recent(
    db: &mut SqliteConnection,
    interaction: &Interaction,
) -> Result<(Vec<Message>, bool), StoreError> {
    let (mut newest, mut wanted) = (newest(db, interaction.id, RECENT + 1).await?, RECENT);
    if newest.len() > RECENT && !newest[..RECENT].iter().any(is_answer) {
        newest = self::newest(db, interaction.id, RECENT_UNANSWERED + 1).await?;
        let unanswered = newest.iter().take_while(|message| !is_answer(message)).count();
        wanted = unanswered.clamp(RECENT, RECENT_UNANSWERED);
    }
    let older = newest.len() > wanted || has_earlier(db, interaction).await?;
    newest.truncate(wanted);
    newest.reverse();
    Ok((newest, older))
}

/// Whether a message answers what the contact said before it.
fn is_answer(message: &Message) -> bool {
    let failed = |state: &DeliveryState| state.delivery.is_failed();
    matches!(message.author, Author::Agent { .. }) && !message.delivery.as_ref().is_some_and(failed)
}

const NEWEST: &str = "SELECT * FROM messages WHERE interaction_id = $1
    ORDER BY sent_at DESC, stored_at DESC, id DESC LIMIT $2";

async fn newest(
    db: &mut SqliteConnection,
    interaction: InteractionId,
    limit: usize,
) -> Result<Vec<Message>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(NEWEST)
        .bind(interaction.to_string())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(db)
        .await?;
    rows.into_iter().map(Row::into_message).collect()
}

/// Whether anything was said in a session before that of an interaction.
async fn has_earlier(db: &mut SqliteConnection, interaction: &Interaction) -> Result<bool, StoreError> {
    let started_at: i64 = sqlx::query_scalar("SELECT started_at FROM sessions WHERE id = $1")
        .bind(interaction.session.to_string())
        .fetch_one(&mut *db)
        .await?;
    let session = SessionPlace { started_at, id: interaction.session.to_string() };
    Ok(next_session(db, Thread::of(interaction), Some(&session), Direction::Older).await?.is_some())
}

/// What is told of a session. Who handled it is who has it or had it last, or who served the contact last.
pub async fn mark(db: &mut SqliteConnection, session: SessionId) -> Result<SessionMark, StoreError> {
    let (started_at, ended_at, interaction, origin, agent): (
        i64,
        Option<i64>,
        String,
        String,
        Option<String>,
    ) = sqlx::query_as(
        "SELECT s.started_at, s.ended_at, i.id, i.origin, a.display_name
             FROM sessions s
             JOIN interactions i ON i.session_id = s.id
             JOIN contacts c ON c.id = s.contact_id
             LEFT JOIN agents a ON a.id = COALESCE(i.owner_id, i.last_agent_id, c.last_agent_id)
             WHERE s.id = $1 ORDER BY i.created_at DESC, i.id DESC LIMIT 1",
    )
    .bind(session.to_string())
    .fetch_one(db)
    .await?;
    Ok(SessionMark {
        session,
        interaction: codec::id(&interaction, "interactions.id")?,
        origin: codec::from_json(&origin, "interactions.origin")?,
        started_at: codec::time(started_at, "sessions.started_at")?,
        ended_at: codec::maybe_time(ended_at, "sessions.ended_at")?,
        agent,
    })
}

#[cfg(test)]
mod tests;
