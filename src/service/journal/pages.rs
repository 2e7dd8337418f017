//! Reading transcripts by the page: what is kept, and nothing where the gateway has to be asked.
//!
//! A page costs what it holds, however long the conversation is: every query goes along the order. Only finding the place of
//! a moment costs a look into the order for each session before it, since that is what comes first there.

use chrono::{DateTime, Utc};
use sqlx::{SqliteConnection, query_as, query_scalar};
use waxwing_protocol::{
    api::TranscriptPage,
    id::{InteractionId, SessionId},
    message::Message,
};

use super::{
    tables::parse,
    transcript::{Place, has_older, nanos, oldest, place_of, sessions},
};
use crate::desk::effect::{Load, Part};

/// How many of a conversation's newest messages are laid out at start-up.
const AT_START: u32 = 100;

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

/// Every way to read pages; none may go through messages that it does not want.
#[cfg(test)]
pub(super) const PAGES: [&str; 7] = [
    super::transcript::OLDEST,
    super::transcript::PLACE,
    super::transcript::MARKS,
    AT,
    BEFORE,
    AFTER,
    FIRST_SINCE,
];

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

/// Goes from session to session along the order, one look for each, and not over every message. A session may hold messages
/// that were sent before the one before it ended, so an order by time alone would not find the same place.
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
