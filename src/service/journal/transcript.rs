//! Transcripts in the journal: of each conversation one part without gaps, up to the newest message, read by the page.

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
use crate::desk::effect::{Load, Part};

/// How many of a conversation's newest messages are laid out at start-up.
const AT_START: u32 = 100;

/// The place of a message: its session, when it was sent, when stored, its id.
type Place = (String, i64, i64, String);

fn nanos(at: DateTime<Utc>) -> i64 {
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

async fn has_older(from: &mut SqliteConnection, conversation: InteractionId) -> Result<bool, sqlx::Error> {
    let sql = "SELECT older FROM transcript WHERE conversation = $1";
    let older: Option<bool> = query_scalar(sql).bind(conversation.to_string()).fetch_optional(from).await?;
    Ok(older.unwrap_or(false))
}

async fn oldest(
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

async fn place_of(
    from: &mut SqliteConnection,
    conversation: InteractionId,
    id: MessageId,
) -> Result<Option<Place>, sqlx::Error> {
    query_as(PLACE).bind(id.to_string()).bind(conversation.to_string()).fetch_optional(from).await
}

/// The newest messages of a conversation, for start-up, and whether there are older ones.
pub(super) async fn newest(
    from: &mut SqliteConnection,
    conversation: InteractionId,
) -> Result<(Vec<Message>, bool), sqlx::Error> {
    let mut reader = Reader { from, conversation };
    let (messages, more) = reader.before(None, AT_START).await?;
    let older = more || has_older(reader.from, conversation).await?;
    Ok((messages, older))
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

/// A part of a transcript; none where the gateway has to be asked.
pub(super) async fn read(
    from: &mut SqliteConnection,
    load: &Load,
) -> Result<Option<TranscriptPage>, sqlx::Error> {
    let conversation = load.interaction;
    let is_older_at_gateway = has_older(from, conversation).await?;
    let mut reader = Reader { from, conversation };
    let half = load.limit / 2;
    let (messages, older, newer) = match load.part {
        Part::Newest => {
            let (messages, more) = reader.before(None, load.limit).await?;
            (messages, more, false)
        }
        Part::Before(id) => {
            let Some(place) = place_of(reader.from, conversation, id).await? else { return Ok(None) };
            let session = reader.session_at(&place).await?;
            let (messages, more) = reader.before(Some(place), load.limit).await?;
            if messages.is_empty() && is_older_at_gateway {
                return Ok(None);
            }
            let count = messages.len();
            let messages = cut(messages, session, load.sessions);
            let older = more || messages.len() < count;
            (messages, older, true)
        }
        Part::After(id) => {
            let Some(place) = place_of(reader.from, conversation, id).await? else { return Ok(None) };
            let (messages, more) = reader.after(&place, load.limit).await?;
            (messages, true, more)
        }
        Part::Around(id) => {
            let Some(place) = place_of(reader.from, conversation, id).await? else { return Ok(None) };
            reader.around(&place, half).await?
        }
        Part::At(at) => {
            let oldest = oldest(reader.from, conversation).await?;
            if is_older_at_gateway && oldest.is_none_or(|(_, sent_at, ..)| sent_at >= nanos(at)) {
                return Ok(None);
            }
            if let Some(place) = reader.first_since(at).await? {
                reader.around(&place, half).await?
            } else {
                let (messages, more) = reader.before(None, load.limit).await?;
                (messages, more, false)
            }
        }
    };
    if messages.is_empty() && is_older_at_gateway && load.part == Part::Newest {
        return Ok(None);
    }
    let sessions = sessions(from, conversation, &messages).await?;
    Ok(Some(TranscriptPage { messages, sessions, older: older || is_older_at_gateway, newer }))
}

/// Cuts off what lies in earlier sessions than may be gone into.
fn cut(mut messages: Vec<Message>, of: Option<SessionId>, sessions: Option<u32>) -> Vec<Message> {
    let (Some(mut session), Some(mut left)) = (of, sessions) else { return messages };
    let mut keep = 0;
    for message in messages.iter().rev() {
        if message.session != session {
            if left == 0 {
                break;
            }
            left -= 1;
            session = message.session;
        }
        keep += 1;
    }
    messages.drain(..messages.len() - keep);
    messages
}

/// Reads one conversation along its order.
struct Reader<'a> {
    from: &'a mut SqliteConnection,
    conversation: InteractionId,
}

impl Reader<'_> {
    /// Messages before a place, or the newest, oldest first; and whether there are more.
    async fn before(
        &mut self,
        place: Option<Place>,
        limit: u32,
    ) -> Result<(Vec<Message>, bool), sqlx::Error> {
        let beyond = || ("~".to_owned(), i64::MAX, i64::MAX, String::new());
        let bodies = self.bodies(BEFORE, place.unwrap_or_else(beyond), limit).await?;
        let (mut messages, more) = page(&bodies, limit)?;
        messages.reverse();
        Ok((messages, more))
    }

    /// Messages after a place, and whether there are more.
    async fn after(&mut self, place: &Place, limit: u32) -> Result<(Vec<Message>, bool), sqlx::Error> {
        let bodies = self.bodies(AFTER, place.clone(), limit).await?;
        page(&bodies, limit)
    }

    /// One more than `limit` along the order.
    async fn bodies(
        &mut self,
        sql: &'static str,
        (session, sent_at, stored_at, id): Place,
        limit: u32,
    ) -> Result<Vec<String>, sqlx::Error> {
        let place = query_scalar(sql).bind(self.conversation.to_string()).bind(session).bind(sent_at);
        let place = place.bind(stored_at).bind(id);
        place.bind(i64::from(limit) + 1).fetch_all(&mut *self.from).await
    }

    /// What stands around a place, what stands there included; and whether there is something older and newer.
    async fn around(&mut self, place: &Place, half: u32) -> Result<(Vec<Message>, bool, bool), sqlx::Error> {
        let (mut messages, older) = self.before(Some(place.clone()), half).await?;
        messages.extend(self.at(place).await?);
        let (after, newer) = self.after(place, half).await?;
        messages.extend(after);
        Ok((messages, older, newer))
    }

    async fn at(&mut self, place: &Place) -> Result<Option<Message>, sqlx::Error> {
        let (session, sent_at, stored_at, id) = place.clone();
        let placed = query_scalar(AT).bind(self.conversation.to_string()).bind(session).bind(sent_at);
        let body: Option<String> = placed.bind(stored_at).bind(id).fetch_optional(&mut *self.from).await?;
        body.as_deref().map(parse).transpose()
    }

    async fn session_at(&mut self, place: &Place) -> Result<Option<SessionId>, sqlx::Error> {
        Ok(self.at(place).await?.map(|message| message.session))
    }

    /// The first message that was sent at this moment or later: in the first session that has any.
    async fn first_since(&mut self, at: DateTime<Utc>) -> Result<Option<Place>, sqlx::Error> {
        let conversation = self.conversation.to_string();
        query_as(FIRST_SINCE).bind(conversation).bind(nanos(at)).fetch_optional(&mut *self.from).await
    }
}

/// Every way to read pages; none may cost more in a longer conversation.
#[cfg(test)]
pub(super) const PAGES: [&str; 7] = [OLDEST, PLACE, AT, BEFORE, AFTER, FIRST_SINCE, MARKS];

/// The oldest message of a conversation.
const OLDEST: &str = "SELECT session, sent_at, stored_at, id FROM message WHERE conversation = $1
    ORDER BY session, sent_at, stored_at, id LIMIT 1";

/// What is known of some sessions, given as a JSON list of their ids.
const MARKS: &str = "SELECT body FROM session WHERE conversation = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id";

/// Where a message stands.
const PLACE: &str = "SELECT session, sent_at, stored_at, id FROM message WHERE id = $1 AND conversation = $2";

/// What stands at a place.
const AT: &str = "SELECT body FROM message
    WHERE conversation = $1 AND session = $2 AND sent_at = $3 AND stored_at = $4 AND id = $5";

/// What stands before a place, newest first.
const BEFORE: &str = "SELECT body FROM message
    WHERE conversation = $1 AND (session, sent_at, stored_at, id) < ($2, $3, $4, $5)
    ORDER BY session DESC, sent_at DESC, stored_at DESC, id DESC LIMIT $6";

/// What stands after a place, oldest first.
const AFTER: &str = "SELECT body FROM message
    WHERE conversation = $1 AND (session, sent_at, stored_at, id) > ($2, $3, $4, $5)
    ORDER BY session, sent_at, stored_at, id LIMIT $6";

/// Goes from session to session along the order, not over every message.
const FIRST_SINCE: &str = "WITH RECURSIVE sessions (session) AS (
        SELECT min(session) FROM message WHERE conversation = $1
        UNION ALL
        SELECT (SELECT min(session) FROM message WHERE conversation = $1 AND session > sessions.session)
        FROM sessions WHERE session IS NOT NULL
    )
    SELECT session, sent_at, stored_at, id FROM message
    WHERE conversation = $1 AND sent_at >= $2 AND session = (
        SELECT session FROM sessions WHERE EXISTS (
            SELECT 1 FROM message AS said
            WHERE said.conversation = $1 AND said.session = sessions.session AND said.sent_at >= $2
        ) LIMIT 1
    )
    ORDER BY session, sent_at, stored_at, id LIMIT 1";

/// At most `limit` messages, and whether there was one more.
fn page(bodies: &[String], limit: u32) -> Result<(Vec<Message>, bool), sqlx::Error> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let messages = bodies.iter().take(limit).map(|body| parse(body)).collect::<Result<_, _>>()?;
    Ok((messages, bodies.len() > limit))
}
