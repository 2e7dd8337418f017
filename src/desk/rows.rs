//! The rows of a transcript: messages with lines between them, then what is on its way.

use std::{
    fmt::{self, Write as _},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use waxwing_protocol::{
    api::SessionMark,
    id::{AgentId, ClientRef, MessageId, SessionId},
    interaction::Origin,
    message::{Author, Body, Message},
};

use super::{LocalDay, conversation::Conversation, outbox::Outgoing, phones, transcript::Held};

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
    /// The line at the start of an earlier session.
    Session(SessionId),
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
    /// Changes when what it shows does, so that its height can be remembered by key and revision.
    pub revision: u64,
}

/// What a row shows.
#[derive(Debug, Clone, PartialEq)]
pub enum RowKind {
    /// A day begins, in the agent's time zone.
    Day(NaiveDate),
    /// An earlier session begins; when it ended is told with it.
    Session {
        /// The session.
        mark: SessionMark,
    },
    /// Somebody joined the session that goes on.
    Joined {
        /// Who; nobody where we began it.
        name: Option<String>,
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
    /// The sessions that were told of.
    begun: Vec<SessionId>,
    /// Who spoke in the row above, and when; none below a line.
    above: Option<(Speaker, DateTime<Utc>)>,
}

/// Lays a conversation out in rows.
pub(super) fn arrange(conversation: &Conversation, local_day: LocalDay) -> Vec<Row> {
    let transcript = &conversation.transcript;
    let list = Vec::with_capacity(transcript.held().len() + 16);
    let mut rows = Rows { local_day, list, day: None, begun: Vec::new(), above: None };
    let mut session = None;
    let mut joined = false;
    for held in transcript.held() {
        let message = &held.message;
        let is_ours = message.interaction == conversation.interaction.id;
        let begins = session != Some(message.session) && (session.is_some() || transcript.begins_session());
        if begins && is_ours && !joined {
            rows.join(conversation);
            joined = true;
        } else if begins && !is_ours {
            rows.begin_session(transcript.sessions(), message);
        }
        session = Some(message.session);
        rows.message(conversation, held);
    }
    if !transcript.is_at_newest() {
        return rows.list;
    }
    if !joined && !conversation.has_spoken() {
        rows.join(conversation);
    }
    let us = conversation.interaction.owner.map(Speaker::Agent);
    for outgoing in conversation.outbox.iter() {
        rows.begin_day(outgoing.written_at);
        let continues = rows.says(us, outgoing.written_at);
        let revision = hash_debug(&(outgoing, continues));
        let kind = RowKind::Outgoing { outgoing: outgoing.clone(), continues };
        rows.list.push(Row { key: RowKey::Ours(outgoing.client_ref), kind, revision });
    }
    rows.list
}

impl Rows {
    fn line(&mut self, key: RowKey, kind: RowKind) {
        self.above = None;
        let revision = hash_debug(&kind);
        self.list.push(Row { key, kind, revision });
    }

    /// Says who joined the session that goes on.
    fn join(&mut self, conversation: &Conversation) {
        let interaction = &conversation.interaction;
        let is_theirs = interaction.origin != Origin::Outbound;
        let (at, name) = (conversation.began_at(), is_theirs.then(|| phones::title(&interaction.contact)));
        self.begin_day(at);
        self.line(RowKey::Joined(interaction.created_at), RowKind::Joined { name, at });
    }

    /// Tells of an earlier session, if it is known.
    fn begin_session(&mut self, sessions: &[SessionMark], first: &Message) {
        let session = first.session;
        if let Some(mark) = sessions.iter().find(|mark| mark.session == session)
            && !self.begun.contains(&session)
        {
            self.begun.push(session);
            self.begin_day(first.sent_at.min(mark.started_at));
            self.line(RowKey::Session(session), RowKind::Session { mark: mark.clone() });
        }
    }

    fn message(&mut self, conversation: &Conversation, held: &Held) {
        let Held { message, print } = held;
        self.begin_day(message.sent_at);
        if conversation.first_unseen == Some(message.id) {
            self.line(RowKey::New, RowKind::New);
        }
        let continues = self.says(speaker(message), message.sent_at);
        let key = message.client_ref.map_or(RowKey::Message(message.id), RowKey::Ours);
        let (message, print) = match conversation.reacting.get(&message.id) {
            Some(reacting) => {
                let message = reacting.on(message);
                let print = fingerprint(&message);
                (Arc::new(message), print)
            }
            None => (Arc::clone(message), *print),
        };
        let revision = print ^ u64::from(continues);
        self.list.push(Row { key, kind: RowKind::Message { message, continues }, revision });
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

/// A number that changes when a message does. Cheap for plain words, for a snapshot holds many.
pub(super) fn fingerprint(message: &Message) -> u64 {
    let Message { body, fallback, sent_at, delivery, quote, reactions, earlier, .. } = message;
    let mut hasher = Printer(DefaultHasher::new());
    (fallback, sent_at).hash(&mut hasher.0);
    match body {
        Body::Text { text } => text.hash(&mut hasher.0),
        body => hasher.print(body),
    }
    if let Some(delivery) = delivery {
        hasher.print(delivery);
    }
    if quote.is_some() || !reactions.is_empty() || !earlier.is_empty() {
        hasher.print(&(quote, reactions, earlier, &message.forwarded));
    }
    // The last bit says whether it continues the row above.
    hasher.0.finish() << 1
}

fn hash_debug(value: &impl fmt::Debug) -> u64 {
    let mut hasher = Printer(DefaultHasher::new());
    hasher.print(value);
    hasher.0.finish()
}

/// Hashes what is printed into it.
struct Printer(DefaultHasher);

impl Printer {
    fn print(&mut self, value: &impl fmt::Debug) {
        // Writing into a hasher can't fail.
        write!(self, "{value:?}").ok();
    }
}

impl fmt::Write for Printer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
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
