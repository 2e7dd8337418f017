//! What was said before, by the page and by its words, in the thread of an interaction. Everybody who works here may read what
//! was said with a contact, whoever had it before them.

use std::collections::BTreeSet;

use waxwing_protocol::{
    api::{MAX_PAGE, SearchHits, SearchQuery, SessionMark, TranscriptPage, TranscriptPart, TranscriptQuery},
    id::{InteractionId, MessageId},
    message::Message,
    problem::ProblemCode,
};

use super::Refusal;
use crate::store::{
    Read, StoreError, interactions, messages,
    pages::{self, Direction, Place, Stretch, Thread},
    search,
};

/// How many messages a search tells of.
const MAX_HITS: usize = 500;
/// How much may be looked for: bytes, and words.
const MAX_SOUGHT: (usize, usize) = (500, 20);

/// From where a part of a transcript is told.
enum Origin {
    /// From the end that lies opposite.
    End,
    /// From a message.
    Message(MessageId, Place),
    /// From a moment since when nothing was said.
    Later,
}

impl Origin {
    const fn place(&self) -> Option<&Place> {
        match self {
            Self::Message(_, place) => Some(place),
            Self::End | Self::Later => None,
        }
    }
}

/// Reads the wanted part of what was said with an interaction's contact.
pub async fn page(
    read: &mut Read,
    interaction: InteractionId,
    wanted: &TranscriptQuery,
) -> Result<TranscriptPage, Refusal> {
    if !(1..=MAX_PAGE).contains(&wanted.limit) {
        let detail = format!("A page holds 1 to {MAX_PAGE} messages.");
        return Err(Refusal::new(ProblemCode::BadRequest, &detail));
    }
    let thread = thread(read, interaction).await?;
    let origin = origin(read, thread, wanted).await?;
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let (back, forth, middle) = match (wanted.part, &origin) {
        (TranscriptPart::Around, Origin::Message(message, _)) => {
            (Some(limit / 2), Some(limit - limit / 2 - 1), Some(*message))
        }
        (TranscriptPart::Before | TranscriptPart::Around, _) => (Some(limit), None, None),
        (TranscriptPart::After, Origin::Later) => (Some(0), None, None),
        (TranscriptPart::After, _) => (None, Some(limit), None),
    };
    // What is not read lies on the other side of the message from which it is told.
    let unread = || Stretch { messages: Vec::new(), more: origin.place().is_some() };
    let older = match back {
        Some(limit) => {
            let way = (origin.place(), Direction::Older);
            pages::read_on(read.db(), thread, way, (limit, wanted.sessions)).await?
        }
        None => unread(),
    };
    let newer = match forth {
        Some(limit) => {
            pages::read_on(read.db(), thread, (origin.place(), Direction::Newer), (limit, None)).await?
        }
        None => unread(),
    };
    let middle = match middle {
        Some(message) => messages::get(read.db(), message).await?,
        None => None,
    };
    let messages = older.messages.into_iter().rev().chain(middle).chain(newer.messages).collect::<Vec<_>>();
    let sessions = marks(read, &messages).await?;
    Ok(TranscriptPage { messages, sessions, older: older.more, newer: newer.more })
}

/// Finds the messages with an interaction's contact in which all words stand.
pub async fn find(
    read: &mut Read,
    interaction: InteractionId,
    wanted: &SearchQuery,
) -> Result<SearchHits, Refusal> {
    let words: Vec<&str> = wanted.words.split_whitespace().collect();
    if words.is_empty() || wanted.words.len() > MAX_SOUGHT.0 || words.len() > MAX_SOUGHT.1 {
        return Err(Refusal::new(ProblemCode::BadRequest, "Look for 1 to 20 words, 500 bytes in all."));
    }
    let thread = thread(read, interaction).await?;
    let mut messages = search::find(read.db(), thread, &words, MAX_HITS + 1).await?;
    let more = messages.len() > MAX_HITS;
    messages.truncate(MAX_HITS);
    Ok(SearchHits { messages, more })
}

/// What an interaction is a part of.
async fn thread(read: &mut Read, id: InteractionId) -> Result<Thread, Refusal> {
    let found = interactions::get(read.db(), id).await?;
    let found = found.ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such interaction."))?;
    Ok(Thread::of(&found))
}

async fn origin(read: &mut Read, thread: Thread, wanted: &TranscriptQuery) -> Result<Origin, Refusal> {
    let message = match (wanted.message, wanted.at) {
        (Some(message), _) => message,
        (None, Some(at)) => match pages::first_since(read.db(), thread, at).await? {
            Some(message) => message,
            None => return Ok(Origin::Later),
        },
        (None, None) if wanted.part == TranscriptPart::Around => {
            return Err(Refusal::new(ProblemCode::BadRequest, "Say around which message, or which moment."));
        }
        (None, None) => return Ok(Origin::End),
    };
    let place = pages::place_of(read.db(), thread, message).await?;
    let place = place.ok_or_else(|| {
        Refusal::new(ProblemCode::NotFound, "There is no such message in this conversation.")
    })?;
    Ok(Origin::Message(message, place))
}

/// The sessions that messages belong to, in the order of the messages.
async fn marks(read: &mut Read, messages: &[Message]) -> Result<Vec<SessionMark>, StoreError> {
    let (mut seen, mut marks) = (BTreeSet::new(), Vec::new());
    for message in messages {
        if seen.insert(message.session) {
            marks.push(pages::mark(read.db(), message.session).await?);
        }
    }
    Ok(marks)
}

#[cfg(test)]
mod tests;
