//! One open interaction: what was said, what is on its way, what stands in the composer.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use waxwing_protocol::{
    id::{ClientRef, MessageId},
    interaction::Interaction,
    message::Message,
};

use super::{outbox::Outgoing, pending::PendingResponse};

/// What a row of the transcript is called by: the same before and after the gateway has taken a message in, so that
/// nothing jumps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowKey {
    /// A message a desktop sent.
    Ours(ClientRef),
    /// Any other message.
    Message(MessageId),
    /// The line above the first message of a day.
    Day(NaiveDate),
    /// The line that says who joined.
    Joined(DateTime<Utc>),
    /// The line above the first message the agent has not seen.
    New,
}

/// A row of the transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is called by.
    pub key: RowKey,
    /// What it shows.
    pub kind: RowKind,
}

/// What a row shows.
#[derive(Debug, Clone, PartialEq)]
pub enum RowKind {
    /// A day begins, in the agent's time zone.
    Day(NaiveDate),
    /// Somebody joined the session.
    Joined {
        /// Who.
        name: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// From here on the agent has not seen it.
    New,
    /// A message the gateway has.
    Message {
        /// The message.
        message: Arc<Message>,
        /// Whether the message above it is by the same author within a few minutes.
        continues: bool,
    },
    /// A message the gateway does not have yet.
    Outgoing {
        /// The message.
        outgoing: Outgoing,
        /// Whether the message above it is ours too.
        continues: bool,
    },
}

/// One open interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    pub(super) interaction: Interaction,
    pub(super) messages: Vec<Arc<Message>>,
    pub(super) outgoing: VecDeque<Outgoing>,
    pub(super) rows: Vec<Row>,
    pub(super) unread: usize,
    pub(super) first_unseen: Option<MessageId>,
    pub(super) draft: String,
}

impl Conversation {
    /// The interaction itself.
    #[must_use]
    pub const fn interaction(&self) -> &Interaction {
        &self.interaction
    }

    /// The transcript, oldest first, made anew only when something changed.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many messages of the contact the agent has not seen.
    #[must_use]
    pub const fn unread(&self) -> usize {
        self.unread
    }

    /// What was kept of the composer's text.
    #[must_use]
    pub fn draft(&self) -> &str {
        &self.draft
    }

    /// The newest message that the gateway has.
    #[must_use]
    pub fn last_message(&self) -> Option<&Message> {
        self.messages.last().map(AsRef::as_ref)
    }

    /// The newest message that the gateway does not have yet.
    #[must_use]
    pub fn last_outgoing(&self) -> Option<&Outgoing> {
        self.outgoing.back()
    }

    /// Whether the contact waits for an answer.
    #[must_use]
    pub fn pending(&self) -> PendingResponse {
        PendingResponse::None
    }
}
