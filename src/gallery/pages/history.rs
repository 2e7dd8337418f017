//! The history: a list with what is read beside it, a search with its hits, what happened, and the tab beside a conversation.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use waxwing_protocol::{
    agent::Colleague,
    api::TranscriptPage,
    contact::BusinessNumber,
    delivery::Delivery,
    history::{HistoryEntry, HistoryHit, HistoryPage, HistoryQuery, InteractionRecord, LifeReason, LifeStep},
    id::{AgentId, BusinessNumberId, ContactId, InteractionId, SessionId},
    interaction::{CaseDatum, Interaction, Note, Origin, Phase, ServiceWindow},
    message::Message,
};

use super::{Page, directory::contact};
use crate::{
    desk::{
        Desk,
        effect::Effect,
        input::{CallError, Command, Outcome},
        past::{PastList, PastTold, PastWish},
    },
    gallery::{
        desk::{Table, Thread, ago, ask, end, now, our_number},
        stage::Gesture,
    },
};

const SIZE: [f32; 2] = [1440.0, 900.0];
const HERE: Gesture = Gesture::Press(Modifiers::COMMAND, Key::Num3);
const FIRST: Gesture = Gesture::Click("Masha Ivanova, Sat");

pub(super) fn pages() -> Vec<Page> {
    let search = [HERE, Gesture::Click("Interaction Search")];
    let beside = [Gesture::Press(Modifiers::COMMAND, Key::L), Gesture::Click("History")];
    let mut searched = search.to_vec();
    searched.push(Gesture::Click("Search messages"));
    searched.push(Gesture::Write("bouquet".to_owned()));
    vec![
        Page::new("history", SIZE, mine()).with([HERE]),
        Page::new("history-read", SIZE, read(mine())).with([HERE, FIRST]),
        Page::new("history-happened", SIZE, read(mine())).with([
            HERE,
            FIRST,
            Gesture::Click("What happened"),
        ]),
        Page::new("history-facts", SIZE, read(mine())).with([HERE, FIRST, Gesture::Click("Note and facts")]),
        Page::new("history-search", SIZE, hits()).with(searched),
        Page::new("history-nothing", SIZE, listed(desk(), PastList::Mine, Vec::new())).with([HERE]),
        Page::new("history-away", SIZE, away()).with([HERE]),
        Page::new("history-narrow", [900.0, 760.0], read(mine())).with([HERE, FIRST]),
        Page::new("history-beside", SIZE, with_past(desk())).with(beside),
    ]
}

fn desk() -> Desk {
    let mut thread = Thread::new(1, "Masha Ivanova", 300).waiting(38);
    thread.wrote("Hi! My flowers have not arrived yet 🌷");
    thread.answered("Sorry to hear that. Is this the right order?", Delivery::Read);
    thread.wrote("Yes, that is the one.");
    let mut desk = Table::with(vec![thread]).laid();
    know_numbers(&mut desk, our_number());
    desk
}

/// The numbers are known from which a chat can be begun.
pub(super) fn know_numbers(desk: &mut Desk, id: BusinessNumberId) {
    let number = BusinessNumber { id, display_number: "+1 555 078 3881".to_owned(), name: "Shop".to_owned() };
    end(desk, Outcome::Past(PastTold::Numbers(Ok(vec![number]))));
}

fn who(number: u8, name: &str) -> Colleague {
    Colleague { id: AgentId::new(now(), [number; 10]), display_name: name.to_owned() }
}

fn past(number: u8, days: i64, (name, phone): (&str, &str)) -> Interaction {
    let begun = ago(days * 86_400 + 7_200);
    Interaction {
        id: InteractionId::new(now(), [100 + number; 10]),
        session: SessionId::new(now(), [100 + number; 10]),
        contact: contact(number, name, phone, Some("Gold")),
        business_number: BusinessNumber {
            id: our_number(),
            display_number: "+1 555 078 3881".to_owned(),
            name: "Shop".to_owned(),
        },
        origin: Origin::Inbound,
        phase: Phase::Done,
        owner: None,
        created_at: begun,
        assigned_at: Some(begun),
        pending_since: None,
        window: ServiceWindow { last_inbound_at: Some(begun) },
        case_data: vec![CaseDatum { key: "Order".to_owned(), value: "#47110".to_owned() }],
        stored: None,
        ended_at: Some(begun + TimeDelta::minutes(24)),
        note: Some(Note {
            text: "Promised a new bouquet on Saturday before noon; no lilies.".to_owned(),
            revision: 1,
            by: "Jana Roth".to_owned(),
            at: begun,
        }),
        disposition: None,
        revision: 3,
    }
}

fn entry(number: u8, days: i64, whom: (&str, &str), about: &str) -> HistoryEntry {
    let agents = match number % 3 {
        1 => vec![who(9, "Jana Roth")],
        2 => vec![who(9, "Jana Roth"), who(8, "Maria Duarte")],
        _ => vec![who(7, "K. Novák")],
    };
    HistoryEntry {
        interaction: past(number, days, whom),
        agents,
        messages: 4 + u32::from(number) * 3,
        about: about.to_owned(),
        hits: Vec::new(),
    }
}

const MASHA: (&str, &str) = ("Masha Ivanova", "16505551234");

fn entries() -> Vec<HistoryEntry> {
    vec![
        entry(1, 4, MASHA, "Hello! I would like to change the date of delivery for my bouquet"),
        entry(2, 5, ("Daniel Okafor", "2348015550123"), "Is anybody there? It has been two days"),
        entry(3, 6, ("سارة العلي", "201005550147"), "مرحباً، هل يمكنني تغيير العنوان؟"),
        entry(4, 11, ("Priya Sharma", "919805550188"), "धन्यवाद! Your refund came"),
        entry(5, 30, ("田中 花子", "819055500101"), "明日写真を送ります"),
        entry(6, 200, ("+44 7700 900142", "447700900142"), ""),
    ]
}

fn listed(mut desk: Desk, list: PastList, entries: Vec<HistoryEntry>) -> Desk {
    ask(&mut desk, Command::Past(PastWish::Look { list, wanted: Box::default() }));
    let page = HistoryPage { entries, next: None };
    end(&mut desk, Outcome::Past(PastTold::Found { list, number: 1, result: Ok(page) }));
    desk
}

fn mine() -> Desk {
    listed(desk(), PastList::Mine, entries())
}

/// Words were found.
fn hits() -> Desk {
    let mut desk = desk();
    let hit = |number: u8, excerpt: &str| HistoryHit {
        message: waxwing_protocol::id::MessageId::new(now(), [number; 10]),
        at: ago(4 * 86_400),
        excerpt: excerpt.to_owned(),
    };
    let mut entries = entries();
    entries.truncate(3);
    entries[0].hits = vec![
        hit(1, "… to change the date of delivery for my bouquet, is that still possible?"),
        hit(2, "A new bouquet comes on Saturday, before noon."),
    ];
    entries[1].hits = vec![hit(3, "… the Bouquet you sent was not the one in the picture …")];
    let wanted = Box::new(HistoryQuery { words: Some("bouquet".to_owned()), ..HistoryQuery::default() });
    ask(&mut desk, Command::Past(PastWish::Look { list: PastList::All, wanted }));
    let page = HistoryPage { entries, next: None };
    end(&mut desk, Outcome::Past(PastTold::Found { list: PastList::All, number: 1, result: Ok(page) }));
    desk
}

fn away() -> Desk {
    let mut desk = desk();
    let list = PastList::Mine;
    ask(&mut desk, Command::Past(PastWish::Look { list, wanted: Box::default() }));
    let result = Err(CallError::Unreachable("there is no connection to the gateway".to_owned()));
    end(&mut desk, Outcome::Past(PastTold::Found { list, number: 1, result }));
    desk
}

/// The first one is read.
fn read(mut desk: Desk) -> Desk {
    let interaction = past(1, 4, MASHA);
    let (id, begun) = (interaction.id, interaction.created_at);
    ask(&mut desk, Command::Review(id));
    let step = |minutes, phase: &str, why, by: Option<Colleague>| LifeStep {
        at: begun + TimeDelta::minutes(minutes),
        phase: phase.to_owned(),
        owner: Some(who(9, "Jana Roth")),
        by,
        why,
    };
    let jana = || Some(who(9, "Jana Roth"));
    let steps = vec![
        step(0, "queued", LifeReason::ContactWrote, None),
        step(0, "open", LifeReason::Routed, None),
        step(6, "in_workbin", LifeReason::PutAway, jana()),
        step(19, "open", LifeReason::ContactResumed, None),
        step(24, "ended", LifeReason::AgentEnded, jana()),
        step(25, "done", LifeReason::MarkedDone, jana()),
    ];
    let messages = said(&interaction);
    let record = Box::new(InteractionRecord { interaction, steps });
    let outcome = Outcome::RecordTold { interaction: id, result: Ok(record) };
    let effects = desk.step(crate::desk::input::Input::Outcome(outcome), now());
    for effect in effects {
        if let Effect::Load(load) = effect {
            let messages = messages.clone();
            let page = TranscriptPage { messages, sessions: Vec::new(), older: false, newer: false };
            end(&mut desk, Outcome::Loaded { load, kept: false, result: Ok(page) });
        }
    }
    desk
}

fn said(interaction: &Interaction) -> Vec<Message> {
    let mut thread = Thread::new(1, MASHA.0, 4 * 86_400 + 7_200);
    thread
        .wrote("Hello! I would like to change the date of delivery for my bouquet, is that still possible?");
    thread.pause(60);
    thread.answered("Of course. Which day suits you?", Delivery::Read);
    thread.wrote("Saturday, before noon. And no lilies please 🌷");
    thread.pause(700);
    thread.answered("A new bouquet comes on Saturday, before noon. No lilies.", Delivery::Read);
    thread.wrote("Thank you!");
    let theirs = thread.messages().iter().cloned();
    let (id, session) = (interaction.id, interaction.session);
    theirs.map(|message| Message { interaction: id, session, ..message }).collect()
}

/// The history of the contact of the first conversation is known.
pub(super) fn with_past(desk: Desk) -> Desk {
    let abouts =
        [(1, 4, "Change the date of delivery for my bouquet"), (4, 11, "Invoice question"), (7, 60, "")];
    let entries = abouts.map(|(number, days, about)| entry(number, days, MASHA, about));
    let contact = ContactId::new(now(), [1; 10]);
    let mut desk = listed(desk, PastList::Of(contact), entries.to_vec());
    know_numbers(&mut desk, our_number());
    desk
}
