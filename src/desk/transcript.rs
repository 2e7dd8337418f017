//! The part of a transcript that is held: what lies near the view, without gaps, however much was ever said.
//!
//! What is held is one part, in order, at most [`HELD`] messages long. It ends in an [`Edge`] on either side. While its
//! newer edge is [`Edge::End`] it reaches to the newest message and new ones are added to it; otherwise the agent reads
//! elsewhere, new ones go to the journal only and are counted.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    api::{SessionMark, TranscriptPage},
    delivery::DeliveryState,
    id::{MessageId, SessionId},
    message::Message,
};

use super::rows;

/// The place of a message in a transcript.
pub(super) type Order = (SessionId, DateTime<Utc>, DateTime<Utc>, MessageId);

/// The place of a message: sessions stand in the order in which they began, which is that of their ids, whatever times
/// WhatsApp gives to messages that come late; within a session see [`Message::order`].
pub(super) fn order(message: &Message) -> Order {
    let (sent_at, stored_at, id) = message.order();
    (message.session, sent_at, stored_at, id)
}

/// How many messages are held at most.
pub const HELD: usize = 600;

/// How what is held ends on one side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Edge {
    /// There is nothing beyond.
    #[default]
    End,
    /// There is more.
    More,
    /// More is under way.
    Loading,
    /// More could not be had.
    Failed {
        /// Why, for people.
        why: String,
    },
}

/// A message that the agent wanted to go to and that is held now: the transcript shows it and lights it up, once for each
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// Counts them.
    pub number: u64,
    /// Which.
    pub message: MessageId,
}

/// A message that is held.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    pub(super) message: Arc<Message>,
    /// Changes when the message does.
    pub(super) print: u64,
}

impl Held {
    pub(super) fn new(message: Arc<Message>) -> Self {
        let print = rows::fingerprint(&message);
        Self { message, print }
    }
}

/// The part that is held.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Transcript {
    held: Arc<Vec<Held>>,
    /// What is known of the sessions, oldest first.
    sessions: Arc<Vec<SessionMark>>,
    pub(super) older: Edge,
    pub(super) newer: Edge,
    /// Whether the oldest session that is held is held from its start.
    pub(super) whole: bool,
    /// The newest message of all.
    pub(super) newest: Option<Arc<Message>>,
    /// How many messages came that are not held because the agent reads elsewhere.
    pub(super) below: usize,
    /// Whether the agent has gone up: then what they read is not let go of for what comes.
    pub(super) reading: bool,
}

impl Transcript {
    pub(super) fn held(&self) -> &[Held] {
        &self.held
    }

    pub(super) fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> {
        self.held.iter().map(|held| &held.message)
    }

    pub(super) fn get(&self, id: MessageId) -> Option<&Arc<Message>> {
        self.messages().rev().find(|message| message.id == id)
    }

    pub(super) fn oldest(&self) -> Option<&Arc<Message>> {
        self.held.first().map(|held| &held.message)
    }

    pub(super) fn last(&self) -> Option<&Arc<Message>> {
        self.held.last().map(|held| &held.message)
    }

    /// Whether what is held reaches to the newest message.
    pub(super) fn is_at_newest(&self) -> bool {
        self.newer == Edge::End
    }

    /// Whether there is nothing older in the session that is held first, or none at all.
    pub(super) fn begins_session(&self) -> bool {
        self.whole || self.older == Edge::End
    }

    pub(super) fn sessions(&self) -> &[SessionMark] {
        &self.sessions
    }

    /// Takes in what is told of sessions.
    pub(super) fn mark(&mut self, marks: Vec<SessionMark>) {
        if marks.iter().all(|mark| self.sessions.contains(mark)) {
            return;
        }
        let sessions = Arc::make_mut(&mut self.sessions);
        for mark in marks {
            sessions.retain(|known| known.session != mark.session);
            sessions.push(mark);
        }
        sessions.sort_by_key(|mark| (mark.started_at, mark.session));
    }

    /// Whether a message of this order belongs between those that are held.
    fn covers(&self, message: &Message) -> bool {
        let after = |oldest: &Arc<Message>| order(oldest) < order(message);
        let before = |last: &Arc<Message>| order(message) < order(last);
        match (self.oldest(), self.last()) {
            (Some(oldest), Some(last)) => {
                (self.older == Edge::End || after(oldest)) && (self.is_at_newest() || before(last))
            }
            _ => self.is_at_newest(),
        }
    }

    /// Takes a message in, or a change of one. Says whether it is held now.
    pub(super) fn put(&mut self, message: &Arc<Message>) -> bool {
        if self.newest.as_ref().is_none_or(|newest| newest.id == message.id || order(newest) < order(message))
        {
            self.newest = Some(Arc::clone(message));
        }
        let known = self.held.iter().rposition(|held| held.message.id == message.id);
        if known.is_none() && !self.covers(message) {
            return false;
        }
        let held = Arc::make_mut(&mut self.held);
        if let Some(place) = known {
            held.remove(place);
        }
        let place = held.partition_point(|held| order(&held.message) < order(message));
        held.insert(place, Held::new(Arc::clone(message)));
        true
    }

    /// A message of ours got further. Returns it if that is news.
    pub(super) fn advance(&mut self, id: MessageId, state: &DeliveryState) -> Option<Arc<Message>> {
        let mut message = self.get(id).or(self.newest.as_ref().filter(|newest| newest.id == id)).cloned()?;
        if !message.delivery.clone()?.advance(state) {
            return None;
        }
        if let Some(delivery) = &mut Arc::make_mut(&mut message).delivery {
            delivery.advance(state);
        }
        self.put(&message);
        Some(message)
    }

    /// Lets go of what is too much: on the side that the agent does not read.
    pub(super) fn trim(&mut self, keep_older: bool) -> usize {
        let over = self.held.len().saturating_sub(HELD);
        if over == 0 {
            return 0;
        }
        let held = Arc::make_mut(&mut self.held);
        if keep_older {
            held.truncate(HELD);
            self.newer = Edge::More;
        } else {
            held.drain(..over);
            (self.older, self.whole) = (Edge::More, false);
        }
        over
    }

    /// The gateway tells the newest part anew. Where the agent reads, what is held stays as far as it joins that; otherwise
    /// it goes, for the feed may have skipped changes of it.
    pub(super) fn renew(&mut self, told: &[Arc<Message>], older: bool) {
        if self.is_at_newest() {
            let first = told.first().map(|message| order(message));
            let joins = older && self.reading && told.iter().any(|message| self.get(message.id).is_some());
            let is_before = |held: &&Held| first.is_some_and(|first| order(&held.message) < first);
            let mut held: Vec<_> = self.held.iter().filter(is_before).filter(|_| joins).cloned().collect();
            if held.is_empty() {
                (self.older, self.whole) = (edge(older), false);
            }
            held.extend(told.iter().map(|message| Held::new(Arc::clone(message))));
            held.sort_by_key(|held| order(&held.message));
            held.dedup_by_key(|held| held.message.id);
            self.held = Arc::new(held);
            self.newest = self.last().cloned();
            self.trim(false);
        } else {
            for message in told {
                self.put(message);
            }
        }
        self.settle();
    }

    /// Nothing that is held has to stay when the newest part is told anew.
    pub(super) fn let_go_of_older(&mut self) {
        (self.reading, self.newer) = (false, Edge::End);
    }

    /// Holds this page instead. Deliveries don't go back.
    pub(super) fn show(&mut self, page: TranscriptPage) {
        let TranscriptPage { messages, sessions, older, newer } = page;
        let fresh = |message| Held::new(self.furthest(message));
        let mut held: Vec<_> = messages.into_iter().map(fresh).collect();
        held.sort_by_key(|held| order(&held.message));
        held.dedup_by_key(|held| held.message.id);
        self.held = Arc::new(held);
        self.mark(sessions);
        self.older = edge(older);
        self.newer = edge(newer);
        self.whole = false;
        self.catch_up();
    }

    /// A message as it is told, as far as it was known to have got.
    pub(super) fn furthest(&self, mut message: Message) -> Arc<Message> {
        let known = self.get(message.id).and_then(|held| held.delivery.as_ref());
        if let (Some(delivery), Some(known)) = (&mut message.delivery, known) {
            delivery.advance(known);
        }
        Arc::new(message)
    }

    /// Adds a page to the older end.
    pub(super) fn add_older(&mut self, page: TranscriptPage) {
        let TranscriptPage { messages, sessions, older, .. } = page;
        let first = self.oldest().map(|oldest| order(oldest));
        let mut held: Vec<_> = messages
            .into_iter()
            .filter(|message| first.is_none_or(|first| order(message) < first))
            .map(|message| Held::new(Arc::new(message)))
            .collect();
        held.sort_by_key(|held| order(&held.message));
        held.extend(self.held.iter().cloned());
        self.held = Arc::new(held);
        self.mark(sessions);
        self.older = edge(older);
        self.catch_up();
        self.trim(true);
    }

    /// Adds a page to the newer end.
    pub(super) fn add_newer(&mut self, page: TranscriptPage) {
        let TranscriptPage { messages, sessions, newer, .. } = page;
        let last = self.last().map(|last| order(last));
        let mut added: Vec<_> = messages
            .into_iter()
            .filter(|message| last.is_none_or(|last| order(message) > last))
            .map(|message| Held::new(Arc::new(message)))
            .collect();
        added.sort_by_key(|held| order(&held.message));
        Arc::make_mut(&mut self.held).extend(added);
        self.mark(sessions);
        self.newer = edge(newer);
        self.catch_up();
        self.trim(false);
    }

    /// Where what is held reaches to the newest message, nothing is missing below; where it does not, it ends before it.
    pub(super) fn settle(&mut self) {
        let newest = self.newest.as_ref().map(|newest| order(newest));
        if self.is_at_newest() && self.last().map(|last| order(last)) < newest {
            self.newer = Edge::More;
        }
        if self.is_at_newest() {
            self.below = 0;
        }
    }

    /// What is held at the newest end is the newest of all.
    fn catch_up(&mut self) {
        if self.is_at_newest()
            && let Some(last) = self.last().cloned()
            && self.newest.as_ref().is_none_or(|newest| order(newest) < order(&last))
        {
            self.newest = Some(last);
        }
    }
}

const fn edge(more: bool) -> Edge {
    if more { Edge::More } else { Edge::End }
}
