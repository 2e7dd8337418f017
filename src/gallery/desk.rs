//! What lies on the desk of a picture: conversations put together without a gateway, at a fixed time.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    agent::{Agent, AgentStatus, Role, StatusSince},
    api::SessionMark,
    contact::{BusinessNumber, Contact, WhatsAppId},
    delivery::{Delivery, DeliveryState},
    event::{Cursor, Event, EventPage, FeedEvent, InteractionSnapshot},
    id::{
        AgentId, AttachmentId, BusinessNumberId, ClientRef, ContactId, InteractionId, MessageId, SessionId,
    },
    interaction::{CaseDatum, Interaction, Origin, Phase, ServiceWindow},
    library::LibraryPage,
    message::{Author, Body, Message},
    response::StandardResponse,
    template::Template,
    wrap_up::Rules,
};

use crate::desk::{
    Desk,
    chime::Settings,
    draft::KeptDraft,
    effect::Effect,
    file::{ReadyFile, StripFile},
    input::{Command, Input, Outcome},
    outbox::{FileAt, Outgoing, OutgoingContent, OutgoingState},
    restore::Restored,
    wrap_up::{KeptNote, KeptWrapUp},
};

/// The time of every picture: Wednesday, 13 May 2026, 16:00 UTC.
pub(super) fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_778_688_000)
}

/// A moment before the picture's.
pub(super) fn ago(seconds: i64) -> DateTime<Utc> {
    now() - TimeDelta::seconds(seconds)
}

pub(super) fn agent() -> Agent {
    Agent {
        id: AgentId::new(now(), [9; 10]),
        user_name: "jana".to_owned(),
        display_name: "Jana Roth".to_owned(),
        role: Role::Agent,
        capacity: 6,
        team: None,
    }
}

/// The interaction of that number.
pub(super) fn interaction(number: u8) -> InteractionId {
    InteractionId::new(now(), [number; 10])
}

/// The one number of ours.
pub(super) fn our_number() -> BusinessNumberId {
    BusinessNumberId::new(now(), [1; 10])
}

/// The attachment of that number.
pub(super) fn attachment(number: u8) -> AttachmentId {
    AttachmentId::new(now(), [number; 10])
}

/// The session of that number.
fn session(number: u8) -> SessionId {
    SessionId::new(now(), [number; 10])
}

/// Our own name for an outgoing message.
pub(super) fn client_ref(number: u8) -> ClientRef {
    ClientRef::new(now(), [number; 10])
}

/// A conversation in the making.
pub(super) struct Thread {
    number: u8,
    name: String,
    messages: Vec<Message>,
    at: DateTime<Utc>,
    /// How many seconds the contact has waited.
    waited: Option<i64>,
    last_inbound: i64,
}

impl Thread {
    /// A conversation with somebody, of which the first word is said so many seconds ago.
    pub(super) fn new(number: u8, name: &str, begun: i64) -> Self {
        let at = ago(begun);
        Self { number, name: name.to_owned(), messages: Vec::new(), at, waited: None, last_inbound: 60 }
    }

    /// These were said before.
    pub(super) fn after(mut self, earlier: Vec<Message>) -> Self {
        self.messages = earlier;
        self
    }

    /// The contact has waited for so many seconds.
    pub(super) fn waiting(mut self, seconds: i64) -> Self {
        self.waited = Some(seconds);
        self
    }

    /// The contact wrote so many seconds ago for the last time.
    pub(super) fn last_inbound(mut self, seconds: i64) -> Self {
        self.last_inbound = seconds;
        self
    }

    /// So many seconds pass.
    pub(super) fn pause(&mut self, seconds: i64) {
        self.at += TimeDelta::seconds(seconds);
    }

    /// The contact says something.
    pub(super) fn told(&mut self, body: Body) -> &mut Message {
        self.say(Author::Contact, body, None)
    }

    /// The contact writes.
    pub(super) fn wrote(&mut self, text: &str) -> &mut Message {
        self.told(Body::Text { text: text.to_owned() })
    }

    /// We write.
    pub(super) fn answered(&mut self, text: &str, delivery: Delivery) -> &mut Message {
        let author = Author::Agent { agent: agent().id, name: agent().display_name };
        self.say(author, Body::Text { text: text.to_owned() }, Some(delivery))
    }

    /// WhatsApp itself says something.
    pub(super) fn noted(&mut self, text: &str) -> &mut Message {
        self.say(Author::System, Body::System { text: text.to_owned() }, None)
    }

    /// Somebody says something.
    pub(super) fn say(&mut self, author: Author, body: Body, delivery: Option<Delivery>) -> &mut Message {
        let at = self.at;
        self.pause(20);
        let count = u8::try_from(self.messages.len()).unwrap_or(u8::MAX);
        let fallback = match &body {
            Body::Text { text } | Body::System { text } => text.clone(),
            _ => "A kind of message that is shown in words".to_owned(),
        };
        self.messages.push(Message {
            id: MessageId::new(at, [self.number, count, 0, 0, 0, 0, 0, 0, 0, 0]),
            interaction: interaction(self.number),
            session: session(self.number),
            author,
            body,
            fallback,
            sent_at: at,
            stored_at: at,
            client_ref: None,
            delivery: delivery.map(|delivery| DeliveryState::new(1, delivery, at)),
            quote: None,
            forwarded: None,
            reactions: Vec::new(),
            earlier: Vec::new(),
            referral: None,
        });
        let last = self.messages.len() - 1;
        &mut self.messages[last]
    }

    /// All messages so far.
    pub(super) fn messages(&self) -> &[Message] {
        &self.messages
    }

    fn interaction(&self) -> Interaction {
        let number = self.number;
        let ours = |message: &&Message| message.interaction == interaction(number);
        let begun = self.messages.iter().find(ours).map_or(ago(120), |first| first.sent_at);
        Interaction {
            id: interaction(number),
            session: session(number),
            contact: Contact {
                id: ContactId::new(now(), [number; 10]),
                whatsapp: WhatsAppId { user_id: None, phone: Some(format!("1650555000{}", number % 10)) },
                profile_name: Some(self.name.clone()),
                user_name: None,
                details: Vec::new(),
                name: None,
                attributes: Vec::new(),
                note: None,
                blocked: false,
                revision: 0,
            },
            business_number: BusinessNumber {
                id: our_number(),
                display_number: "+1 555 078 3881".to_owned(),
                name: "Shop".to_owned(),
            },
            origin: Origin::Inbound,
            phase: Phase::Open,
            owner: Some(agent().id),
            created_at: begun,
            assigned_at: Some(begun),
            pending_since: self.waited.map(ago),
            window: ServiceWindow { last_inbound_at: Some(ago(self.last_inbound)) },
            case_data: vec![CaseDatum { key: "Order".to_owned(), value: "#48213".to_owned() }],
            stored: None,
            ended_at: None,
            note: None,
            disposition: None,
            revision: 1,
        }
    }
}

/// A desk in the making: what the journal of an agent who is signed in would hold.
pub(super) struct Table(Restored);

impl Table {
    /// A desk with these conversations; the first one is in front.
    pub(super) fn with(threads: Vec<Thread>) -> Self {
        let active = threads.first().map(|thread| interaction(thread.number));
        let interactions = threads.into_iter().map(|thread| InteractionSnapshot {
            interaction: thread.interaction(),
            transcript: thread.messages,
            older: false,
            draft: None,
        });
        Self(Restored {
            has_token: true,
            account: Some((agent(), StatusSince { status: AgentStatus::Ready, since: ago(2467) })),
            cursor: Some(Cursor { epoch: 1, number: 1 }),
            interactions: interactions.collect(),
            active,
            ..Restored::default()
        })
    }

    /// The first conversation goes on further up.
    pub(super) fn with_older(mut self) -> Self {
        if let Some(first) = self.0.interactions.first_mut() {
            first.older = true;
        }
        self
    }

    /// These sessions of the first conversation are known.
    pub(super) fn with_sessions(mut self, sessions: Vec<SessionMark>) -> Self {
        self.0.sessions.push((interaction(1), sessions));
        self
    }

    /// The agent has not seen so many of the first conversation's messages.
    pub(super) fn with_unread(mut self, unread: usize) -> Self {
        self.0.unread.push((interaction(1), unread));
        self
    }

    /// This stands in the first conversation's composer.
    pub(super) fn with_draft(mut self, draft: KeptDraft) -> Self {
        self.0.drafts.push((interaction(1), draft));
        self
    }

    /// These words of the first conversation have not left.
    pub(super) fn with_outgoing(mut self, words: &[&str]) -> Self {
        for (number, text) in (1..).zip(words) {
            let state = OutgoingState::Waiting { tries: 0, next_at: now() };
            let (client_ref, text) = (client_ref(number), (*text).to_owned());
            let outgoing = Outgoing {
                client_ref,
                content: OutgoingContent::Text(text),
                quote: None,
                written_at: ago(30),
                state,
                responses: Vec::new(),
            };
            self.0.outgoing.push((interaction(1), outgoing));
        }
        self
    }

    /// These files of the first conversation have not left either.
    pub(super) fn with_leaving(mut self, files: Vec<(ReadyFile, &str)>) -> Self {
        for (number, (file, caption)) in (1..).zip(files) {
            let state = OutgoingState::Waiting { tries: 0, next_at: now() };
            let outgoing = Outgoing {
                client_ref: client_ref(number),
                content: OutgoingContent::File {
                    file: Box::new(file),
                    caption: caption.to_owned(),
                    at: FileAt::Here,
                },
                quote: None,
                written_at: ago(30),
                state,
                responses: Vec::new(),
            };
            self.0.outgoing.push((interaction(1), outgoing));
        }
        self
    }

    /// These files stand on the strip of the first conversation.
    pub(super) fn with_strip(mut self, strip: Vec<StripFile>) -> Self {
        self.0.strips.push((interaction(1), strip));
        self
    }

    /// These templates are there for the number of all conversations.
    pub(super) fn with_templates(self, templates: Vec<Template>) -> Self {
        self.with_library(LibraryPage { whole: true, templates, next: 1, ..LibraryPage::default() })
    }

    /// This library is there.
    pub(super) fn with_library(mut self, library: LibraryPage) -> Self {
        self.0.library = Some(Box::new(library));
        self
    }

    /// The first interaction is otherwise.
    pub(super) fn where_first(mut self, change: impl FnOnce(&mut Interaction)) -> Self {
        if let Some(first) = self.0.interactions.first_mut() {
            change(&mut first.interaction);
        }
        self
    }

    /// What the house wants of an interaction's end.
    pub(super) fn with_rules(mut self, rules: Rules) -> Self {
        self.0.rules = Some(Box::new(rules));
        self
    }

    /// These words stand in the first interaction's note, and the gateway does not have them.
    pub(super) fn with_note(mut self, text: &str) -> Self {
        let note = Some(KeptNote { text: text.to_owned(), based_on: 0, unsynced: true });
        self.0.wrap_ups.push((interaction(1), KeptWrapUp { note, ..KeptWrapUp::default() }));
        self
    }

    /// The agent leads a team.
    pub(super) fn led(mut self) -> Self {
        if let Some((agent, _)) = &mut self.0.account {
            agent.role = Role::TeamLead;
        }
        self
    }

    /// These prepared replies are there.
    pub(super) fn with_responses(mut self, responses: Vec<StandardResponse>) -> Self {
        let page = LibraryPage { whole: true, responses, next: 1, ..LibraryPage::default() };
        self.0.library = Some(Box::new(page));
        self
    }

    /// The desk, with the gateway answering.
    pub(super) fn laid(self) -> Desk {
        let mut desk = self.unheard();
        tell(&mut desk, Vec::new());
        desk
    }

    /// The desk before the gateway has answered anything.
    pub(super) fn unheard(self) -> Desk {
        let mut desk = empty();
        desk.step(Input::Restored(Box::new(self.0)), now());
        desk
    }
}

/// A desk at which nobody is signed in.
pub(super) fn empty() -> Desk {
    Desk::new(Settings::default(), |at| at.date_naive())
}

/// The gateway tells of events, the first one being number 2 of the feed.
pub(super) fn tell(desk: &mut Desk, events: Vec<Event>) {
    // After a page without news the desk takes a breath before it asks on.
    desk.step(Input::Clock, now() + TimeDelta::seconds(5));
    let cursor = |number| Cursor { epoch: 1, number };
    let events: Vec<_> =
        (2..).zip(events).map(|(number, event)| FeedEvent { cursor: cursor(number), event }).collect();
    let next = events.last().map_or(cursor(1), |last| last.cursor);
    end(desk, Outcome::Polled(Ok(EventPage::Events { events, next, more: false, workbins: 0, now: now() })));
}

/// A call ends.
pub(super) fn end(desk: &mut Desk, outcome: Outcome) {
    desk.step(Input::Outcome(outcome), now());
}

/// The agent asks for something.
pub(super) fn ask(desk: &mut Desk, command: Command) -> Vec<Effect> {
    desk.step(Input::Command(command), now())
}

/// A message of the first conversation that the feed tells.
pub(super) fn added(message: Message) -> Event {
    Event::MessageAdded { message: Box::new(message) }
}
