//! The rows of a transcript: messages with lines between them, then what is on its way.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use waxwing_protocol::{
    id::{AgentId, ClientRef, MessageId},
    interaction::Origin,
    message::{Author, Message},
};

use super::{LocalDay, conversation::Conversation, outbox::Outgoing};

/// Within how long two messages of one author belong together.
const TOGETHER: TimeDelta = TimeDelta::minutes(5);

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

/// Whose words a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Contact,
    Agent(AgentId),
}

/// Rows in the making.
struct Rows {
    local_day: LocalDay,
    list: Vec<Row>,
    day: Option<NaiveDate>,
    /// Who spoke in the row above, and when; none below a line.
    above: Option<(Speaker, DateTime<Utc>)>,
}

/// Lays a conversation out in rows.
pub(super) fn arrange(conversation: &Conversation, local_day: LocalDay) -> Vec<Row> {
    let mut rows = Rows { local_day, list: Vec::new(), day: None, above: None };
    let interaction = conversation.interaction();
    if interaction.origin != Origin::Outbound {
        let (at, name) = (conversation.began_at(), interaction.contact.title());
        rows.begin_day(at);
        rows.line(RowKey::Joined(interaction.created_at), RowKind::Joined { name, at });
    }
    for message in &conversation.messages {
        rows.begin_day(message.sent_at);
        if conversation.first_unseen == Some(message.id) {
            rows.line(RowKey::New, RowKind::New);
        }
        let continues = rows.says(speaker(message), message.sent_at);
        let key = message.client_ref.map_or(RowKey::Message(message.id), RowKey::Ours);
        rows.list.push(Row { key, kind: RowKind::Message { message: Arc::clone(message), continues } });
    }
    let us = interaction.owner.map(Speaker::Agent);
    for outgoing in conversation.outbox.iter() {
        rows.begin_day(outgoing.written_at);
        let continues = rows.says(us, outgoing.written_at);
        let kind = RowKind::Outgoing { outgoing: outgoing.clone(), continues };
        rows.list.push(Row { key: RowKey::Ours(outgoing.client_ref), kind });
    }
    rows.list
}

impl Rows {
    fn line(&mut self, key: RowKey, kind: RowKind) {
        self.above = None;
        self.list.push(Row { key, kind });
    }

    /// Puts a day line, if `at` lies on a later day than the row above.
    fn begin_day(&mut self, at: DateTime<Utc>) {
        let day = (self.local_day)(at);
        if self.day.is_none_or(|above| day > above) {
            self.day = Some(day);
            self.line(RowKey::Day(day), RowKind::Day(day));
        }
    }

    /// Says whether these words continue the row above.
    fn says(&mut self, speaker: Option<Speaker>, at: DateTime<Utc>) -> bool {
        let continues = self
            .above
            .is_some_and(|(above, above_at)| Some(above) == speaker && (at - above_at).abs() <= TOGETHER);
        self.above = speaker.map(|speaker| (speaker, at));
        continues
    }
}

/// Whose words a message holds; none where it is nobody's.
const fn speaker(message: &Message) -> Option<Speaker> {
    match message.author {
        Author::Contact => Some(Speaker::Contact),
        Author::Agent { agent, .. } => Some(Speaker::Agent(agent)),
        Author::System => None,
    }
}
