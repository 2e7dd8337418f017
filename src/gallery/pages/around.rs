//! What stands around messages: days, sessions, joins, what is new, older ones, the way back, searches.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use waxwing_protocol::{
    api::{SearchHits, SessionMark, TranscriptPage},
    delivery::Delivery,
    id::{InteractionId, SessionId},
    interaction::Origin,
    message::Message,
};

use super::Page;
use crate::{
    desk::{
        Desk,
        effect::{Effect, Load},
        input::{CallError, Command, Outcome},
    },
    gallery::{
        desk::{Table, Thread, added, ago, ask, end, interaction, tell},
        stage::Gesture,
    },
};

const SIZE: [f32; 2] = [1000.0, 640.0];

pub(super) fn pages() -> Vec<Page> {
    vec![lines(), older_more(), older_loading(), older_failed(), further_up(), search(), days()]
}

const DAY: i64 = 86_400;

/// Messages of an earlier session, and how the line at its start is told.
fn earlier(number: u8, days: i64) -> (Vec<Message>, SessionMark) {
    let mut thread = Thread::new(1, "Marta Szkoła", days * DAY);
    thread.wrote("Hello, is somebody there?");
    thread.answered("Good morning!", Delivery::Read);
    let begun = ago(days * DAY);
    let (before, session) = (InteractionId::new(begun, [number; 10]), SessionId::new(begun, [number; 10]));
    let mut messages = thread.messages().to_vec();
    for message in &mut messages {
        (message.interaction, message.session) = (before, session);
    }
    let mark = SessionMark {
        session,
        interaction: before,
        origin: if number == 11 { Origin::Outbound } else { Origin::Inbound },
        started_at: begun,
        ended_at: Some(begun + TimeDelta::minutes(25)),
        agent: Some("Omar Haddad".to_owned()),
    };
    (messages, mark)
}

/// A desk with two earlier sessions and the one that goes on.
fn table() -> Table {
    let ((mut first, first_mark), (second, second_mark)) = (earlier(11, 40), earlier(12, 1));
    first.extend(second);
    let mut thread = Thread::new(1, "Marta Szkoła", 900).waiting(75).after(first);
    thread.wrote("Me again");
    thread.answered("Good afternoon!", Delivery::Read);
    thread.wrote("Where is my parcel?");
    thread.wrote("It should have come yesterday.");
    Table::with(vec![thread]).with_sessions(vec![first_mark, second_mark])
}

fn lines() -> Page {
    Page::new("around-lines", [1000.0, 820.0], table().with_unread(2).laid())
}

/// Asks for older messages; gives the load that is under way.
fn ask_older(desk: &mut Desk) -> Option<Load> {
    let wanted = Command::ShowOlder { interaction: interaction(1), sessions: 1 };
    load(ask(desk, wanted))
}

fn load(effects: Vec<Effect>) -> Option<Load> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Load(load) => Some(load),
        _ => None,
    })
}

fn older_more() -> Page {
    let mut desk = table().with_older().laid();
    if let Some(load) = ask_older(&mut desk) {
        // The session begins here; there are others before it.
        let page = TranscriptPage { messages: Vec::new(), sessions: Vec::new(), older: true, newer: false };
        end(&mut desk, Outcome::Loaded { load, kept: false, result: Ok(page) });
    }
    Page::new("around-older-more", SIZE, desk).with([Gesture::Wheel("Good afternoon!", 4000.0)])
}

fn older_loading() -> Page {
    let mut desk = table().with_older().laid();
    ask_older(&mut desk);
    Page::new("around-older-loading", SIZE, desk).with([Gesture::Wheel("Good afternoon!", 4000.0)])
}

fn older_failed() -> Page {
    let mut desk = table().with_older().laid();
    if let Some(load) = ask_older(&mut desk) {
        let why = "the gateway does not answer.".to_owned();
        end(&mut desk, Outcome::Loaded { load, kept: false, result: Err(CallError::Unreachable(why)) });
    }
    Page::new("around-older-failed", SIZE, desk).with([Gesture::Wheel("Good afternoon!", 4000.0)])
}

/// The agent reads an old part, and something came below.
fn further_up() -> Page {
    let mut desk = table().with_older().laid();
    let mut old = Thread::new(1, "Marta Szkoła", 30 * DAY);
    for number in 1..=30 {
        old.wrote(&format!("Said long ago, number {number}"));
    }
    let messages = old.messages().to_vec();
    let message = messages[12].id;
    let under_way = load(ask(&mut desk, Command::GoTo { interaction: interaction(1), message }));
    if let Some(load) = under_way {
        let page = TranscriptPage { messages, sessions: Vec::new(), older: true, newer: true };
        end(&mut desk, Outcome::Loaded { load, kept: false, result: Ok(page) });
    }
    let mut new = Thread::new(1, "Marta Szkoła", 10);
    new.pause(1);
    for number in 1..=3 {
        new.wrote(&format!("New, number {number}"));
    }
    tell(&mut desk, new.messages().iter().cloned().map(added).collect());
    Page::new("around-further-up", SIZE, desk)
}

fn search() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    for text in ["Where is my parcel?", "The *parcel* of Tuesday", "PARCEL parcel", "Something else"] {
        thread.wrote(text);
    }
    thread.answered("Your parcel is here: https://example.com/parcel/1", Delivery::Read);
    let messages: Vec<_> = thread.messages().iter().rev().map(|message| message.id).collect();
    let mut desk = Table::with(vec![thread]).laid();
    let (interaction, words) = (interaction(1), "parcel".to_owned());
    ask(&mut desk, Command::Search { interaction, words: words.clone() });
    let hits = SearchHits { messages, more: true };
    end(&mut desk, Outcome::Searched { interaction, words, result: Ok(hits) });
    Page::new("around-search", SIZE, desk)
        .with([Gesture::Press(Modifiers::COMMAND, Key::F), Gesture::Write("parcel".to_owned())])
}

fn days() -> Page {
    let desk = table().laid();
    Page::new("around-days", [1000.0, 700.0], desk)
        .with([Gesture::Press(Modifiers::COMMAND, Key::F), Gesture::Click("Go to a day")])
}
