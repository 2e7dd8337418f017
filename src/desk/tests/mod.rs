//! The desk as a whole: a few things to try it with, then the rules by theme, then all of them at random.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use waxwing_protocol::{
    agent::{Agent, AgentStatus, Role, StatusSince},
    api::SendAccepted,
    contact::{BusinessNumber, Contact, WhatsAppId},
    delivery::{Delivery, DeliveryState},
    event::{Cursor, Event, EventPage, FeedEvent, InteractionSnapshot, Snapshot},
    id::{AgentId, BusinessNumberId, ClientRef, ContactId, InteractionId, MessageId, SessionId},
    interaction::{Interaction, Origin, Phase, ServiceWindow},
    message::{Author, Body, Message},
    problem::{Problem, ProblemCode},
};

use super::{
    Desk,
    chime::Settings,
    effect::{Call, Effect, Entry, Load},
    input::{CallError, Command, Input, Outcome},
    pending::Thresholds,
    restore::Restored,
};

mod directory;
mod drafts;
mod feed;
mod gateway;
mod inquiries;
mod library;
mod machine;
mod manage;
mod memory;
mod notification;
mod outbox;
mod own_windows;
mod past;
mod session;
mod signs;
mod sound;
mod strip;
mod transcript;
mod waiting;
mod window;
mod workbins;
mod wrap_up;

pub(crate) use memory::page_of;
pub(crate) use workbins::{changes as page_changes, lying};

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn uuid(kind: u8, number: u32) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 64) | u128::from(number))
}

pub(crate) fn int(number: u32) -> InteractionId {
    InteractionId::from_uuid(uuid(1, number))
}

pub(crate) fn msg(number: u32) -> MessageId {
    MessageId::from_uuid(uuid(2, number))
}

pub(crate) fn client_ref(number: u32) -> ClientRef {
    ClientRef::from_uuid(uuid(3, number))
}

pub(crate) fn agent() -> Agent {
    Agent {
        id: AgentId::from_uuid(uuid(4, 0)),
        user_name: "nadia".to_owned(),
        display_name: "Nadia".to_owned(),
        role: Role::Agent,
        capacity: 5,
        team: None,
    }
}

pub(crate) fn status() -> StatusSince {
    StatusSince { status: AgentStatus::Ready, since: at(0) }
}

pub(crate) fn interaction(number: u32) -> Interaction {
    Interaction {
        id: int(number),
        session: SessionId::from_uuid(uuid(5, number)),
        contact: Contact {
            id: ContactId::from_uuid(uuid(6, number)),
            whatsapp: WhatsAppId::default(),
            profile_name: Some(format!("Contact {number}")),
            user_name: None,
            details: Vec::new(),
            name: None,
            attributes: Vec::new(),
            note: None,
            blocked: false,
            revision: 0,
        },
        business_number: BusinessNumber {
            id: BusinessNumberId::from_uuid(uuid(7, 0)),
            display_number: "+1 555 078 3881".to_owned(),
            name: "Shop".to_owned(),
        },
        origin: Origin::Inbound,
        phase: Phase::Open,
        owner: Some(agent().id),
        created_at: at(0),
        assigned_at: Some(at(0)),
        pending_since: None,
        window: ServiceWindow::default(),
        case_data: Vec::new(),
        stored: None,
        ended_at: None,
        note: None,
        disposition: None,
        revision: 1,
    }
}

pub(crate) fn pending(number: u32, since: i64) -> Interaction {
    Interaction { pending_since: Some(at(since)), revision: 2, ..interaction(number) }
}

pub(crate) fn said(number: u32, interaction: InteractionId, seconds: i64) -> Message {
    Message {
        id: msg(number),
        interaction,
        session: SessionId::from_uuid(uuid(5, 0)),
        author: Author::Contact,
        body: Body::Text { text: format!("text {number}") },
        fallback: format!("text {number}"),
        sent_at: at(seconds),
        stored_at: at(seconds),
        client_ref: None,
        delivery: None,
        quote: None,
        forwarded: None,
        reactions: Vec::new(),
        earlier: Vec::new(),
        referral: None,
    }
}

pub(crate) fn answered(number: u32, interaction: InteractionId, seconds: i64, by_ref: u32) -> Message {
    let state = DeliveryState::new(1, Delivery::Accepted, at(seconds));
    Message {
        author: Author::Agent { agent: agent().id, name: "Nadia".to_owned() },
        client_ref: Some(client_ref(by_ref)),
        delivery: Some(state),
        ..said(number, interaction, seconds)
    }
}

pub(crate) fn cursor(number: u64) -> Cursor {
    Cursor { epoch: 1, number }
}

fn refused(code: ProblemCode) -> CallError {
    CallError::Refused(Problem::new(code, "no"))
}

fn unreachable() -> CallError {
    CallError::Unreachable("no answer".to_owned())
}

/// A desk with its time and the number of its last event.
struct Bench {
    desk: Desk,
    now: DateTime<Utc>,
    number: u64,
}

impl Bench {
    /// Signed in by a token of the last time, a snapshot with these interactions taken in, no rules for files.
    fn with(interactions: Vec<InteractionSnapshot>) -> Self {
        let settings = Settings::default();
        let mut bench =
            Self { desk: Desk::new(settings, |at| at.date_naive()).with_seed(7), now: at(100), number: 10 };
        bench.step(Input::Restored(Box::new(Restored { has_token: true, ..Restored::default() })));
        bench.polled(Ok(snapshot(interactions, 10)));
        bench.outcome(Outcome::FileRules(Err(refused(ProblemCode::NotFound))));
        bench
    }

    /// Two conversations, neither pending: 1 is active.
    fn quiet() -> Self {
        let mut bench = Self::with(vec![held(interaction(1), vec![]), held(interaction(2), vec![])]);
        bench.command(Command::Activate(Some(int(1))));
        bench
    }

    fn step(&mut self, input: Input) -> Vec<Effect> {
        self.desk.step(input, self.now)
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        self.step(Input::Command(command))
    }

    fn outcome(&mut self, outcome: Outcome) -> Vec<Effect> {
        self.step(Input::Outcome(outcome))
    }

    fn polled(&mut self, result: Result<EventPage, CallError>) -> Vec<Effect> {
        self.outcome(Outcome::Polled(result))
    }

    /// The next page of the feed.
    fn events(&mut self, events: Vec<Event>) -> Vec<Effect> {
        let first = self.number + 1;
        self.number += u64::try_from(events.len()).unwrap();
        let page = page(first, events);
        self.polled(Ok(page))
    }

    /// The composer pauses.
    fn draft(&mut self, interaction: InteractionId, text: &str) -> Vec<Effect> {
        let seq = self.desk.conversation(interaction).map_or(0, |held| held.draft_seq().number);
        self.command(Command::KeepDraft { interaction, text: text.to_owned(), quote: None, seq })
    }

    /// What stands in a composer.
    fn drafted(&self, interaction: InteractionId) -> &str {
        &self.desk.conversation(interaction).unwrap().draft().text
    }

    fn send(&mut self, interaction: InteractionId, number: u32) -> Vec<Effect> {
        self.command(Command::Send {
            interaction,
            client_ref: client_ref(number),
            text: format!("answer {number}"),
            quote: None,
        })
    }

    fn sent(
        &mut self,
        interaction: InteractionId,
        number: u32,
        result: Result<Message, CallError>,
    ) -> Vec<Effect> {
        let accept = |message: Message| {
            let revision = self.desk.conversation(interaction).map_or(1, |held| held.interaction.revision);
            let held = self.desk.conversation(interaction).map(|held| held.interaction.clone());
            let answered = held.unwrap_or_else(|| self::interaction(1));
            let interaction = Interaction { pending_since: None, revision: revision + 1, ..answered };
            Box::new(SendAccepted { message, interaction })
        };
        let result = result.map(accept);
        self.outcome(Outcome::Sent { interaction, client_ref: client_ref(number), result })
    }

    fn wait(&mut self, seconds: i64) -> Vec<Effect> {
        self.now += TimeDelta::seconds(seconds);
        self.step(Input::Clock)
    }

    fn keys(&self, id: InteractionId) -> Vec<String> {
        let rows = self.desk.conversation(id).unwrap().rows().iter();
        rows.map(|row| format!("{:?}", row.key).split('(').next().unwrap().to_owned()).collect()
    }
}

pub(crate) fn held(interaction: Interaction, transcript: Vec<Message>) -> InteractionSnapshot {
    InteractionSnapshot { interaction, transcript, older: false, draft: None }
}

pub(crate) fn snapshot(interactions: Vec<InteractionSnapshot>, number: u64) -> EventPage {
    let snapshot = Snapshot {
        agent: agent(),
        status: status(),
        interactions,
        alerts: Vec::new(),
        library: 0,
        workbins: 0,
    };
    EventPage::Snapshot { snapshot: Box::new(snapshot), next: cursor(number), now: at(100) }
}

pub(crate) fn page(first: u64, events: Vec<Event>) -> EventPage {
    let next = cursor(first + u64::try_from(events.len()).unwrap() - 1);
    let events =
        (first..).zip(events).map(|(number, event)| FeedEvent { cursor: cursor(number), event }).collect();
    EventPage::Events { events, next, more: false, workbins: 0, now: at(100) }
}

pub(crate) fn added(message: Message) -> Event {
    Event::MessageAdded { message: Box::new(message) }
}

pub(crate) fn changed(interaction: Interaction) -> Event {
    Event::InteractionChanged { interaction: Box::new(interaction) }
}

fn calls(effects: &[Effect]) -> Vec<&Call> {
    fn call(effect: &Effect) -> Option<&Call> {
        match effect {
            Effect::Call(call) => Some(call),
            Effect::Journal(_) | Effect::Load(_) | Effect::Unseal(_) => None,
        }
    }
    effects.iter().filter_map(call).collect()
}

fn entries(effects: &[Effect]) -> Vec<&Entry> {
    fn entry(effect: &Effect) -> Option<&Entry> {
        match effect {
            Effect::Journal(entry) => Some(entry),
            Effect::Call(_) | Effect::Load(_) | Effect::Unseal(_) => None,
        }
    }
    effects.iter().filter_map(entry).collect()
}

fn loads(effects: &[Effect]) -> Vec<&Load> {
    fn load(effect: &Effect) -> Option<&Load> {
        match effect {
            Effect::Load(load) => Some(load),
            Effect::Journal(_) | Effect::Call(_) | Effect::Unseal(_) => None,
        }
    }
    effects.iter().filter_map(load).collect()
}

/// The messages that a step sends, by the number of their client reference.
fn sends(effects: &[Effect]) -> Vec<ClientRef> {
    let send = |call: &&Call| match call {
        Call::Send { message, .. } => Some(message.client_ref),
        _ => None,
    };
    calls(effects).iter().filter_map(send).collect()
}

fn polls(effects: &[Effect]) -> Vec<(Option<Cursor>, bool)> {
    let poll = |call: &&Call| match call {
        Call::Poll { after, wait, .. } => Some((*after, *wait)),
        _ => None,
    };
    calls(effects).iter().filter_map(poll).collect()
}
