//! Workbins: the tree, the list, what is chosen; many at once, old, empty, on their way.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use waxwing_protocol::{
    agent::Colleague,
    api::TranscriptPage,
    contact::ContactAttribute,
    delivery::Delivery,
    event::EventPage,
    id::{AgentId, BusinessNumberId, InteractionId, WorkbinId},
    interaction::{CaseDatum, Interaction, Note, Phase, ServiceWindow, Stored},
    problem::{Problem, ProblemCode},
    workbin::{Changes, LastMessage, Place, PlaceInfo, Places, Right, WorkbinItem, WorkbinKind},
};

use super::Page;
use crate::{
    desk::{
        Desk,
        effect::Effect,
        input::{CallError, Command, Input, Outcome},
        workbins::deeds::{Deed, DeedCall},
    },
    gallery::{
        desk::{Table, Thread, agent, ago, ask, end, interaction, now, tell},
        stage::Gesture,
    },
};

const SIZE: [f32; 2] = [1440.0, 900.0];
/// To the workbins.
const THERE: Gesture = Gesture::Press(Modifiers::COMMAND, Key::Num2);
/// How the row of the first one is told.
const FIRST: &str = "Elena Petrova, +7 495";

pub(super) fn pages() -> Vec<Page> {
    vec![list(), beside(), notes(), facts(), moving(), many(), away(), empty(), coming(), narrow()]
}

fn bin(number: u8) -> WorkbinId {
    WorkbinId::new(now(), [number; 10])
}

fn place(number: u8) -> Place {
    Place::Workbin { workbin: bin(number) }
}

fn colleague(number: u8, name: &str) -> Colleague {
    Colleague { id: AgentId::new(now(), [number; 10]), display_name: name.to_owned() }
}

fn us() -> Colleague {
    Colleague { id: agent().id, display_name: agent().display_name }
}

fn info(number: u8, name: &str, whose: WorkbinKind) -> PlaceInfo {
    let (limit, stale_after_hours) = (None, Some(30));
    PlaceInfo {
        place: place(number),
        name: name.to_owned(),
        whose: Some(whose),
        right: Right::Take,
        limit,
        stale_after_hours,
    }
}

fn queue(number: u8, name: &str) -> PlaceInfo {
    let number = BusinessNumberId::new(now(), [number; 10]);
    let (limit, stale_after_hours) = (None, None);
    let right = Right::Take;
    PlaceInfo {
        place: Place::Queue { number },
        name: name.to_owned(),
        whose: None,
        right,
        limit,
        stale_after_hours,
    }
}

fn places() -> Places {
    let ours = || WorkbinKind::Personal { owner: us(), team: Some("Support".to_owned()) };
    let theirs = |number, name| WorkbinKind::Personal {
        owner: colleague(number, name),
        team: Some("Support".to_owned()),
    };
    let places = vec![
        info(1, "My WhatsApp workbin", ours()),
        info(2, "Follow-ups", ours()),
        info(3, "Suppliers", WorkbinKind::Shared),
        info(4, "Support", WorkbinKind::Team { team: "Support".to_owned() }),
        info(5, "M. Duarte", theirs(21, "M. Duarte")),
        info(6, "K. Novak", theirs(22, "K. Novak")),
        queue(1, "Orders"),
        queue(2, "Returns"),
    ];
    Places { places, own: Some(bin(1)) }
}

/// One thing in a workbin: who, their number, their segment, what they wrote, and how many minutes ago.
fn lying(
    number: u8,
    place: Place,
    (name, phone, segment): (&str, &str, &str),
    line: &str,
    minutes: i64,
) -> WorkbinItem {
    let since = now() - TimeDelta::minutes(minutes);
    let thread = Thread::new(number, name, minutes * 60);
    let mut interaction = Interaction { owner: None, ..thread.plain() };
    interaction.contact.whatsapp.phone = Some(phone.to_owned());
    if !segment.is_empty() {
        let key = "Segment".to_owned();
        interaction.contact.attributes = vec![ContactAttribute { key, value: segment.to_owned() }];
    }
    if let Place::Workbin { workbin } = place {
        interaction.phase = Phase::InWorkbin { workbin };
        interaction.stored = Some(Stored { since, by: Some(us()), comment: None, remind_at: None });
    }
    interaction.window = ServiceWindow { last_inbound_at: Some(since) };
    let last = Some(LastMessage { line: line.to_owned(), by_contact: true, at: since });
    WorkbinItem { interaction, place, last, unread: 0, last_agent: Some(us()) }
}

fn items() -> Vec<WorkbinItem> {
    let mut items = vec![
        lying(
            1,
            place(1),
            ("Elena Petrova", "74955550101", "Gold"),
            "Promised a call back about invoice 9921",
            130,
        ),
        lying(2, place(1), ("Ahmed Hassan", "20255550147", ""), "Waiting for the warehouse", 302),
        lying(3, place(1), ("Grace Kim", "8225550188", "Silver"), "明日写真を送ります", 465),
        lying(4, place(1), ("Tom Baker", "447700900321", ""), "Will send the serial number", 1620),
        lying(5, place(1), ("سارة العلي", "2341555012", "Gold"), "هل يمكنني تغيير العنوان؟", 1980),
        lying(6, place(2), ("Aisha Bello", "23415550123", "Gold"), "Asked for a discount, see note", 300),
        lying(7, place(5), ("Lucas Carvalho", "5511555019", ""), "Obrigado!", 40),
        lying(8, place(6), ("Priya Sharma", "919555012", ""), "धन्यवाद", 80),
        lying(9, place(4), ("Daniel Okafor", "234155509", ""), "Is anybody there?", 12),
        lying(
            10,
            Place::Queue { number: BusinessNumberId::new(now(), [1; 10]) },
            ("Marta Szkoła", "48555012", ""),
            "Dzień dobry",
            3,
        ),
    ];
    items[1].unread = 2;
    items[1].interaction.pending_since = Some(ago(45 * 60));
    items[2].interaction.pending_since = Some(ago(25));
    items[4].last_agent = Some(colleague(21, "M. Duarte"));
    if let Some(stored) = &mut items[3].interaction.stored {
        stored.remind_at = Some(ago(600));
    }
    let first = &mut items[0].interaction;
    first.case_data = vec![
        CaseDatum { key: "Order".to_owned(), value: "#48213".to_owned() },
        CaseDatum { key: "Invoice".to_owned(), value: "9921".to_owned() },
    ];
    let text = "Wants to be called back after 17:00, prefers Russian.".to_owned();
    first.note = Some(Note { text, revision: 1, by: "Jana Roth".to_owned(), at: ago(7200) });
    if let Some(stored) = &mut first.stored {
        stored.comment = Some("The invoice is with accounting.".to_owned());
    }
    items
}

/// The gateway says that there is something in the workbins.
fn hear(desk: &mut Desk) {
    desk.step(Input::Clock, now() + TimeDelta::seconds(5));
    let next = waxwing_protocol::event::Cursor { epoch: 1, number: 1 };
    end(
        desk,
        Outcome::Polled(Ok(EventPage::Events {
            events: Vec::new(),
            next,
            more: false,
            workbins: 1,
            now: now(),
        })),
    );
}

/// The gateway has told of these places and of what lies there.
pub(super) fn held(desk: &mut Desk, places: Places, items: Vec<WorkbinItem>) {
    hear(desk);
    let changes =
        Changes { view: 1, whole: true, places: Some(places), items, next: 1, ..Changes::default() };
    end(desk, Outcome::WorkbinsTold(Ok(Box::new(changes))));
}

/// A desk before which this lies.
fn laid(items: Vec<WorkbinItem>) -> Desk {
    let mut waiting = Thread::new(11, "Masha Ivanova", 300).waiting(38);
    waiting.wrote("Hi! My flowers have not arrived yet 🌷");
    let mut desk = Table::with(vec![waiting]).laid();
    held(&mut desk, places(), items);
    desk
}

/// The transcript of the first one.
fn said() -> TranscriptPage {
    let mut thread = Thread::new(1, "Elena Petrova", 7800);
    thread.wrote("Hello, invoice 9921 was charged twice.");
    thread.answered("Sorry to hear that. Is this the right one? https://shop.example/i/9921", Delivery::Read);
    thread.wrote("Yes, that is the one.");
    thread.answered("Accounting looks into it. May we call you back?", Delivery::Read);
    thread.wrote("Please do, after five.");
    TranscriptPage { messages: thread.messages().to_vec(), sessions: Vec::new(), older: false, newer: false }
}

/// The first one is read.
fn read(mut desk: Desk) -> Desk {
    let effects = ask(&mut desk, Command::Review(interaction(1)));
    let load = effects.into_iter().find_map(|effect| match effect {
        Effect::Load(load) => Some(load),
        _ => None,
    });
    if let Some(load) = load {
        end(&mut desk, Outcome::Loaded { load, kept: false, result: Ok(said()) });
    }
    desk
}

fn list() -> Page {
    Page::new("workbins-list", SIZE, read(laid(items()))).with([THERE, Gesture::Click(FIRST)])
}

fn notes() -> Page {
    Page::new("workbins-notes", SIZE, read(laid(items()))).with([
        THERE,
        Gesture::Click(FIRST),
        Gesture::Click("Notes"),
    ])
}

fn facts() -> Page {
    let gestures =
        [THERE, Gesture::Click(FIRST), Gesture::Click("Case data"), Gesture::Click("Edit case data…")];
    Page::new("workbins-case-data", SIZE, read(laid(items()))).with(gestures)
}

/// What was with the contact before is read in the place of what lies there.
fn beside() -> Page {
    let desk = super::history::with_past(read(laid(items())));
    Page::new("workbins-beside", SIZE, desk).with([THERE, Gesture::Click(FIRST)])
}

fn moving() -> Page {
    let gestures = [
        THERE,
        Gesture::Click(FIRST),
        Gesture::Click("Move to…"),
        Gesture::Click("Tomorrow 9:00"),
        Gesture::Click("Comment"),
        Gesture::Write("Accounting answers tomorrow.".to_owned()),
    ];
    Page::new("workbins-move", SIZE, read(laid(items()))).with(gestures)
}

/// Many were opened at once, and with one of them somebody was quicker.
fn many() -> Page {
    let mut desk = laid(items());
    ask(
        &mut desk,
        Command::InWorkbins { interactions: (1..=5).map(interaction).collect(), deed: Deed::Open },
    );
    let fail = |desk: &mut Desk, id: InteractionId, problem: Problem| {
        let call = DeedCall { interaction: id, deed: Deed::Open };
        end(desk, Outcome::WorkbinDeed { call, result: Err(CallError::Refused(problem)) });
    };
    fail(&mut desk, interaction(2), Problem::new(ProblemCode::Conflict, "M. Duarte has it."));
    fail(&mut desk, interaction(4), Problem::new(ProblemCode::Conflict, "K. Novak has it."));
    Page::new("workbins-many", SIZE, desk).with([THERE, Gesture::Press(Modifiers::COMMAND, Key::A)])
}

/// The gateway is away, and what was kept can be read.
fn away() -> Page {
    let mut desk = laid(items());
    desk.step(Input::Clock, now() + TimeDelta::seconds(10));
    let why = || CallError::Unreachable("there is no connection to the gateway".to_owned());
    end(&mut desk, Outcome::Polled(Err(why())));
    let effects = ask(&mut desk, Command::Review(interaction(1)));
    end(&mut desk, Outcome::Unsealed { interaction: interaction(1), kept: Some((said(), ago(7080))) });
    for effect in effects {
        if let Effect::Load(load) = effect {
            end(&mut desk, Outcome::Loaded { load, kept: false, result: Err(why()) });
        }
    }
    Page::new("workbins-away", SIZE, desk).with([THERE, Gesture::Click(FIRST)])
}

fn empty() -> Page {
    Page::new("workbins-empty", SIZE, laid(Vec::new())).with([THERE])
}

fn coming() -> Page {
    let mut desk = Table::with(Vec::new()).laid();
    tell(&mut desk, Vec::new());
    hear(&mut desk);
    Page::new("workbins-coming", SIZE, desk).with([THERE])
}

fn narrow() -> Page {
    Page::new("workbins-narrow", [780.0, 900.0], read(laid(items()))).with([THERE, Gesture::Click(FIRST)])
}
