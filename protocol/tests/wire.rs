//! What goes over the wire, byte for byte: one golden file a type. A change here is a change of protocol.
//!
//! With `WRITE_GOLDEN=1` in the environment the files are written anew; look at the difference before you commit it.

use std::{env, fmt::Debug, fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use waxwing_protocol::{
    agent::{Agent, AgentStatus, Colleague, Role, StatusSince},
    api::{
        AddCard, Health, MarkRead, OutgoingBody, PollQuery, PutDraft, React, SearchHits, SearchQuery,
        SendAccepted, SendMessage, SessionMark, SetStatus, SignIn, SignedIn, TranscriptPage, TranscriptPart,
        TranscriptQuery,
    },
    attachment::{Attachment, AttachmentState},
    contact::{BusinessNumber, Contact, ContactAttribute, ContactDetail, DetailKind, WhatsAppId},
    delivery::{Delivery, DeliveryFailure, DeliveryState},
    draft::{Draft, Written},
    event::{Cursor, Departure, Event, EventPage, FeedEvent, InteractionSnapshot, NumberAlert, Snapshot},
    file_rule::{FileRule, FileRules},
    id::{
        AgentId, AttachmentId, BusinessNumberId, ClientRef, ContactId, InteractionId, MessageId, ResponseId,
        SessionId, WorkbinId,
    },
    interaction::{CaseDatum, Interaction, Note, Origin, Phase, ServiceWindow, Stored},
    message::{
        Author, Body, ContactCard, Earlier, Forwarded, Media, MediaKind, Message, OrderItem, Quote, Reaction,
        Referral,
    },
    problem::{Problem, ProblemCode},
};

#[path = "wire/calls.rs"]
mod calls;
#[path = "wire/library.rs"]
mod library;
#[path = "wire/work.rs"]
mod work;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("a time") + TimeDelta::seconds(seconds)
}

/// Says that a list of values is written as in the golden file, and that the file is read back as the same values.
fn golden<T: Serialize + DeserializeOwned + Debug>(name: &str, values: &[T]) {
    let path = Path::new(FOLDER).join(name).with_extension("json");
    let written = serde_json::to_string_pretty(values).expect("JSON") + "\n";
    if env::var_os("WRITE_GOLDEN").is_some() {
        fs::write(&path, &written).expect("writes");
    }
    let kept = fs::read_to_string(&path).expect("the golden file");
    assert_eq!(written, kept, "{name}");
    let read: Vec<T> = serde_json::from_str(&kept).expect("reads");
    let again = serde_json::to_string_pretty(&read).expect("JSON") + "\n";
    assert_eq!(again, kept, "{name}");
}

fn agent() -> Agent {
    Agent {
        id: AgentId::new(at(0), [1; 10]),
        user_name: "masha".to_owned(),
        display_name: "Masha".to_owned(),
        role: Role::TeamLead,
        capacity: 5,
        team: Some("Support".to_owned()),
    }
}

fn contact() -> Contact {
    Contact {
        id: ContactId::new(at(0), [2; 10]),
        whatsapp: WhatsAppId { user_id: Some("NL.481516".to_owned()), phone: Some("15550123456".to_owned()) },
        profile_name: Some("Joke de Vries".to_owned()),
        user_name: Some("joke.fiets".to_owned()),
        details: vec![ContactDetail {
            kind: DetailKind::Phone,
            value: "+31 6 1234 5678".to_owned(),
            name: Some("Piet".to_owned()),
        }],
        name: Some("Joke".to_owned()),
        attributes: vec![ContactAttribute { key: "Segment".to_owned(), value: "Gold".to_owned() }],
        note: Some("Rides a cargo bike".to_owned()),
        blocked: true,
        revision: 4,
    }
}

fn number() -> BusinessNumber {
    BusinessNumber {
        id: BusinessNumberId::new(at(0), [3; 10]),
        display_number: "+1 555 010 0001".to_owned(),
        name: "Shop".to_owned(),
    }
}

fn interaction() -> Interaction {
    Interaction {
        id: InteractionId::new(at(0), [4; 10]),
        session: SessionId::new(at(0), [5; 10]),
        contact: contact(),
        business_number: number(),
        origin: Origin::Inbound,
        phase: Phase::Open,
        owner: Some(agent().id),
        created_at: at(1),
        assigned_at: Some(at(2)),
        pending_since: Some(at(3)),
        window: ServiceWindow { last_inbound_at: Some(at(4)) },
        case_data: vec![CaseDatum { key: "Order".to_owned(), value: "7".to_owned() }],
        stored: None,
        ended_at: Some(at(5)),
        note: Some(Note { text: "Wants a bell".to_owned(), revision: 2, by: "Masha".to_owned(), at: at(4) }),
        disposition: Some("sold".to_owned()),
        revision: 9,
    }
}

fn bare_interaction() -> Interaction {
    Interaction {
        phase: Phase::InWorkbin { workbin: WorkbinId::new(at(0), [6; 10]) },
        owner: None,
        assigned_at: None,
        pending_since: None,
        window: ServiceWindow::default(),
        case_data: Vec::new(),
        stored: Some(Stored {
            since: at(5),
            by: Some(Colleague { id: agent().id, display_name: "Masha".to_owned() }),
            comment: Some("Call on Monday".to_owned()),
            remind_at: Some(at(90)),
        }),
        ended_at: None,
        note: None,
        disposition: None,
        ..interaction()
    }
}

fn message() -> Message {
    Message {
        id: MessageId::new(at(0), [7; 10]),
        interaction: interaction().id,
        session: interaction().session,
        author: Author::Agent { agent: agent().id, name: "Masha".to_owned() },
        body: Body::Text { text: "It is ready 🚲".to_owned() },
        fallback: "It is ready 🚲".to_owned(),
        sent_at: at(5),
        stored_at: at(6),
        client_ref: Some(ClientRef::new(at(0), [8; 10])),
        delivery: Some(DeliveryState::new(2, Delivery::Read, at(7))),
        quote: Some(Quote { message: None, excerpt: "Is it?".to_owned(), by_contact: true }),
        forwarded: Some(Forwarded::Frequently),
        reactions: vec![Reaction {
            author: Author::Contact,
            emoji: "👍🏽".to_owned(),
            sending: Some(Delivery::Sent),
        }],
        earlier: vec![Earlier { text: "It will be".to_owned(), until: at(6) }],
        referral: Some(Referral {
            kind: "ad".to_owned(),
            headline: Some("Chat with us".to_owned()),
            text: Some("Summer sale".to_owned()),
            url: Some("https://fb.me/x".to_owned()),
        }),
    }
}

fn written() -> Written {
    Written { text: "I will".to_owned(), quote: Some(message().id), at: at(8), device: "desk 4".to_owned() }
}

fn draft() -> Draft {
    Draft { revision: 3, written: written(), aside: vec![Written { quote: None, ..written() }] }
}

fn bare_message() -> Message {
    Message {
        author: Author::Contact,
        client_ref: None,
        delivery: None,
        quote: None,
        forwarded: None,
        reactions: Vec::new(),
        earlier: Vec::new(),
        referral: None,
        ..message()
    }
}

fn failure() -> DeliveryFailure {
    DeliveryFailure {
        code: Some(131_049),
        reason: "WhatsApp kept it back.".to_owned(),
        advice: "Try again tomorrow.".to_owned(),
        can_retry: true,
    }
}

fn alert() -> NumberAlert {
    NumberAlert {
        number: number().id,
        display_number: number().display_number,
        text: "The token has expired.".to_owned(),
        since: at(8),
    }
}

fn status() -> StatusSince {
    StatusSince { status: AgentStatus::NotReady { reason: Some("Lunch".to_owned()) }, since: at(9) }
}

#[test]
fn agents_and_their_statuses() {
    golden("agent", &[agent()]);
    let statuses = [
        AgentStatus::Ready,
        AgentStatus::NotReady { reason: None },
        AgentStatus::AfterCallWork,
        AgentStatus::DoNotDisturb,
        AgentStatus::SignedOut,
    ];
    let mut all: Vec<_> = statuses.map(|status| StatusSince { status, since: at(0) }).into();
    all.push(status());
    golden("status", &all);
}

#[test]
fn contacts_and_interactions() {
    let nameless =
        Contact { whatsapp: WhatsAppId::default(), profile_name: None, user_name: None, ..contact() };
    golden("contact", &[contact(), nameless]);
    let phases =
        [Phase::Queued, Phase::Ended, Phase::Done].map(|phase| Interaction { phase, ..bare_interaction() });
    golden("interaction", &[vec![interaction(), bare_interaction()], phases.into()].concat());
}

#[test]
fn messages_and_bodies() {
    golden("message", &[message(), bare_message()]);
    golden(
        "delivery",
        &[
            Delivery::Queued,
            Delivery::Accepted,
            Delivery::Uncertain,
            Delivery::Sent,
            Delivery::Failed(failure()),
            Delivery::Failed(DeliveryFailure { code: None, can_retry: false, ..failure() }),
            Delivery::Delivered,
            Delivery::Read,
            Delivery::Played,
        ],
    );
    let media = Media {
        kind: MediaKind::Document,
        mime: Some("application/pdf".to_owned()),
        caption: Some("the receipt".to_owned()),
        file_name: Some("bon.pdf".to_owned()),
        voice: false,
        animated: false,
        attachment: Some(Attachment {
            id: AttachmentId::new(at(0), [9; 10]),
            state: AttachmentState::Ready { size_bytes: 1_024, about: None },
        }),
    };
    let bare = Media {
        kind: MediaKind::Audio,
        mime: None,
        caption: None,
        file_name: None,
        voice: true,
        animated: false,
        attachment: None,
    };
    let card = ContactCard {
        name: "Piet".to_owned(),
        phones: vec!["+31 6 1234 5678".to_owned()],
        emails: vec!["piet@example.org".to_owned()],
        company: Some("Wielen BV".to_owned()),
        addresses: vec!["Domplein 4, Utrecht".to_owned()],
        urls: vec!["https://example.org".to_owned()],
    };
    let item =
        OrderItem { product: "bell-2".to_owned(), quantity: 2.0, price: 4.5, currency: "EUR".to_owned() };
    golden(
        "body",
        &[
            Body::Text { text: "Words".to_owned() },
            Body::Media(media),
            Body::Media(bare),
            Body::Location {
                latitude: 52.0907,
                longitude: 5.1214,
                name: Some("Domtoren".to_owned()),
                address: None,
                url: Some("https://example.org/toren".to_owned()),
            },
            Body::Notification(Box::new(library::notification())),
            Body::Contacts { cards: vec![card] },
            Body::Reply {
                title: "Sent".to_owned(),
                description: Some("Next day".to_owned()),
                answers: vec![("day".to_owned(), "Monday".to_owned())],
            },
            Body::Order { text: None, items: vec![item] },
            Body::System { text: "The number changed.".to_owned() },
            Body::Deleted,
            Body::Unsupported { kind: Some("poll_creation".to_owned()), reason: None },
            Body::Unknown,
        ],
    );
}

#[test]
fn events_and_pages() {
    let (interaction, message) = (Box::new(interaction()), Box::new(message()));
    let events = [
        Event::InteractionAdded {
            interaction: interaction.clone(),
            transcript: vec![bare_message()],
            older: false,
            draft: None,
        },
        Event::InteractionChanged { interaction: interaction.clone() },
        Event::InteractionRemoved { interaction: interaction.id, why: Departure::Reassigned },
        Event::MessageAdded { message: message.clone() },
        Event::MessageChanged { message: message.clone() },
        Event::DeliveryChanged {
            interaction: interaction.id,
            message: message.id,
            state: DeliveryState::new(1, Delivery::Failed(failure()), at(7)),
        },
        Event::ContactChanged { contact: Box::new(contact()) },
        Event::DraftChanged { interaction: interaction.id, draft: Box::new(draft()) },
        Event::StatusChanged { status: status() },
        Event::LibraryChanged { revision: 7 },
        Event::NumberAlertRaised { alert: alert() },
        Event::NumberAlertCleared { number: number().id },
    ];
    golden("event", &events);
    let cursor = Cursor { epoch: 0xBEEF, number: 42 };
    let snapshot = Snapshot {
        agent: agent(),
        status: status(),
        interactions: vec![InteractionSnapshot {
            interaction: *interaction,
            transcript: vec![*message],
            older: false,
            draft: None,
        }],
        alerts: vec![alert()],
        library: 7,
        workbins: 6,
    };
    golden(
        "event_page",
        &[
            EventPage::Events {
                events: vec![FeedEvent { cursor, event: Event::NumberAlertCleared { number: number().id } }],
                next: cursor,
                more: true,
                workbins: 6,
                now: at(10),
            },
            EventPage::Snapshot { snapshot: Box::new(snapshot), next: cursor, now: at(10) },
        ],
    );
}

#[test]
fn problems() {
    let codes = [
        ProblemCode::BadRequest,
        ProblemCode::WrongCredentials,
        ProblemCode::SignedOut,
        ProblemCode::TooManyAttempts,
        ProblemCode::NotFound,
        ProblemCode::NotAllowed,
        ProblemCode::Conflict,
        ProblemCode::DispositionMissing,
        ProblemCode::Full,
        ProblemCode::UnacceptableBody,
        ProblemCode::WindowClosed,
        ProblemCode::TooLarge,
        ProblemCode::Unavailable,
        ProblemCode::Internal,
    ];
    let mut problems: Vec<_> = codes.map(|code| Problem::new(code, "A sentence.")).into();
    problems
        .push(Problem { retry_after_seconds: Some(30), ..Problem::new(ProblemCode::Unavailable, "Later.") });
    golden("problem", &problems);
}

#[test]
fn words_of_a_newer_gateway_are_unknown_and_never_an_error() {
    fn read<T: DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).expect("reads")
    }
    assert_eq!(
        read::<Event>(json!({"event": "typing_began", "interaction": "int_1", "by": [1]})),
        Event::Unknown
    );
    assert_eq!(read::<Body>(json!({"type": "hologram", "beam": {}})), Body::Unknown);
    assert_eq!(read::<ProblemCode>(json!("out_of_tea")), ProblemCode::Unknown);
    assert_eq!(read::<Delivery>(json!({"delivery": "framed", "by": "somebody"})), Delivery::Unknown);
    assert_eq!(read::<AgentStatus>(json!({"status": "asleep"})), AgentStatus::Unknown);
    assert_eq!(read::<Phase>(json!({"phase": "asleep", "until": "later"})), Phase::Unknown);
    assert_eq!(read::<Role>(json!("owner")), Role::Unknown);
    assert_eq!(read::<Departure>(json!("moved")), Departure::Unknown);
    assert_eq!(read::<MediaKind>(json!("smell")), MediaKind::Unknown);
    let event = json!({"cursor": "beef.43", "event": "typing_began", "new": true});
    assert_eq!(
        read::<FeedEvent>(event),
        FeedEvent { cursor: Cursor { epoch: 0xBEEF, number: 43 }, event: Event::Unknown }
    );
    let mut newer = serde_json::to_value(message()).expect("JSON");
    newer["edited_at"] = json!("2030-01-01T00:00:00Z");
    newer["body"] = json!({"type": "hologram"});
    assert_eq!(read::<Message>(newer), Message { body: Body::Unknown, ..message() });
}
