//! What was said in the conversation that is measured: every script and kind of message, the same in each run.
//!
//! A message is made from its distance to the newest one alone, so conversations of all lengths end in the same words and
//! differ only in what lies behind them.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    agent::{Agent, AgentStatus, Role, StatusSince},
    api::SessionMark,
    contact::{BusinessNumber, Contact, WhatsAppId},
    delivery::{Delivery, DeliveryState},
    id::{AgentId, AttachmentId, BusinessNumberId, ContactId, InteractionId, MessageId, SessionId},
    interaction::{CaseDatum, Interaction, Origin, Phase, ServiceWindow},
    message::{Author, Message, Quote, Reaction},
};

use super::words;

/// How many messages a session has.
pub(super) const SESSION: i64 = 200;
/// From message to message.
const STEP: TimeDelta = TimeDelta::seconds(40);

/// The time at which everything takes place.
pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_778_688_000, 0).expect("a time")
}

/// When the message at this distance from the newest one was sent; those yet to come are 20 milliseconds apart.
pub(super) fn sent_at(back: i64) -> DateTime<Utc> {
    let newest = now() - TimeDelta::seconds(60);
    let wanted = i32::try_from(back).expect("is within a few years");
    if back < 0 { newest - TimeDelta::milliseconds(20) * wanted } else { newest - STEP * wanted }
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

pub(super) fn status() -> StatusSince {
    StatusSince { status: AgentStatus::Ready, since: now() - TimeDelta::seconds(2467) }
}

/// The conversation that is measured.
pub(super) fn long() -> Interaction {
    interaction(1, "Yusuf Adeyemi")
}

/// One in which nothing was said.
pub(super) fn empty() -> Interaction {
    interaction(2, "Inés Cortázar")
}

fn interaction(number: u8, name: &str) -> Interaction {
    Interaction {
        id: InteractionId::new(now(), [number; 10]),
        session: session(0),
        contact: Contact {
            id: ContactId::new(now(), [number; 10]),
            whatsapp: WhatsAppId { user_id: None, phone: Some(format!("1650555000{number}")) },
            profile_name: Some(name.to_owned()),
            user_name: None,
            details: Vec::new(),
            name: None,
            attributes: Vec::new(),
            note: None,
            blocked: false,
            revision: 0,
        },
        business_number: BusinessNumber {
            id: BusinessNumberId::new(now(), [1; 10]),
            display_number: "+1 555 078 3881".to_owned(),
            name: "Shop".to_owned(),
        },
        origin: Origin::Inbound,
        phase: Phase::Open,
        owner: Some(agent().id),
        created_at: sent_at(SESSION - 1),
        assigned_at: Some(sent_at(SESSION - 1)),
        pending_since: None,
        window: ServiceWindow { last_inbound_at: Some(now() - TimeDelta::seconds(60)) },
        case_data: vec![CaseDatum { key: "Order".to_owned(), value: "#48213".to_owned() }],
        stored: None,
        ended_at: None,
        note: None,
        disposition: None,
        revision: 1,
    }
}

/// The session that lies so many behind the one that goes on.
fn session(back: i64) -> SessionId {
    SessionId::new(sent_at(back * SESSION + SESSION - 1), [5; 10])
}

/// The session that lies so many behind the one that goes on, as the line in the transcript tells of it.
pub(super) fn mark(back: i64) -> SessionMark {
    SessionMark {
        session: session(back),
        interaction: of_session(back),
        origin: Origin::Inbound,
        started_at: sent_at(back * SESSION + SESSION - 1),
        ended_at: Some(sent_at(back * SESSION)),
        agent: Some(agent().display_name),
    }
}

fn of_session(back: i64) -> InteractionId {
    match back {
        0 => long().id,
        _ => InteractionId::new(sent_at(back * SESSION + SESSION - 1), [1; 10]),
    }
}

/// The message at this distance from the newest one; those yet to come have negative ones.
pub(super) fn message(back: i64) -> Message {
    let chance = words::mixed(back.unsigned_abs() * 2 + u64::from(back < 0));
    let by_contact = chance % 100 < 55;
    let at = sent_at(back);
    let body = words::body(back, chance);
    let fallback = words::fallback(&body);
    let answered = words::mixed(chance) % 30 + 1;
    let quote = (chance % 8 == 3).then(|| Quote {
        message: Some(MessageId::new(sent_at(back + 7), random(back + 7))),
        excerpt: words::sentence(chance, 12),
        by_contact: answered.is_multiple_of(2),
    });
    let reaction = |author| Reaction { author, emoji: words::emoji(chance).to_owned(), sending: None };
    let ours = || Author::Agent { agent: agent().id, name: agent().display_name };
    let session_back = back.max(0) / SESSION;
    Message {
        id: MessageId::new(at, random(back)),
        interaction: of_session(session_back),
        session: session(session_back),
        author: if by_contact { Author::Contact } else { ours() },
        body,
        fallback,
        sent_at: at,
        stored_at: at,
        client_ref: None,
        delivery: (!by_contact).then(|| DeliveryState::new(1, Delivery::Read, at)),
        quote,
        forwarded: None,
        reactions: match chance % 20 {
            1 => vec![reaction(ours())],
            2 => vec![reaction(Author::Contact), reaction(ours())],
            _ => Vec::new(),
        },
        earlier: Vec::new(),
        referral: None,
    }
}

/// The same, with a picture in every third message.
pub(super) fn with_pictures(back: i64) -> Message {
    let mut message = message(back);
    if back.rem_euclid(3) == 0 {
        message.body = words::picture(AttachmentId::new(message.sent_at, random(back)), back);
        message.fallback = words::fallback(&message.body);
    }
    message
}

/// What makes the id of a message its own.
fn random(back: i64) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&back.to_be_bytes());
    bytes
}
